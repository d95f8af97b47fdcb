//! SandboxFusion's language `pytest`: the code is a test file, which is told in pytest's words.
//!
//! Where the request brings a file `solution.py`, that is the solution, in a process of its own as
//! far as the tests allow. Clients that send solution and tests as one text get what that can give:
//! one interpreter, in which a solution can forge what became of the tests.

use std::fmt::Write as _;

use isomer_record::Verdict;
use isomer_record::{ExpectedTests, Trust};
use isomer_sandbox::{Ending, Language, Outcome as Became, TestJob, TestReport};

use super::RunCode;
use crate::outcome::Outcome;
use crate::{limits, packages};

/// The file that tests import the solution from.
const SOLUTION: &str = "solution.py";

/// What is run.
pub(super) fn job(request: RunCode, known: &[String]) -> TestJob {
    let RunCode { code, mut files, run_seconds, memory_bytes, .. } = request;
    let mut solution = String::new();
    files.retain(|(path, content)| {
        if path == SOLUTION {
            solution = String::from_utf8_lossy(content).into_owned();
        }
        path != SOLUTION
    });
    let expected = solution.is_empty().then(|| ExpectedTests {
        tests: Vec::new(),
        trust: Trust::InProcess,
        asked: Vec::new(),
    });
    let limits = limits::limits(run_seconds, memory_bytes);
    let packages = packages::for_program(&format!("{solution}\n{code}"), Language::PYTHON, known);
    TestJob { solution, tests: code, expected, limits, packages, files, ..TestJob::default() }
}

/// The report as pytest would print it.
pub(super) fn outcome(report: &TestReport) -> Outcome {
    Outcome::of_tests(return_code(report), report.wall_ms, &text(report))
}

/// The exit status of pytest: 1 for failures, 2 for a file that cannot be collected, 5 for one
/// without tests. A skipped test is no pass here, or a solution could skip what it fails.
fn return_code(report: &TestReport) -> Option<i32> {
    let nothing = report.collected.is_empty();
    Some(match (&report.ending, report.verdict) {
        (_, Verdict::Accepted) => 0,
        (_, Verdict::TimeLimit) => return None,
        (Ending::Signal(signal), _) => -signal,
        (_, Verdict::WrongAnswer) if nothing => 5,
        _ if nothing => 2,
        _ => 1,
    })
}

fn text(report: &TestReport) -> String {
    let mut text = format!("collected {} items\n\n", report.collected.len());
    let count = |became| report.outcomes.iter().filter(|test| test.outcome == became).count();
    for test in &report.outcomes {
        let _ = writeln!(text, "{} {}", test.id, word(test.outcome));
        for line in test.message.lines() {
            let _ = writeln!(text, "E   {line}");
        }
    }
    if let Some(problem) = &report.problem {
        let _ = writeln!(text, "\n{problem}");
    }
    let named = [
        (Became::Failed, "failed"),
        (Became::Passed, "passed"),
        (Became::Skipped, "skipped"),
        (Became::Error, "error"),
    ];
    let figures: Vec<String> = named
        .into_iter()
        .map(|(became, name)| (count(became), name))
        .filter(|(count, _)| *count > 0)
        .map(|(count, name)| format!("{count} {name}"))
        .collect();
    let figures = if figures.is_empty() { "no tests ran".to_owned() } else { figures.join(", ") };
    let seconds = std::time::Duration::from_millis(report.wall_ms).as_secs_f64();
    let _ = writeln!(text, "\n{figures} in {seconds:.2}s");
    text
}

const fn word(outcome: Became) -> &'static str {
    match outcome {
        Became::Passed => "PASSED",
        Became::Failed => "FAILED",
        Became::Error => "ERROR",
        Became::Skipped => "SKIPPED",
    }
}
