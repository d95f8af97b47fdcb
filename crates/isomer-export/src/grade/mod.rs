//! What each consumer's grader says to a program: its own rule, over outputs that are already there.
//!
//! A rule is what the consumer's source says, mistakes included: how many tests it reads, how long it
//! waits, what it refuses to run, how it compares. The comparison of one test is in
//! [`isomer_sandbox::Profile`] where that knows it.

pub(crate) mod graders;
mod taco;

use isomer_record::{Comparison, JudgeMode, Verdict};
use isomer_sandbox::{Ending, Execution, Profile, judge, judge_as};
use serde_json::{Value, json};

use crate::source::Hindrance;
use crate::trial::{Program, Trial};

/// A consumer's grader.
#[derive(Debug)]
pub struct Grader {
    /// Its name, and that of its project.
    pub name: &'static str,
    /// How it compares.
    pub compare: Compare,
    /// What its way of running a program cannot cope with.
    pub hindered_by: &'static [Hindrance],
    /// The most tests it reads.
    pub reads: usize,
    /// Time for one test, in ms.
    pub test_ms: u64,
    /// Time for all tests, in ms.
    pub all_ms: u64,
    /// Programs with any of these words are never run.
    pub banned: &'static [&'static str],
}

/// How a grader compares an answer with the expected one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compare {
    /// As the task wants it: the rule travels with the row, or is left to the reader.
    Ours,
    /// As another grader that the sandbox knows.
    As(Profile),
    /// As `compare_std_results` and `execute_cb_code` of TACO.
    Taco,
    /// By executing `assert f(…) == …`.
    Asserts,
}

/// How the arguments of a function and its result are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Calls {
    /// One argument a line, as JSON; the result as JSON.
    JsonLines,
    /// One argument a line, as a Python literal; the result as JSON.
    Literals,
    /// A list of arguments; a list with the result.
    Values,
    /// A statement that fails unless the result is right.
    Asserts,
}

/// What a grader says to a program on one test.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grade {
    /// Right.
    Accepts,
    /// Wrong.
    Rejects,
    /// It depends on the machine, or was never tried.
    Uncertain,
}

/// A program that takes more than this share of a grader's time may run out of it elsewhere.
const SAFE_SHARE: u64 = 2;

impl Grader {
    /// What is said to a program on one test.
    pub fn grade(&self, trial: &Trial, program: &Program, test: usize) -> Grade {
        let (Some(execution), Some(expected)) = (program.runs.get(test), trial.expected.get(test))
        else {
            return Grade::Uncertain;
        };
        match execution.ending {
            Ending::NotRun => return Grade::Uncertain,
            Ending::TimeLimit => {
                // A machine half as fast again would still be too slow.
                let surely = execution.wall_ms.max(execution.cpu_ms) >= self.test_ms / 2 * 3;
                return if surely { Grade::Rejects } else { Grade::Uncertain };
            }
            _ => {}
        }
        if self.accepts(trial, execution, expected) {
            let hurried = execution.wall_ms * SAFE_SHARE > self.test_ms;
            if hurried { Grade::Uncertain } else { Grade::Accepts }
        } else {
            Grade::Rejects
        }
    }

    fn accepts(&self, trial: &Trial, execution: &Execution, expected: &Value) -> bool {
        let mode = trial.line.judge_mode;
        let verdict = match self.compare {
            Compare::Ours => judge(mode, trial.line.comparison, expected, execution),
            Compare::As(profile) => judge_as(profile, mode, expected, execution),
            // The result is wrapped in a list, and either may equal the answer.
            Compare::Taco if mode == JudgeMode::Call => {
                judge_as(Profile::Prime, mode, &json!([expected]), execution)
            }
            Compare::Taco => return taco::accepts(expected, execution),
            Compare::Asserts if mode == JudgeMode::Call => {
                // Leaving the process leaves the test unpassed.
                if execution.ending != Ending::Finished {
                    return false;
                }
                judge_as(Profile::ScaleBox, mode, expected, execution)
            }
            Compare::Asserts => judge_as(Profile::LiveCodeBench, mode, expected, execution),
        };
        verdict == Verdict::Accepted
    }

    /// What is said to a program on a whole suite, in the order in which it is written.
    pub fn grade_all(&self, trial: &Trial, program: &Program, tests: &[usize]) -> Grade {
        let read = self.read(trial, tests);
        let mut worst = Grade::Accepts;
        for test in &read {
            match self.grade(trial, program, *test) {
                Grade::Rejects => return Grade::Rejects,
                Grade::Uncertain => worst = Grade::Uncertain,
                Grade::Accepts => {}
            }
        }
        let taken: u64 =
            read.iter().filter_map(|test| program.runs.get(*test)).map(|run| run.wall_ms).sum();
        if worst == Grade::Accepts && taken * SAFE_SHARE > self.all_ms {
            return Grade::Uncertain;
        }
        worst
    }

    /// The tests that count: the first, or for who takes the longest, those.
    fn read(&self, trial: &Trial, tests: &[usize]) -> Vec<usize> {
        if tests.len() <= self.reads {
            return tests.to_vec();
        }
        let mut read = tests.to_vec();
        if self.name == graders::RLLM.name {
            read.sort_by_key(|test| std::cmp::Reverse(trial.input_bytes(*test)));
        }
        read.truncate(self.reads);
        read
    }

    /// Why a program would not be run at all, or not as it was meant.
    pub fn refuses(&self, mode: JudgeMode, program: &Program) -> Option<String> {
        if let Some(word) = self.banned.iter().find(|word| program.source.contains(**word)) {
            return Some(format!("the text `{word}`"));
        }
        if mode != JudgeMode::Stdio {
            return None;
        }
        let found = program.hindrances.iter().find(|found| self.hindered_by.contains(found))?;
        Some(serde_json::to_value(found).ok()?.as_str()?.to_owned())
    }

    /// Whether every right answer to a task compared like this is right for the grader, too.
    pub fn compares(&self, mode: JudgeMode, comparison: Comparison) -> bool {
        match (self.compare, comparison) {
            (Compare::Ours, _) | (_, Comparison::Exact) => true,
            (Compare::As(Profile::Verifiers), Comparison::Float | Comparison::Token) => {
                mode == JudgeMode::Stdio
            }
            (_, Comparison::Token) => mode == JudgeMode::Call,
            _ => false,
        }
    }
}
