//! Why a dataset cannot be measured.

use std::io;

/// What ends a measurement.
#[derive(Debug, thiserror::Error)]
pub enum MeasureError {
    /// Sketches that do not fit into memory could not be kept beside it.
    #[error("failed to keep what is compared on disk")]
    Io(#[from] io::Error),
    /// Vectors of one embedder are of one length.
    #[error("the vector of `{id}` has {found} numbers, others have {wanted}")]
    Columns {
        /// Of which task or row.
        id: String,
        /// Numbers of other vectors.
        wanted: usize,
        /// Numbers of this one.
        found: usize,
    },
    /// A vector that points nowhere cannot be compared.
    #[error("the vector of `{id}` has no direction, or a number that is not finite")]
    Direction {
        /// Of which task or row.
        id: String,
    },
}
