//! Whether a test file can be trusted: the reference must pass it every time, and what does nothing
//! must not.

use futures::try_join;
use isomer_record::{DropReason, ExpectedTests, Suite, Trust, Verdict};
use isomer_sandbox::{Outcome, TestReport, stubs};

use super::evidence::{differences, names, of_reference};
use super::session::{Conditions, run};
use super::survey::survey;
use crate::pack::SuiteLimits;
use crate::stages::{Cx, Exit};
use crate::trial::{Confirmed, Flaw};

/// Another year, month, day of the week, hour and minute.
const LATER_S: i64 = 400 * 86_400 + 5 * 3_600 + 17 * 60 + 3;

/// Reads the file, runs the reference solution on it three times, and then what must not pass.
pub(in crate::trial) async fn examine(
    cx: &Cx,
    solution: &str,
    tests: &str,
) -> Result<Result<Confirmed, Flaw>, Exit> {
    let limits = &cx.pack.limits.suite;
    if let Err(flaw) = size(tests, limits) {
        return Ok(Err(flaw));
    }
    if let Err(flaw) = survey(cx, tests).await? {
        return Ok(Err(flaw));
    }
    let first = run(cx, solution, tests, None, Conditions::default()).await?;
    let Some(expected) = first.expected() else { return Ok(Err(of_reference(&first))) };
    if let Err(flaw) = count(&expected, limits) {
        return Ok(Err(flaw));
    }
    if expected.trust == Trust::InProcess {
        return apart(cx, solution, tests, expected).await.map(Err);
    }
    let controls = controls(cx, solution, tests, &expected).await?;
    Ok(controls.check(&expected, limits).map(|()| Confirmed {
        suite: Suite::default(),
        cpu_ms: controls.most(&first, |report| report.cpu_ms),
        memory_bytes: controls.most(&first, |report| report.memory_bytes),
        expected: Some(expected),
    }))
}

fn size(tests: &str, limits: &SuiteLimits) -> Result<(), Flaw> {
    let (bytes, most) = (tests.len() as u64, limits.max_suite_bytes);
    if bytes > most {
        let detail = format!("the test file takes {bytes} bytes, at most {most} are allowed");
        return Err(Flaw::new(DropReason::SuiteTooLarge, detail));
    }
    Ok(())
}

fn count(expected: &ExpectedTests, limits: &SuiteLimits) -> Result<(), Flaw> {
    let tests = expected.tests.len() as u64;
    let (fewest, most) = (limits.min_tests, limits.max_tests);
    if tests < fewest {
        let detail = format!("{tests} tests were collected, at least {fewest} are needed");
        return Err(Flaw::new(DropReason::SuiteTooSmall, detail));
    }
    if tests > most {
        let detail = format!("{tests} tests were collected, at most {most} are allowed");
        return Err(Flaw::new(DropReason::SuiteTooLarge, detail));
    }
    Ok(())
}

/// What fails when solution and tests run in processes of their own.
async fn apart(
    cx: &Cx,
    solution: &str,
    tests: &str,
    expected: ExpectedTests,
) -> Result<Flaw, Exit> {
    let expected = ExpectedTests { trust: Trust::TwoProcess, ..expected };
    let report = run(cx, solution, tests, Some(&expected), Conditions::default()).await?;
    let detail = format!(
        "the tests pass only in the interpreter of the solution. They must use it from outside, by \
         calls with plain values: no classes derived from its own, no reading of its source, nothing \
         of it that is executed or imported from files{}",
        differences(&report)
    );
    Ok(Flaw::new(DropReason::TestsNeedOneProcess, detail))
}

/// The sessions that say whether a pass means anything.
struct Controls {
    hashed: TestReport,
    later: TestReport,
    empty: TestReport,
    stubbed: TestReport,
}

async fn controls(
    cx: &Cx,
    solution: &str,
    tests: &str,
    expected: &ExpectedTests,
) -> Result<Controls, Exit> {
    let usual = Conditions::default();
    let stubs = stubs(solution);
    let session = |source, conditions| run(cx, source, tests, Some(expected), conditions);
    let (hashed, later, empty, stubbed) = try_join!(
        session(solution, Conditions { hash_seed: 1, ..usual }),
        session(solution, Conditions { shift_clock_s: LATER_S, ..usual }),
        session("", usual),
        session(&stubs, usual),
    )?;
    Ok(Controls { hashed, later, empty, stubbed })
}

impl Controls {
    fn check(&self, expected: &ExpectedTests, limits: &SuiteLimits) -> Result<(), Flaw> {
        let chance = "tests that passed did not pass again when Python's string hashing was seeded \
                      differently: something depends on the order of a set or on chance";
        repeated(&self.hashed, DropReason::TestsNotDeterministic, chance)?;
        let clock = "tests that passed did not pass again on another day and at another time: \
                     something depends on the clock or on chance";
        repeated(&self.later, DropReason::TestsDependOnTime, clock)?;
        let passed = passed(&self.empty);
        if !passed.is_empty() {
            let detail =
                format!("these tests pass although the solution is empty: {}", names(&passed));
            return Err(Flaw::new(DropReason::TestsPassEmpty, detail));
        }
        self.noticed(expected, limits.min_tests)
    }

    /// A test that passes for functions that do nothing may be a good one, such as one that says that
    /// an argument is left as it was; but it does not count.
    fn noticed(&self, expected: &ExpectedTests, fewest: u64) -> Result<(), Flaw> {
        let passed = passed(&self.stubbed);
        let noticing = expected.tests.len().saturating_sub(passed.len());
        if self.stubbed.verdict != Verdict::Accepted && noticing as u64 >= fewest {
            return Ok(());
        }
        let detail = format!(
            "only {noticing} tests, of at least {fewest} that are needed, fail when every function of \
             the solution does nothing and returns None; these pass all the same: {}",
            names(&passed)
        );
        Err(Flaw::new(DropReason::TestsPassStubs, detail))
    }

    fn most(&self, first: &TestReport, of: impl Fn(&TestReport) -> u64) -> u64 {
        [first, &self.hashed, &self.later].into_iter().map(of).max().unwrap_or(0)
    }
}

/// A session of the reference that must go as the first did.
fn repeated(report: &TestReport, reason: DropReason, detail: &str) -> Result<(), Flaw> {
    match report.verdict {
        Verdict::Accepted => Ok(()),
        Verdict::TimeLimit | Verdict::MemoryLimit | Verdict::OutputLimit => {
            Err(of_reference(report))
        }
        _ => Err(Flaw::new(reason, format!("{detail}{}", differences(report)))),
    }
}

fn passed(report: &TestReport) -> Vec<&str> {
    let passed = report.outcomes.iter().filter(|test| test.outcome == Outcome::Passed);
    passed.map(|test| test.id.as_str()).collect()
}
