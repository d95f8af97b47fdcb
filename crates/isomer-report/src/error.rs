//! What can go wrong with a report.

/// Why a report could not be written.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// The file.
    #[error("could not be written")]
    Write(#[from] std::io::Error),
    /// A value that has no form in JSON.
    #[error("holds what JSON cannot say")]
    Serialise(#[from] serde_json::Error),
}
