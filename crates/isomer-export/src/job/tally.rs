//! Counting what a format's graders said.

use std::collections::BTreeMap;

use isomer_record::JudgeMode;
use serde::{Deserialize, Serialize};

use crate::format::Format;
use crate::grade::Grade;
use crate::left_out::LeftOut;
use crate::trial::Trial;

/// What became of the tasks in one format.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// Tasks that were read.
    pub tasks: u64,
    /// Tasks that are in the export.
    pub exported: u64,
    /// Rows that were written.
    pub rows: u64,
    /// Tests that were written.
    pub tests: u64,
    /// Exported tasks whose reference reads its input in another way than it was written.
    pub adapted: u64,
    /// References that every grader accepts on what was written.
    pub references_accepted: u64,
    /// Wrong near-misses of all tasks.
    pub near_misses: u64,
    /// Wrong near-misses of exported tasks.
    pub near_misses_exported: u64,
    /// Of those, the ones that every grader rejects on what was written.
    pub near_misses_rejected: u64,
    /// References that every grader would accept if all tests were written as they are.
    pub references_accepted_unshaped: u64,
    /// Wrong near-misses that every grader would reject then.
    pub near_misses_rejected_unshaped: u64,
    /// Tasks that are not in the export, by reason.
    pub left_out: BTreeMap<String, u64>,
}

impl Tally {
    /// Counts a task with the tests that were written, or why there are none.
    pub(super) fn count(
        &mut self,
        format: Format,
        trial: &Trial,
        shaped: Result<&[usize], &LeftOut>,
    ) {
        let all: Vec<usize> = (0..trial.inputs.len()).collect();
        let wrong = trial.wrong().count() as u64;
        let (accepted, rejected) = said(format, trial, &all);
        self.tasks += 1;
        self.near_misses += wrong;
        self.references_accepted_unshaped += u64::from(accepted);
        self.near_misses_rejected_unshaped += rejected;
        match shaped {
            Ok(tests) => {
                let (accepted, rejected) = said(format, trial, tests);
                self.exported += 1;
                self.tests += tests.len() as u64;
                self.adapted += u64::from(trial.reference.adapted);
                self.references_accepted += u64::from(accepted);
                self.near_misses_exported += wrong;
                self.near_misses_rejected += rejected;
            }
            Err(left_out) => self.leave_out(left_out),
        }
    }

    /// Counts a line that is no task.
    pub(super) fn count_unreadable(&mut self, left_out: &LeftOut) {
        self.tasks += 1;
        self.leave_out(left_out);
    }

    fn leave_out(&mut self, left_out: &LeftOut) {
        *self.left_out.entry(left_out.reason.as_str().to_owned()).or_default() += 1;
    }
}

/// Whether every grader accepts the reference, and how many wrong programs every grader rejects.
fn said(format: Format, trial: &Trial, tests: &[usize]) -> (bool, u64) {
    let mode = trial.line.judge_mode;
    if !format.carries(mode) || !trial.has_tests() {
        return (false, 0);
    }
    if mode == JudgeMode::Pytest {
        return (trial.reference.is_right(), trial.wrong().count() as u64);
    }
    let graders = format.graders();
    let accepted = graders.iter().all(|grader| {
        grader.refuses(mode, &trial.reference).is_none()
            && grader.grade_all(trial, &trial.reference, tests) == Grade::Accepts
    });
    let rejected = trial
        .wrong()
        .filter(|(_, program)| {
            graders.iter().all(|grader| grader.grade_all(trial, program, tests) == Grade::Rejects)
        })
        .count() as u64;
    (accepted, rejected)
}
