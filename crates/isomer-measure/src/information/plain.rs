//! The plug-in estimates.

use super::table::{Items, shared, tally};

/// Entropy of the labels, in nats: `-Σ p ln p` (Shannon 1948). No labels have no entropy.
pub fn entropy(labels: &[usize]) -> f64 {
    tally(&[labels], Items::First(labels.len())).entropy
}

/// Mutual information of two labellings of the same items, in nats: `H(X) + H(Y) - H(X, Y)`, at
/// least 0. Items beyond the shorter labelling are left out.
pub fn mutual_information(x: &[usize], y: &[usize]) -> f64 {
    shared(x, y, None, Items::First(x.len()), |tally| tally.entropy).max(0.0)
}

/// Mutual information of `x` and `y` where `z` is known, in nats:
/// `H(X, Z) + H(Y, Z) - H(X, Y, Z) - H(Z)`, at least 0. Items beyond the shortest labelling are left
/// out.
pub fn conditional_mutual_information(x: &[usize], y: &[usize], z: &[usize]) -> f64 {
    shared(x, y, Some(z), Items::First(x.len()), |tally| tally.entropy).max(0.0)
}
