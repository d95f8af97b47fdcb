//! What a caller asks of a test file, and what it is told.

use isomer_record::{ExpectedTests, Trust, Verdict};
use serde::{Deserialize, Serialize};

use crate::{Ending, Limits};

/// A solution and the test file that judges it.
#[derive(Clone, Debug, Default)]
pub struct TestJob {
    /// Python source of the module `solution`.
    pub solution: String,
    /// Python source of the tests, which import from `solution`.
    pub tests: String,
    /// What is known from the reference solution; without it, this is the reference solution: where
    /// two processes do not do, one is tried.
    pub expected: Option<ExpectedTests>,
    /// Limits of the whole session; memory and files of each of its processes.
    pub limits: Limits,
    /// Modules to load beforehand, beside pytest.
    pub packages: Vec<String>,
    /// Files laid into the working folder, by path below it.
    pub files: Vec<(String, Vec<u8>)>,
    /// `PYTHONHASHSEED` of both interpreters.
    pub hash_seed: u32,
    /// By how many seconds the time of day is moved, to find tests that depend on it.
    pub shift_clock_s: i64,
}

/// What became of one test.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It passed.
    Passed,
    /// It failed.
    Failed,
    /// Its set-up or tear-down failed.
    Error,
    /// It was skipped, or failed as was expected of it.
    Skipped,
}

/// One test that ran.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TestOutcome {
    /// Name, such as `test_solution.py::test_sum[1-2]`.
    pub id: String,
    /// What became of it.
    pub outcome: Outcome,
    /// Time on the clock, in µs.
    #[serde(rename = "microseconds")]
    pub duration_us: u64,
    /// The last lines of the failure, or the reason of the skip.
    pub message: String,
}

/// What came of a test file.
#[derive(Clone, Debug, PartialEq)]
pub struct TestReport {
    /// The tests that were collected.
    pub collected: Vec<String>,
    /// The tests that ran, in order.
    pub outcomes: Vec<TestOutcome>,
    /// Where the solution ran.
    pub trust: Trust,
    /// Comparisons that were left to the solution's own objects.
    pub asked: Vec<String>,
    /// How the process of the tests ended.
    pub ending: Ending,
    /// Why there is no more to tell: the file could not be collected, the session ended early, the
    /// solution was not there to the end, or what was expected is missing.
    pub problem: Option<String>,
    /// Processor time of both processes, in ms.
    pub cpu_ms: u64,
    /// Time on the clock, in ms.
    pub wall_ms: u64,
    /// Peak resident memory of both processes, in bytes.
    pub memory_bytes: u64,
    /// Accepted only if everything expected was collected and passed.
    pub verdict: Verdict,
}

impl TestReport {
    /// What other solutions are held to, if this one was accepted.
    pub fn expected(&self) -> Option<ExpectedTests> {
        (self.verdict == Verdict::Accepted).then(|| ExpectedTests {
            tests: self.collected.clone(),
            trust: self.trust,
            asked: self.asked.clone(),
        })
    }
}
