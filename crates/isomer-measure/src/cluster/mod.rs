//! Seeded k-means on rows of floats.
//!
//! Rejected: `linfa-clustering`, which brings a hundred further crates and an older `rand`, for what
//! is a page of arithmetic once one wants draws that repeat.

mod kmeans;
mod matrix;

pub use kmeans::{Clusters, KMeans};
pub(crate) use matrix::dot;
pub use matrix::{Matrix, MatrixError};

/// Number of clusters for `items` items: the square root, at least 2 and at most 10, and never more
/// than there are items.
pub fn usual_clusters(items: usize) -> usize {
    items.isqrt().clamp(2, 10).min(items)
}

#[cfg(test)]
mod tests;
