//! Going through seed files, one seed at a time.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::vec;

use isomer_record::{Origin, Seed};
use serde_json::Value;

use super::fault::{BadRow, Reason, SeedError};
use super::fields::seed_in;
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

/// An iterator over the seeds of files, folders and standard input.
///
/// Rows that are no seeds come out as [`BadRow`] in their place, and reading goes on after them.
/// Reading blocks; give it a thread of its own.
pub struct SeedReader {
    files: vec::IntoIter<PathBuf>,
    skipped: Vec<PathBuf>,
    settings: SeedSettings,
    current: Option<(String, Rows)>,
}

impl SeedReader {
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

    /// Files inside named folders that are not read because their names do not end like seeds'.
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
        match rows_of(Box::new(source), settings) {
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

impl Iterator for SeedReader {
    type Item = Result<Seed, BadRow>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let Some((file, rows)) = &mut self.current else {
                let path = self.files.next()?;
                let file = path.display().to_string();
                match source_of(&path).and_then(|source| rows_of(source, self.settings)) {
                    Ok(rows) => self.current = Some((file, rows)),
                    Err(reason) => return Some(Err(BadRow { file, row: None, reason })),
                }
                continue;
            };
            match rows.advance() {
                Ok(Some(row)) => return Some(seed_of(file, row, rows.bytes())),
                Ok(None) => self.current = None,
                Err(reason) => {
                    return Some(Err(BadRow { file: file.clone(), row: None, reason }));
                }
            }
        }
    }
}

fn source_of(path: &Path) -> Result<Box<dyn Read + Send>, Reason> {
    if is_stdin(path) {
        return Ok(Box::new(io::stdin()));
    }
    let file = File::open(path).map_err(|error| Reason::Unreadable { error: error.to_string() })?;
    Ok(Box::new(file))
}

fn rows_of(source: Box<dyn Read + Send>, settings: SeedSettings) -> Result<Rows, Reason> {
    Rows::open(Input::open(source)?, settings.row_limit)
}

fn seed_of(file: &str, row: Row, bytes: &[u8]) -> Result<Seed, BadRow> {
    let origin = Origin { file: file.to_owned(), row: row.number };
    let seed = match row.trouble {
        Some(reason) => Err(reason),
        None => {
            parse(bytes, row.offset).and_then(|value| seed_in(&value, row.key.as_deref(), origin))
        }
    };
    seed.map_err(|reason| BadRow { file: file.to_owned(), row: Some(row.number), reason })
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
