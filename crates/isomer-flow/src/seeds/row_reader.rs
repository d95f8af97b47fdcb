//! Going through files, one row at a time.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::vec;

use isomer_export::{ParquetFault, ParquetRows, is_package, is_parquet, package};
use isomer_record::Origin;
use serde_json::Value;

use super::fault::{BadRow, Reason, SeedError};
use super::files::{expand, is_stdin};
use super::input::Input;
use super::rows::{Row, Rows};

/// How seed files are read.
#[derive(Clone, Copy, Debug)]
pub struct SeedSettings {
    /// Largest row in bytes; larger ones are passed over without being held. Memory use is a small
    /// multiple of the largest row, whatever the size of the files.
    pub row_limit: usize,
}

impl Default for SeedSettings {
    /// Rows of up to 16 MiB.
    fn default() -> Self {
        Self { row_limit: 16 * 1024 * 1024 }
    }
}

/// A row as it is.
#[derive(Clone, Debug, PartialEq)]
pub struct DataRow {
    /// Where it was read.
    pub origin: Origin,
    /// Its name in an object of objects.
    pub key: Option<String>,
    /// What it says.
    pub value: Value,
}

/// An iterator over the rows of files, folders and standard input.
///
/// Rows that cannot be read come out as [`BadRow`] in their place, and reading goes on after them.
/// Reading blocks; give it a thread of its own.
pub struct RowReader {
    files: vec::IntoIter<PathBuf>,
    skipped: Vec<PathBuf>,
    settings: SeedSettings,
    current: Option<(String, Source)>,
}

enum Source {
    Json(Rows),
    Parquet(ParquetRows, u64),
    Package(Option<Box<Value>>),
}

impl RowReader {
    /// Prepares to read `paths` in their order; `-` is standard input, and folders are read
    /// recursively, sorted by name.
    ///
    /// Fails if a path is missing or unreadable, or a folder has nothing to read, so that a
    /// misspelt path is known at once. No row has been read then.
    pub fn open(paths: &[PathBuf], settings: SeedSettings) -> Result<Self, SeedError> {
        let files = expand(paths)?;
        let skipped = files.skipped;
        Ok(Self { files: files.named.into_iter(), skipped, settings, current: None })
    }

    /// Files inside named folders that are not read because of their names.
    pub fn skipped_files(&self) -> &[PathBuf] {
        &self.skipped
    }

    /// A reader of one source that is no file.
    #[cfg(test)]
    pub(super) fn over(
        source: impl Read + Send + 'static,
        settings: SeedSettings,
    ) -> Result<Self, BadRow> {
        let file = "-".to_owned();
        match json_rows(Box::new(source), settings) {
            Ok(rows) => Ok(Self {
                files: Vec::new().into_iter(),
                skipped: Vec::new(),
                settings,
                current: Some((file, rows)),
            }),
            Err(reason) => Err(BadRow { file, row: None, reason }),
        }
    }
}

impl Iterator for RowReader {
    type Item = Result<DataRow, BadRow>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let Some((file, source)) = &mut self.current else {
                let path = self.files.next()?;
                let file = path.display().to_string();
                match open(&path, self.settings) {
                    Ok(source) => self.current = Some((file, source)),
                    Err(reason) => return Some(Err(BadRow { file, row: None, reason })),
                }
                continue;
            };
            match source.advance(file) {
                Some(row) => return Some(row),
                None => self.current = None,
            }
        }
    }
}

impl Source {
    fn advance(&mut self, file: &str) -> Option<Result<DataRow, BadRow>> {
        let origin = |row| Origin { file: file.to_owned(), row };
        let bad = |row, reason| BadRow { file: file.to_owned(), row, reason };
        match self {
            Self::Json(rows) => match rows.advance() {
                Ok(Some(row)) => {
                    let number = row.number;
                    Some(
                        json_row(origin(number), row, rows.bytes())
                            .map_err(|reason| bad(Some(number), reason)),
                    )
                }
                Ok(None) => None,
                Err(reason) => Some(Err(bad(None, reason))),
            },
            Self::Parquet(rows, number) => {
                *number += 1;
                let row = rows.next()?;
                let row = row.map(|value| DataRow { origin: origin(*number), key: None, value });
                Some(row.map_err(|fault| bad(None, parquet_reason(&fault))))
            }
            Self::Package(value) => {
                let value = value.take()?;
                Some(Ok(DataRow { origin: origin(1), key: None, value: *value }))
            }
        }
    }
}

fn open(path: &Path, settings: SeedSettings) -> Result<Source, Reason> {
    let unreadable = |error: io::Error| Reason::Unreadable { error: error.to_string() };
    if is_stdin(path) {
        return json_rows(Box::new(io::stdin()), settings);
    }
    if is_package(path) {
        let value = package(path).map_err(|error| Reason::Package { error: error.to_string() })?;
        return Ok(Source::Package(Some(Box::new(value))));
    }
    // Whatever is no plain file may be read once only.
    if path.is_file() && is_parquet(path).map_err(unreadable)? {
        let rows = ParquetRows::open(path).map_err(|fault| parquet_reason(&fault))?;
        return Ok(Source::Parquet(rows, 0));
    }
    json_rows(Box::new(File::open(path).map_err(unreadable)?), settings)
}

fn json_rows(source: Box<dyn Read + Send>, settings: SeedSettings) -> Result<Source, Reason> {
    Ok(Source::Json(Rows::open(Input::open(source)?, settings.row_limit)?))
}

fn parquet_reason(fault: &ParquetFault) -> Reason {
    match fault {
        ParquetFault::Unreadable(error) => Reason::Unreadable { error: error.to_string() },
        ParquetFault::Damaged(_) => Reason::Parquet { error: fault.to_string() },
    }
}

fn json_row(origin: Origin, row: Row, bytes: &[u8]) -> Result<DataRow, Reason> {
    match row.trouble {
        Some(reason) => Err(reason),
        None => Ok(DataRow { origin, key: row.key, value: parse(bytes, row.offset)? }),
    }
}

fn parse(bytes: &[u8], offset: u64) -> Result<Value, Reason> {
    let text = str::from_utf8(bytes)
        .map_err(|error| Reason::NotUtf8 { offset: offset + error.valid_up_to() as u64 })?;
    serde_json::from_str(text).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        let message = error.to_string();
        let place = format!(" at line {line} column {column}");
        let error = message.strip_suffix(&place).unwrap_or(&message).to_owned();
        Reason::InvalidJson { error, line, column }
    })
}
