//! One session of a test file.

use isomer_record::{ExpectedTests, Verdict};
use isomer_sandbox::{TestJob, TestReport};

use crate::stages::{Cx, Exit};

/// What differs from session to session.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Conditions {
    pub(super) hash_seed: u32,
    /// By how many seconds the clock is moved.
    pub(super) shift_clock_s: i64,
}

/// Runs `tests` on `solution`; without `expected`, that is the reference.
pub(super) async fn run(
    cx: &Cx,
    solution: &str,
    tests: &str,
    expected: Option<&ExpectedTests>,
    conditions: Conditions,
) -> Result<TestReport, Exit> {
    let job = TestJob {
        solution: solution.to_owned(),
        tests: tests.to_owned(),
        expected: expected.cloned(),
        limits: cx.pack.limits.solution.sandbox(),
        packages: cx.pack.libraries.values().cloned().collect(),
        files: Vec::new(),
        hash_seed: conditions.hash_seed,
        shift_clock_s: conditions.shift_clock_s,
    };
    Ok(cx.sandbox.run_tests(job).await?)
}

/// The verdict of each expected test on a solution.
pub(crate) async fn verdicts(
    cx: &Cx,
    solution: &str,
    tests: &str,
    expected: &ExpectedTests,
) -> Result<Vec<Verdict>, Exit> {
    let report = run(cx, solution, tests, Some(expected), Conditions::default()).await?;
    Ok(report.verdicts(expected))
}
