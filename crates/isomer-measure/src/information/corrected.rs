//! Estimates with the correction of Miller and Madow.

use super::table::{Items, Tally, shared, tally};

/// Entropy with the first-order bias taken away, in nats: the plug-in value plus `(m - 1) / 2n` for
/// `m` labels that occur among `n` items (Miller, *Note on the bias of information estimates*, 1955).
pub fn corrected_entropy(labels: &[usize]) -> f64 {
    correct(tally(&[labels], Items::First(labels.len())))
}

/// Mutual information from corrected entropies, in nats. May be below 0 where there is none.
pub fn corrected_mutual_information(x: &[usize], y: &[usize]) -> f64 {
    shared(x, y, None, Items::First(x.len()), correct)
}

/// Conditional mutual information from corrected entropies, in nats. May be below 0 where there is
/// none; far too high still where most cells of the table are empty.
pub fn corrected_conditional_mutual_information(x: &[usize], y: &[usize], z: &[usize]) -> f64 {
    shared(x, y, Some(z), Items::First(x.len()), correct)
}

pub(super) fn correct(tally: Tally) -> f64 {
    if tally.cells == 0 {
        return 0.0;
    }
    #[expect(clippy::cast_precision_loss, reason = "cells stay far below 2^52")]
    let cells = (tally.cells - 1) as f64;
    tally.entropy + cells / (2.0 * tally.items)
}
