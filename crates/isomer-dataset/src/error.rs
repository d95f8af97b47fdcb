//! What can be wrong with a file of rows, in words meant for its owner.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// Problems that are shown before the rest is only counted.
const SHOWN: usize = 10;

/// Why a file cannot be worked with.
#[derive(Debug, thiserror::Error)]
pub enum DatasetError {
    /// The system refused.
    #[error("failed to {action} `{}`", .path.display())]
    Io {
        /// What was attempted.
        action: &'static str,
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A line cannot be read, because the file is damaged or the line too large.
    #[error("failed to read line {line} of `{}`", .path.display())]
    Line {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: u64,
        /// Why.
        source: io::Error,
    },
    /// The file is of a kind that holds no lines.
    #[error("`{}` is {kind}, not JSON lines", .path.display())]
    OtherKind {
        /// The file.
        path: PathBuf,
        /// The kind, with its article.
        kind: &'static str,
    },
    /// Lines that make no sense.
    #[error("{problems}")]
    Lines {
        /// What is wrong with which line.
        problems: Problems,
    },
    /// Results on disk that do not belong to what is to be judged.
    #[error("`{}`, line {line}: {detail}", .path.display())]
    OtherResults {
        /// The file of results.
        path: PathBuf,
        /// Its line, from 1.
        line: u64,
        /// In what they differ.
        detail: String,
    },
    /// A measurement that does not tell which tests kill which mutants.
    #[error("`{}` does not tell of any mutant which tests kill it", .path.display())]
    NoKills {
        /// The file that should.
        path: PathBuf,
    },
    /// Another process is writing the same file.
    #[error("another process writes `{}`", .path.display())]
    Busy {
        /// The file.
        path: PathBuf,
    },
}

impl DatasetError {
    /// Wraps an error of the system.
    pub(crate) fn io(action: &'static str, path: &Path) -> impl Fn(io::Error) -> Self + use<> {
        let path = path.to_owned();
        move |source| Self::Io { action, path: path.clone(), source }
    }

    /// What a user can do about it, where something is known.
    pub fn help(&self) -> Option<&'static str> {
        match self {
            Self::OtherKind { .. } => Some("write it as JSON lines, plain or with gzip or zstd"),
            Self::OtherResults { .. } => {
                Some("name another file with --output, or remove this one to judge anew")
            }
            Self::NoKills { .. } => Some(
                "name the `tasks.measures.jsonl` that `isomer measure --every-test` wrote for \
                 these tasks",
            ),
            Self::Busy { .. } => Some("wait for it, or name another file with --output"),
            Self::Io { .. } | Self::Line { .. } | Self::Lines { .. } => None,
        }
    }
}

/// A line that makes no sense.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The line, from 1.
    pub line: u64,
    /// What is wrong with it.
    pub what: String,
}

/// The lines of one file that make no sense: the first few, and how many there are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problems {
    path: PathBuf,
    first: Vec<Problem>,
    count: u64,
}

impl Problems {
    /// None so far.
    pub(crate) fn of(path: &Path) -> Self {
        Self { path: path.to_owned(), first: Vec::new(), count: 0 }
    }

    pub(crate) fn add(&mut self, line: u64, what: impl Into<String>) {
        self.count += 1;
        if self.first.len() < SHOWN {
            self.first.push(Problem { line, what: what.into() });
        }
    }

    /// An error if there are any.
    pub(crate) fn check(self) -> Result<(), DatasetError> {
        if self.count == 0 { Ok(()) } else { Err(DatasetError::Lines { problems: self }) }
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path.display();
        if let ([only], 1) = (self.first.as_slice(), self.count) {
            return write!(formatter, "`{path}`, line {}: {}", only.line, only.what);
        }
        write!(formatter, "`{path}` has {} lines that cannot be used", self.count)?;
        for problem in &self.first {
            write!(formatter, "\nline {}: {}", problem.line, problem.what)?;
        }
        let more = self.count - self.first.len() as u64;
        if more > 0 {
            write!(formatter, "\n… and {more} more")?;
        }
        Ok(())
    }
}
