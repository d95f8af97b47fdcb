//! The Vendi score (Friedman and Dieng, *The Vendi Score*, arXiv 2210.02410): as many entirely
//! different vectors are as diverse as these.

use super::unit_columns;

/// The Vendi score of vectors of `columns` numbers, one after the other; `None` of none. Each is
/// scaled to length 1. It takes time with the cube of the number of vectors or of columns, whichever
/// is less.
#[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^52")]
pub fn vendi(rows: &[f32], columns: usize) -> Option<f64> {
    let vectors = unit_columns(rows, columns);
    let count = vectors.ncols();
    if count == 0 {
        return None;
    }
    let other = vectors.transpose();
    // Both have the same eigenvalues but for noughts.
    let products = if count < columns { other * vectors } else { vectors * other };
    let values = (products / count as f64).symmetric_eigenvalues();
    Some(vendi_of_shares(values.as_slice()))
}

/// The exponential of the entropy of shares; those that are not positive count as none.
pub fn vendi_of_shares(shares: &[f64]) -> f64 {
    let terms = shares.iter().filter(|share| **share > 0.0).map(|share| -share * share.ln());
    terms.sum::<f64>().exp()
}
