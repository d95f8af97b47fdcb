//! The plug-in estimates.

use std::collections::HashMap;
use std::hash::Hash;

/// Entropy of the labels, in nats: `-Σ p ln p` (Shannon 1948). No labels have no entropy.
pub fn entropy(labels: &[usize]) -> f64 {
    entropy_of(labels.iter().copied())
}

/// Mutual information of two labellings of the same items, in nats: `H(X) + H(Y) - H(X, Y)`. Items
/// beyond the shorter labelling are left out.
pub fn mutual_information(x: &[usize], y: &[usize]) -> f64 {
    let joint = entropy_of(x.iter().zip(y));
    let length = x.len().min(y.len());
    (entropy(&x[..length]) + entropy(&y[..length]) - joint).max(0.0)
}

/// Mutual information of `x` and `y` where `z` is known, in nats:
/// `H(X, Z) + H(Y, Z) - H(X, Y, Z) - H(Z)`. Items beyond the shortest labelling are left out.
pub fn conditional_mutual_information(x: &[usize], y: &[usize], z: &[usize]) -> f64 {
    let length = x.len().min(y.len()).min(z.len());
    let (x, y, z) = (&x[..length], &y[..length], &z[..length]);
    let with_x = entropy_of(x.iter().zip(z));
    let with_y = entropy_of(y.iter().zip(z));
    let all = entropy_of(x.iter().zip(y).zip(z));
    (with_x + with_y - all - entropy(z)).max(0.0)
}

fn entropy_of<L: Hash + Eq>(labels: impl Iterator<Item = L>) -> f64 {
    let mut counts = HashMap::new();
    for label in labels {
        *counts.entry(label).or_insert(0_u32) += 1;
    }
    let total: f64 = counts.values().copied().map(f64::from).sum();
    let mut terms: Vec<_> = counts.into_values().collect();
    // Sums of floats depend on their order, and the order of a hash map on the process.
    terms.sort_unstable();
    terms.into_iter().map(|count| f64::from(count) / total).map(|share| -share * share.ln()).sum()
}
