//! What stops a run without being an ending.

use std::io;
use std::path::PathBuf;

use isomer_store::StoreError;
use thiserror::Error;

use crate::pack::PackError;
use crate::seeds::BadRow;

/// A failure that no further item could escape.
#[derive(Debug, Error)]
pub enum FlowError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A prompt of the pack cannot be rendered.
    #[error(transparent)]
    Pack(#[from] PackError),
    /// A row is not a seed and the user wants to hear of it before anything is paid.
    #[error("{0}")]
    BadRow(Box<BadRow>),
    /// Two rows have the same id and the user wants to hear of it before anything is paid.
    #[error("{0}")]
    RepeatedSeed(String),
    /// Too few seeds to draw references from.
    #[error("only {usable} usable seeds, at least {needed} are needed")]
    TooFewSeeds {
        /// Usable seeds.
        usable: u64,
        /// The fewest a run can start with.
        needed: u64,
    },
    /// The run has seeds but their reading was never finished.
    #[error("the seeds of this run were never completely read")]
    NoSeeds,
    /// A file of the run cannot be written.
    #[error("failed to {action} `{}`", path.display())]
    Io {
        /// What was tried.
        action: &'static str,
        /// The file.
        path: PathBuf,
        /// The operating system's error.
        source: io::Error,
    },
    /// A record cannot be read or written as JSON.
    #[error("bad record of {what}")]
    Record {
        /// What it should be.
        what: &'static str,
        /// The reason.
        source: serde_json::Error,
    },
    /// A stage panicked: a defect of this program.
    #[error("a task ended abnormally")]
    Task(#[from] tokio::task::JoinError),
}

impl FlowError {
    /// What the user can do about it, where something is known.
    pub fn help(&self) -> Option<&str> {
        match self {
            Self::Pack(error) => error.help.as_deref(),
            Self::TooFewSeeds { .. } => {
                Some("name more seed files, or see the warnings about rows that were skipped")
            }
            Self::BadRow(_) | Self::RepeatedSeed(_) => {
                Some("mend the row, or leave out the strict flag to skip such rows")
            }
            _ => None,
        }
    }

    pub(crate) fn io(
        action: &'static str,
        path: impl Into<PathBuf>,
    ) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io { action, path, source }
    }

    pub(crate) fn record(what: &'static str) -> impl FnOnce(serde_json::Error) -> Self {
        move |source| Self::Record { what, source }
    }
}
