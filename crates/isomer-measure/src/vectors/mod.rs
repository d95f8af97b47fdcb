//! Many vectors at once: nearest neighbours by cosine, the Vendi score, principal components.
//!
//! Rows of floats lie one after the other in one slice. Products of large matrices and eigenvalues
//! are those of `nalgebra`. Rejected: `faer`, which is faster on matrices larger than ours, for three
//! times as many further crates.

mod components;
mod gram;
mod nearest;
mod vendi;

pub use components::Components;
pub use gram::Gram;
pub use nearest::{Neighbour, nearest_few, offer};
pub use vendi::{vendi, vendi_of_shares};

/// The vector of the same direction and of length 1, computed in double precision; `None` where there
/// is no direction, or a number is not finite.
pub fn unit(vector: &[f32]) -> Option<Vec<f32>> {
    let length = length(vector);
    #[expect(clippy::cast_possible_truncation, reason = "numbers between -1 and 1")]
    let scaled = |number: &f32| (f64::from(*number) / length) as f32;
    (length > 0.0 && length.is_finite()).then(|| vector.iter().map(scaled).collect())
}

/// Euclidean length.
fn length(vector: &[f32]) -> f64 {
    vector.iter().map(|number| f64::from(*number).powi(2)).sum::<f64>().sqrt()
}

/// Scalar product in double precision, in the order of the numbers: the same on every machine.
fn dot(one: &[f32], other: &[f32]) -> f64 {
    one.iter().zip(other).map(|(one, other)| f64::from(*one) * f64::from(*other)).sum()
}

/// Rows scaled to length 1, in double precision, as the columns of a matrix; those without a direction
/// are 0.
fn unit_columns(rows: &[f32], columns: usize) -> nalgebra::DMatrix<f64> {
    let count = rows.len() / columns.max(1);
    let mut numbers = Vec::with_capacity(rows.len());
    for row in rows.chunks_exact(columns.max(1)) {
        let length = length(row);
        let scale = if length > 0.0 { length } else { 1.0 };
        numbers.extend(row.iter().map(|number| f64::from(*number) / scale));
    }
    nalgebra::DMatrix::from_vec(columns, count, numbers)
}

#[cfg(test)]
mod tests;
