//! What is wrong with a test file or the solution under it, in words for whoever repairs it.

use isomer_record::{DropReason, Verdict};
use isomer_sandbox::{Outcome, TestOutcome, TestReport};

use crate::trial::Flaw;

/// Failing tests that are shown.
const SHOWN_TESTS: usize = 3;
/// Characters of a failure that are shown: its end, which says what was compared.
const SHOWN: usize = 600;
/// Names that are listed.
const SHOWN_NAMES: usize = 12;

/// Names of tests without that of their file, some of them if they are many.
pub(super) fn names<T: AsRef<str>>(all: &[T]) -> String {
    let shown: Vec<String> =
        all.iter().take(SHOWN_NAMES).map(|id| format!("`{}`", short(id.as_ref()))).collect();
    match all.len().saturating_sub(SHOWN_NAMES) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

/// Why the reference solution does not pass.
pub(super) fn of_reference(report: &TestReport) -> Flaw {
    let bad = failing(report);
    let reason = reason(report, &bad);
    let mut detail = match reason {
        DropReason::TestsNotCollected => "the test file cannot be collected".to_owned(),
        DropReason::TestsSkipped => "tests are skipped or expected to fail".to_owned(),
        DropReason::SolutionInvalid => "the tests cannot import the solution".to_owned(),
        DropReason::SolutionWrongAnswer => "solution and tests disagree".to_owned(),
        _ => format!(
            "the session of the tests ended early ({})",
            report.verdict.as_str().replace('_', " ")
        ),
    };
    if bad.is_empty()
        && let Some(problem) = &report.problem
    {
        detail.push_str(":\n");
        detail.push_str(&end_of(problem));
    }
    detail.push_str(&shown(&bad));
    Flaw::new(reason, detail)
}

/// What became of tests that did not pass, in a session that must repeat another one.
pub(super) fn differences(report: &TestReport) -> String {
    let bad = failing(report);
    if bad.is_empty() {
        return report
            .problem
            .as_ref()
            .map_or_else(String::new, |text| format!("\n\n{}", end_of(text)));
    }
    shown(&bad)
}

fn failing(report: &TestReport) -> Vec<&TestOutcome> {
    report.outcomes.iter().filter(|test| test.outcome != Outcome::Passed).collect()
}

fn reason(report: &TestReport, bad: &[&TestOutcome]) -> DropReason {
    match report.verdict {
        Verdict::CompileError | Verdict::MissingFunction => DropReason::SolutionInvalid,
        Verdict::TimeLimit | Verdict::MemoryLimit | Verdict::OutputLimit => {
            DropReason::SolutionOverLimit
        }
        _ if report.collected.is_empty() => DropReason::TestsNotCollected,
        Verdict::RuntimeError => DropReason::SolutionRuntimeError,
        _ if !bad.is_empty() && bad.iter().all(|test| test.outcome == Outcome::Skipped) => {
            DropReason::TestsSkipped
        }
        _ => DropReason::SolutionWrongAnswer,
    }
}

fn shown(bad: &[&TestOutcome]) -> String {
    let one = |test: &&TestOutcome| {
        let what = match test.outcome {
            Outcome::Skipped => "skipped",
            Outcome::Error => "its set-up or tear-down failed",
            Outcome::Passed | Outcome::Failed => "failed",
        };
        format!("\n\n`{}` {what}:\n{}", short(&test.id), end_of(&test.message))
    };
    let text: String = bad.iter().take(SHOWN_TESTS).map(one).collect();
    match bad.len().saturating_sub(SHOWN_TESTS) {
        0 => text,
        more => format!("{text}\n\n{more} more did not pass."),
    }
}

fn short(id: &str) -> &str {
    id.strip_prefix("test_solution.py::").unwrap_or(id)
}

fn end_of(text: &str) -> String {
    let text = text.trim();
    match text.chars().count().saturating_sub(SHOWN) {
        0 => text.to_owned(),
        cut => format!("…{}", text.chars().skip(cut).collect::<String>()),
    }
}

#[cfg(test)]
mod tests {
    use isomer_record::{DropReason, Trust, Verdict};
    use isomer_sandbox::{Ending, Outcome, TestOutcome, TestReport};

    use super::{names, of_reference};

    fn report(outcomes: &[(&str, Outcome, &str)], verdict: Verdict) -> TestReport {
        let test = |(id, outcome, message): &(&str, Outcome, &str)| TestOutcome {
            id: format!("test_solution.py::{id}"),
            outcome: *outcome,
            duration_us: 4711,
            message: (*message).to_owned(),
        };
        TestReport {
            collected: outcomes.iter().map(|(id, ..)| (*id).to_owned()).collect(),
            outcomes: outcomes.iter().map(test).collect(),
            trust: Trust::TwoProcess,
            asked: vec![],
            ending: Ending::Finished,
            problem: Some("a problem".to_owned()),
            cpu_ms: 4712,
            wall_ms: 4713,
            memory_bytes: 4714,
            verdict,
        }
    }

    #[test]
    fn a_failure_is_shown_with_its_end_and_without_measurements() {
        let long = format!("{}assert 1 == 2", "x\n".repeat(900));
        let tests = [
            ("test_a", Outcome::Passed, ""),
            ("test_b[1]", Outcome::Failed, long.as_str()),
            ("test_c", Outcome::Error, "KeyError"),
        ];
        let flaw = of_reference(&report(&tests, Verdict::WrongAnswer));
        assert_eq!(flaw.reason, DropReason::SolutionWrongAnswer);
        for part in ["`test_b[1]` failed:\n…", "assert 1 == 2\n\n`test_c` its set-up", "KeyError"]
        {
            assert!(flaw.detail.contains(part), "{}", flaw.detail);
        }
        assert!(!flaw.detail.contains("471") && flaw.detail.len() < 1000, "{}", flaw.detail);
    }

    #[test]
    fn each_kind_of_end_has_its_reason() {
        let passed = [("test_a", Outcome::Passed, "")];
        let skipped = [("test_a", Outcome::Passed, ""), ("test_b", Outcome::Skipped, "later")];
        for (report, reason) in [
            (report(&[], Verdict::RuntimeError), DropReason::TestsNotCollected),
            (report(&[], Verdict::WrongAnswer), DropReason::TestsNotCollected),
            (report(&[], Verdict::MissingFunction), DropReason::SolutionInvalid),
            (report(&passed, Verdict::RuntimeError), DropReason::SolutionRuntimeError),
            (report(&passed, Verdict::TimeLimit), DropReason::SolutionOverLimit),
            (report(&skipped, Verdict::WrongAnswer), DropReason::TestsSkipped),
        ] {
            assert_eq!(of_reference(&report).reason, reason);
        }
    }

    #[test]
    fn many_names_are_cut_short() {
        let all: Vec<String> =
            (0..15).map(|number| format!("test_solution.py::test_{number}")).collect();
        assert!(
            names(&all).starts_with("`test_0`, `test_1`") && names(&all).ends_with("and 3 more")
        );
    }
}
