//! The file of results: a line for each solution, in the order of the solutions.
//!
//! A line is written by one call and holds nothing that depends on time, so that a run that was
//! killed and begun again leaves the same bytes as one that was not.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};

use isomer_record::Verdict;
use serde::{Deserialize, Serialize};

use crate::error::Problems;
use crate::torn::open_whole_lines;
use crate::{DatasetError, Lines};

/// One line of results.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Judged {
    /// The solution's place among all solutions, from 1.
    pub row: u64,
    /// The task's id.
    pub task_id: String,
    /// The solution's own id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Whether it was known to be right.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<bool>,
    /// What the tests say.
    pub verdict: Verdict,
    /// The first test that it fails, from 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub test: Option<usize>,
    /// Tests of the task.
    pub tests: usize,
    /// How it failed, unless by a wrong answer.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub detail: String,
    /// Digest of task, source and conditions.
    pub key: String,
}

impl Judged {
    /// Whether the tests accept the solution.
    pub fn accepted(&self) -> bool {
        self.verdict == Verdict::Accepted
    }
}

/// The file while it is written. It is locked as long as this lives.
#[derive(Debug)]
pub struct Results {
    path: PathBuf,
    file: File,
    /// By row: whether there is a line already.
    done: Vec<bool>,
}

pub(super) fn shown(key: u64) -> String {
    format!("{key:016x}")
}

impl Results {
    /// Opens the file and reads which rows are done; half a line at its end is cut off. Blocks.
    ///
    /// # Errors
    ///
    /// If another process writes it, or if a line belongs to another solution than the row's.
    pub(super) fn open(path: &Path, keys: &[u64]) -> Result<Self, DatasetError> {
        let (file, _) = open_whole_lines(path)?;
        let mut done = vec![false; keys.len()];
        let mut lines = Lines::open(path)?;
        while let Some(line) = lines.advance()? {
            let other = |detail: String| DatasetError::OtherResults {
                path: path.to_owned(),
                line: line.number,
                detail,
            };
            let judged: Judged = serde_json::from_slice(line.bytes)
                .map_err(|error| other(format!("not a result: {error}")))?;
            let row = usize::try_from(judged.row).unwrap_or_default().wrapping_sub(1);
            match keys.get(row) {
                None => return Err(other(format!("there is no solution {}", judged.row))),
                Some(key) if shown(*key) != judged.key => {
                    let row = judged.row;
                    let detail =
                        format!("solution {row}, its task or the conditions are others now");
                    return Err(other(detail));
                }
                Some(_) => done[row] = true,
            }
        }
        Ok(Self { path: path.to_owned(), file, done })
    }

    pub(super) fn is_done(&self, row: u64) -> bool {
        let index = usize::try_from(row).unwrap_or_default().wrapping_sub(1);
        self.done.get(index).copied().unwrap_or(false)
    }

    /// Rows that need not be judged again.
    pub fn done(&self) -> u64 {
        self.done.iter().filter(|done| **done).count() as u64
    }

    pub(super) fn append(&mut self, judged: &Judged) -> Result<(), DatasetError> {
        let fail = |action| DatasetError::io(action, &self.path);
        let mut line = serde_json::to_vec(judged).map_err(|error| fail("write")(error.into()))?;
        line.push(b'\n');
        self.file.write_all(&line).map_err(fail("write"))
    }

    /// Makes sure that all is on disk.
    pub(super) fn finish(self) -> Result<(), DatasetError> {
        self.file.sync_all().map_err(DatasetError::io("sync", &self.path))
    }
}

/// Goes through the lines of a complete file.
pub(super) fn for_each(path: &Path, mut on: impl FnMut(Judged)) -> Result<(), DatasetError> {
    let file = File::open(path).map_err(DatasetError::io("read", path))?;
    let mut reader = BufReader::new(file);
    let mut problems = Problems::of(path);
    let mut bytes = Vec::new();
    let mut number = 0;
    loop {
        bytes.clear();
        number += 1;
        let read = reader.read_until(b'\n', &mut bytes);
        if read.map_err(DatasetError::io("read", path))? == 0 {
            return problems.check();
        }
        match serde_json::from_slice(&bytes) {
            Ok(judged) => on(judged),
            Err(error) => problems.add(number, format!("not a result: {error}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use isomer_record::Verdict;

    use super::{Judged, Results, shown};
    use crate::DatasetError;

    fn judged(row: u64, key: u64) -> Judged {
        Judged {
            row,
            task_id: "t".to_owned(),
            id: None,
            label: Some(true),
            verdict: Verdict::Accepted,
            test: None,
            tests: 3,
            detail: String::new(),
            key: shown(key),
        }
    }

    #[test]
    fn half_a_line_is_cut_off_and_the_rest_is_done() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out.jsonl");
        let mut results = Results::open(&path, &[7, 8, 9]).unwrap();
        results.append(&judged(1, 7)).unwrap();
        results.append(&judged(3, 9)).unwrap();
        results.finish().unwrap();
        let whole = std::fs::read(&path).unwrap();
        let first = whole.iter().position(|byte| *byte == b'\n').unwrap() + 1;
        for length in [whole.len() - 1, first + 1, first, 1, 0] {
            std::fs::write(&path, &whole[..length]).unwrap();
            let results = Results::open(&path, &[7, 8, 9]).unwrap();
            assert_eq!(results.done(), u64::from(length >= first));
            assert_eq!(results.is_done(1), length >= first);
            assert!(!results.is_done(2) && !results.is_done(3) && !results.is_done(0));
        }
    }

    #[test]
    fn results_of_other_solutions_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out.jsonl");
        let mut results = Results::open(&path, &[7, 8]).unwrap();
        assert!(matches!(Results::open(&path, &[7, 8]), Err(DatasetError::Busy { .. })));
        results.append(&judged(2, 8)).unwrap();
        results.finish().unwrap();
        for keys in [&[7][..], &[7, 6]] {
            let error = Results::open(&path, keys).unwrap_err();
            assert!(matches!(error, DatasetError::OtherResults { line: 1, .. }), "{error}");
        }
        assert_eq!(Results::open(&path, &[0, 8]).unwrap().done(), 1);
    }
}
