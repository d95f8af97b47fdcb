//! Going through seed files, one seed at a time.

#[cfg(test)]
use std::io::Read;
use std::path::PathBuf;

use isomer_record::Seed;

use super::fault::{BadRow, SeedError};
use super::fields::seed_in;
use super::row_reader::{DataRow, RowReader, SeedSettings};

/// An iterator over the seeds of files, folders and standard input.
///
/// Rows that are no seeds come out as [`BadRow`] in their place, and reading goes on after them.
/// Reading blocks; give it a thread of its own.
pub struct SeedReader {
    rows: RowReader,
}

impl SeedReader {
    /// Prepares to read, as [`RowReader::open`](super::RowReader::open) does.
    pub fn open(paths: &[PathBuf], settings: SeedSettings) -> Result<Self, SeedError> {
        Ok(Self { rows: RowReader::open(paths, settings)? })
    }

    /// Files inside named folders that are not read because their names do not end like seeds'.
    pub fn skipped_files(&self) -> &[PathBuf] {
        self.rows.skipped_files()
    }

    /// A reader of one source that is no file.
    #[cfg(test)]
    pub(super) fn over(
        source: impl Read + Send + 'static,
        settings: SeedSettings,
    ) -> Result<Self, BadRow> {
        Ok(Self { rows: RowReader::over(source, settings)? })
    }
}

impl Iterator for SeedReader {
    type Item = Result<Seed, BadRow>;

    fn next(&mut self) -> Option<Self::Item> {
        Some(self.rows.next()?.and_then(seed_of))
    }
}

fn seed_of(row: DataRow) -> Result<Seed, BadRow> {
    let (file, number) = (row.origin.file.clone(), row.origin.row);
    seed_in(&row.value, row.key.as_deref(), row.origin).map_err(|reason| BadRow {
        file,
        row: Some(number),
        reason,
    })
}
