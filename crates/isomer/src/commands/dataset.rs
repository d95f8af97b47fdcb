//! Datasets that the user names: runs, and files of any known layout.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use isomer_export::Line;
use isomer_flow::dataset::FILE_NAME;
use isomer_flow::seeds::{BadRow, DataRow, RowReader, SeedError, SeedSettings};

use crate::exit::Exit;
use crate::failure::Failure;

/// Rows hold all tests of a task.
const LARGEST_ROW: usize = 256 << 20;

/// A dataset before its first line is read.
pub(super) struct Dataset {
    /// Its rows.
    pub(super) lines: Box<dyn Iterator<Item = Line>>,
    /// Changes when any of its files does.
    pub(super) identity: String,
}

/// Opens runs and files, in this order.
pub(super) fn open(paths: &[PathBuf]) -> Result<Dataset, Failure> {
    let files: Vec<PathBuf> = paths.iter().map(|path| tasks_of(path)).collect();
    let settings = SeedSettings { row_limit: LARGEST_ROW };
    let rows = RowReader::open(&files, settings).map_err(|error| unreadable(&error))?;
    let mut identity = String::new();
    for file in &files {
        let _ = writeln!(identity, "{}", describe(file));
    }
    Ok(Dataset { lines: Box::new(rows.map(line)), identity })
}

/// The tasks of a run; anything else is what it is.
pub(super) fn tasks_of(path: &Path) -> PathBuf {
    let tasks = path.join(FILE_NAME);
    if tasks.is_file() { tasks } else { path.to_path_buf() }
}

/// Name, size and time of change, as far as they are known.
fn describe(file: &Path) -> String {
    let full = std::fs::canonicalize(file).unwrap_or_else(|_| file.to_path_buf());
    let facts = std::fs::metadata(file).map(|facts| (facts.len(), facts.modified().ok())).ok();
    format!("{} {facts:?}", full.display())
}

fn line(row: Result<DataRow, BadRow>) -> Line {
    match row {
        Ok(DataRow { origin, value, .. }) => {
            Line { place: format!("{}:{}", origin.file, origin.row), value: Ok(value) }
        }
        Err(bad) => {
            let row = bad.row.map(|row| format!(":{row}")).unwrap_or_default();
            Line { place: format!("{}{row}", bad.file), value: Err(Box::new(bad)) }
        }
    }
}

fn unreadable(error: &SeedError) -> Failure {
    let failure = Failure::because("failed to read the dataset", error).exit(Exit::Usage);
    match error.help() {
        Some(help) => failure.help(help),
        None => failure,
    }
}
