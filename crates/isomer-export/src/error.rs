//! What can go wrong with an export itself; a task that cannot be exported is no error.

use std::io;
use std::path::{Path, PathBuf};

use isomer_sandbox::SandboxError;
use thiserror::Error;

/// Why an export ended early. What was judged until then is kept beside the target and used again.
#[derive(Debug, Error)]
pub enum ExportError {
    /// A file could not be read or written.
    #[error("failed to {action} `{}`", .path.display())]
    Io {
        /// What was tried.
        action: &'static str,
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A Parquet file could not be written.
    #[error("failed to write `{}` as Parquet", .path.display())]
    Parquet {
        /// The file.
        path: PathBuf,
        /// What the library said.
        source: parquet::errors::ParquetError,
    },
    /// A row does not have the columns of its format.
    #[error("a row does not fit the columns of the format")]
    Columns(#[from] arrow_schema::ArrowError),
    /// The notes of an earlier, unfinished export cannot be used.
    #[error("the notes in `{}` are damaged", .path.display())]
    Notes {
        /// The folder.
        path: PathBuf,
        /// What is wrong.
        source: serde_json::Error,
    },
    /// The sandbox failed.
    #[error("the sandbox failed")]
    Sandbox(#[from] SandboxError),
    /// Not one line of the dataset is a task.
    #[error("none of the {lines} lines is a task")]
    NoTasks {
        /// Lines that were read.
        lines: u64,
        /// What is wrong with the first.
        source: crate::job::Trouble,
    },
}

impl ExportError {
    /// An error of the system.
    pub(crate) fn io(
        action: &'static str,
        path: impl AsRef<Path>,
    ) -> impl FnOnce(io::Error) -> Self {
        let path = path.as_ref().to_path_buf();
        move |source| Self::Io { action, path, source }
    }

    /// What the user can do about it.
    pub fn help(&self) -> Option<&'static str> {
        match self {
            Self::Io { source, .. } if source.kind() == io::ErrorKind::StorageFull => {
                Some("make room and give the same command again: it goes on where it stopped")
            }
            Self::Notes { .. } => Some("remove that folder to start over"),
            Self::NoTasks { .. } => Some(
                "known are lines of `tasks.jsonl`, the export formats, HumanEval, MBPP, APPS, TACO, \
                 CodeContests, LiveCodeBench, BigCodeBench and Kattis packages",
            ),
            _ => None,
        }
    }
}
