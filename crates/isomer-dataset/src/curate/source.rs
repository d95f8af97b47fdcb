//! The rows of a file, each as a line: JSON lines as they came, rows of Parquet written as JSON.

use std::io;
use std::path::{Path, PathBuf};

use isomer_export::{ParquetFault, ParquetRows, is_parquet, whole};

use super::batch::Line;
use crate::{DatasetError, Lines};

/// A file of rows while it is read.
pub(super) enum Source {
    Lines(Lines),
    Parquet { path: PathBuf, rows: ParquetRows, number: u64 },
}

impl Source {
    /// Opens a file; what it is is told from its first bytes.
    pub(super) fn open(path: &Path) -> Result<Self, DatasetError> {
        let fail = DatasetError::io("read", path);
        // Whatever is no plain file may be read once only.
        if !path.is_file() || !is_parquet(path).map_err(&fail)? {
            return Ok(Self::Lines(Lines::open(path)?));
        }
        let rows = ParquetRows::open(path).map_err(|fault| fail(in_words(fault)))?;
        Ok(Self::Parquet { path: path.to_owned(), rows, number: 0 })
    }

    /// The next row, if there is one.
    pub(super) fn advance(&mut self) -> Result<Option<Line>, DatasetError> {
        match self {
            Self::Lines(lines) => Ok(lines
                .advance()?
                .map(|line| Line { number: line.number, bytes: line.bytes.to_vec() })),
            Self::Parquet { path, rows, number } => {
                let Some(row) = rows.next() else { return Ok(None) };
                *number += 1;
                let fail =
                    |source| DatasetError::Line { path: path.clone(), line: *number, source };
                let row = row.map_err(|fault| fail(in_words(fault)))?;
                let row = whole(&row).unwrap_or(row);
                let bytes = serde_json::to_vec(&row).map_err(|error| fail(error.into()))?;
                Ok(Some(Line { number: *number, bytes }))
            }
        }
    }
}

fn in_words(fault: ParquetFault) -> io::Error {
    match fault {
        ParquetFault::Unreadable(error) => error,
        damaged @ ParquetFault::Damaged(_) => io::Error::other(damaged),
    }
}
