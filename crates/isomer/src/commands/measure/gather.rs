//! Datasets of any maker, read as tasks.

use std::collections::BTreeSet;
use std::path::PathBuf;

use isomer_dataset::measure::Tasks;
use isomer_export::NoTask;
use isomer_flow::seeds::{BadRow, DataRow, RowReader, SeedError, SeedSettings, seed_in};
use isomer_record::{JudgeMode, TaskLine};
use serde_json::json;

use crate::commands::dataset;
use crate::exit::Exit;
use crate::failure::Failure;

/// Rows hold all tests of a task.
pub(super) const LARGEST_ROW: usize = 256 << 20;

/// Rows without a task that are told one by one.
const SHOWN: usize = 5;

/// What was read.
pub(super) struct Gathered {
    /// The tasks.
    pub(super) tasks: Tasks,
    /// Rows that are none.
    pub(super) unusable: u64,
    /// The first of them, and why.
    pub(super) complaints: Vec<String>,
    /// Packs that tasks name.
    pub(super) packs: BTreeSet<String>,
    /// How tasks are judged, as far as they have tests.
    pub(super) modes: Vec<JudgeMode>,
}

/// Reads all datasets. Blocks.
pub(super) fn gather(datasets: &[PathBuf]) -> Result<Gathered, Failure> {
    let files: Vec<PathBuf> = datasets.iter().map(|path| dataset::tasks_of(path)).collect();
    let mut rows = Rows {
        reader: RowReader::open(&files, SeedSettings { row_limit: LARGEST_ROW })
            .map_err(|error| unreadable(&error))?,
        unusable: 0,
        complaints: Vec::new(),
        packs: BTreeSet::new(),
        modes: Vec::new(),
        damaged: None,
    };
    let tasks = Tasks::gather(&mut rows, &tempfile::env::temp_dir())
        .map_err(|error| Failure::because("failed to lay out the dataset", &error))?;
    if let Some(bad) = rows.damaged {
        return Err(damaged(&bad));
    }
    let Rows { unusable, complaints, packs, modes, .. } = rows;
    if tasks.is_empty() {
        let mut failure = Failure::usage("the dataset holds no task");
        for complaint in complaints {
            failure = failure.cause(complaint);
        }
        return Err(failure.help("a row needs at least a statement; see `isomer measure --help`"));
    }
    Ok(Gathered { tasks, unusable, complaints, packs, modes })
}

/// Tasks out of rows; what is wrong with the others is noted on the way.
struct Rows {
    reader: RowReader,
    unusable: u64,
    complaints: Vec<String>,
    packs: BTreeSet<String>,
    modes: Vec<JudgeMode>,
    damaged: Option<BadRow>,
}

impl Iterator for &mut Rows {
    type Item = TaskLine;

    fn next(&mut self) -> Option<TaskLine> {
        loop {
            let (place, read) = match self.reader.next()? {
                Ok(row) => (format!("{}:{}", row.origin.file, row.origin.row), task(&row)),
                Err(bad) if bad.row.is_none() => {
                    // Half a file would be measured as if it were the whole.
                    self.damaged = Some(bad);
                    return None;
                }
                Err(bad) => (String::new(), Err(bad.to_string())),
            };
            match read {
                Ok(line) => {
                    self.note(&line);
                    return Some(line);
                }
                Err(why) => {
                    self.unusable += 1;
                    if self.complaints.len() < SHOWN {
                        let place = if place.is_empty() { place } else { format!("{place}: ") };
                        self.complaints.push(format!("{place}{why}"));
                    }
                }
            }
        }
    }
}

impl Rows {
    fn note(&mut self, line: &TaskLine) {
        if !self.packs.contains(&line.pack) {
            self.packs.insert(line.pack.clone());
        }
        let has_tests = line.tests.is_some() || line.pytest.is_some();
        if has_tests && !self.modes.contains(&line.judge_mode) {
            self.modes.push(line.judge_mode);
        }
    }
}

/// A row of a known layout is a task; any other that has a statement is one without tests.
fn task(row: &DataRow) -> Result<TaskLine, String> {
    match isomer_export::task(&row.value) {
        Err(NoTask::UnknownLayout { .. }) => {}
        read => return read.map_err(|error| error.to_string()),
    }
    let seed = seed_in(&row.value, row.key.as_deref(), row.origin.clone());
    let seed = seed.map_err(|reason| reason.to_string())?;
    let line = json!({
        "id": seed.id,
        "statement": seed.statement,
        "judge_mode": JudgeMode::Stdio,
        "solution": seed.solution.unwrap_or_default(),
    });
    serde_json::from_value(line).map_err(|error| error.to_string())
}

pub(super) fn unreadable(error: &SeedError) -> Failure {
    let failure = Failure::because("failed to read the dataset", error).exit(Exit::Usage);
    match error.help() {
        Some(help) => failure.help(help),
        None => failure,
    }
}

/// A file that cannot be read to its end.
pub(super) fn damaged(bad: &BadRow) -> Failure {
    let failure = Failure::because("failed to read the dataset", bad).exit(Exit::Usage);
    match bad.reason.help() {
        Some(help) => failure.help(help),
        None => failure,
    }
}
