//! From what a session wrote down, and what the kernel saw of it, to a verdict.

use std::collections::HashSet;

use isomer_record::{ExpectedTests, Verdict};

use super::Outcome;
use super::report::{Cause, Written};
use crate::Ending;

/// A verdict, and why it is not better.
pub(super) fn verdict(
    written: &Written,
    ending: &Ending,
    solution_left: Option<&str>,
    expected: Option<&ExpectedTests>,
) -> (Verdict, Option<String>) {
    let wrong = |verdict: Verdict, problem: String| (verdict, Some(problem));
    match ending {
        Ending::Finished => {}
        Ending::TimeLimit => return (Verdict::TimeLimit, None),
        Ending::MemoryLimit => return (Verdict::MemoryLimit, None),
        other => return wrong(Verdict::RuntimeError, other.describe()),
    }
    if let Some((cause, message)) = &written.uncollected {
        let verdict = match cause {
            Cause::Compile => Verdict::CompileError,
            Cause::Missing => Verdict::MissingFunction,
            Cause::Error | Cause::Skipped => Verdict::RuntimeError,
        };
        return wrong(verdict, message.clone());
    }
    if let Some(left) = solution_left {
        return wrong(Verdict::RuntimeError, format!("the solution's process ended: {left}"));
    }
    if !written.complete {
        return wrong(Verdict::RuntimeError, "the session did not come to its end".to_owned());
    }
    if let Some(stopped) = &written.stopped {
        return wrong(Verdict::RuntimeError, stopped.clone());
    }
    match flaw(written, expected) {
        Some(problem) => wrong(Verdict::WrongAnswer, problem),
        None => (Verdict::Accepted, None),
    }
}

/// What keeps a complete session from being accepted.
fn flaw(written: &Written, expected: Option<&ExpectedTests>) -> Option<String> {
    let passed: HashSet<&str> = written
        .outcomes
        .iter()
        .filter(|test| test.outcome == Outcome::Passed)
        .map(|test| test.id.as_str())
        .collect();
    if let Some(test) = written.outcomes.iter().find(|test| test.outcome != Outcome::Passed) {
        return Some(format!("`{}` did not pass", test.id));
    }
    let of_reference = expected.map_or(&[][..], |expected| &expected.tests);
    let missing =
        of_reference.iter().chain(&written.collected).find(|id| !passed.contains(id.as_str()));
    let asked = expected.and_then(|expected| {
        written.asked.iter().find(|question| !expected.asked.contains(question))
    });
    Some(if let Some(id) = missing {
        format!("`{id}` did not run")
    } else if passed.is_empty() {
        "no test was collected".to_owned()
    } else if written.deselected {
        "tests were deselected".to_owned()
    } else if let Some(question) = asked {
        format!("the solution answers `{question}` by itself, which the reference does not")
    } else {
        return None;
    })
}

#[cfg(test)]
mod tests {
    use isomer_record::{ExpectedTests, Trust, Verdict};

    use super::super::report::Written;
    use super::super::{Outcome, TestOutcome};
    use super::verdict;
    use crate::Ending;

    fn written(outcomes: &[(&str, Outcome)]) -> Written {
        let collected = outcomes.iter().map(|(id, _)| (*id).to_owned()).collect();
        let outcomes = outcomes.iter().map(|(id, outcome)| TestOutcome {
            id: (*id).to_owned(),
            outcome: *outcome,
            duration_us: 1,
            message: String::new(),
        });
        Written { collected, outcomes: outcomes.collect(), complete: true, ..Written::default() }
    }

    fn expected(tests: &[&str]) -> ExpectedTests {
        let tests = tests.iter().map(|id| (*id).to_owned()).collect();
        ExpectedTests { tests, trust: Trust::TwoProcess, asked: vec!["Account.__eq__".to_owned()] }
    }

    fn of(written: &Written, expected: Option<&ExpectedTests>) -> Verdict {
        verdict(written, &Ending::Finished, None, expected).0
    }

    #[test]
    fn everything_expected_must_be_collected_and_pass() {
        let both = written(&[("a", Outcome::Passed), ("b", Outcome::Passed)]);
        assert_eq!(of(&both, Some(&expected(&["a", "b"]))), Verdict::Accepted);
        assert_eq!(of(&both, Some(&expected(&["a", "c"]))), Verdict::WrongAnswer);
        for outcome in [Outcome::Failed, Outcome::Error, Outcome::Skipped] {
            let one = written(&[("a", Outcome::Passed), ("b", outcome)]);
            assert_eq!(of(&one, Some(&expected(&["a"]))), Verdict::WrongAnswer);
        }
        assert_eq!(of(&written(&[]), None), Verdict::WrongAnswer);
        let mut fewer = written(&[("a", Outcome::Passed)]);
        fewer.collected.push("b".to_owned());
        assert_eq!(of(&fewer, None), Verdict::WrongAnswer);
    }

    #[test]
    fn what_did_not_end_well_is_not_accepted() {
        let fine = || written(&[("a", Outcome::Passed)]);
        let cut = Written { complete: false, ..fine() };
        assert_eq!(of(&cut, None), Verdict::RuntimeError);
        let early = Written { stopped: Some("exit".to_owned()), ..fine() };
        assert_eq!(of(&early, None), Verdict::RuntimeError);
        let deselected = Written { deselected: true, ..fine() };
        assert_eq!(of(&deselected, None), Verdict::WrongAnswer);
        let left = verdict(&fine(), &Ending::Finished, Some("exit status 0"), None);
        assert_eq!(left.0, Verdict::RuntimeError);
        for (ending, expected) in [
            (Ending::TimeLimit, Verdict::TimeLimit),
            (Ending::Signal(9), Verdict::RuntimeError),
            (Ending::ExitStatus(1), Verdict::RuntimeError),
        ] {
            assert_eq!(verdict(&fine(), &ending, None, None).0, expected);
        }
    }

    #[test]
    fn comparisons_may_only_be_left_to_the_solution_where_the_reference_does_it() {
        let asking = |question: &str| Written {
            asked: vec![question.to_owned()],
            ..written(&[("a", Outcome::Passed)])
        };
        let expected = expected(&["a"]);
        assert_eq!(of(&asking("Account.__eq__"), Some(&expected)), Verdict::Accepted);
        assert_eq!(of(&asking("Any.__eq__"), Some(&expected)), Verdict::WrongAnswer);
        assert_eq!(of(&asking("Any.__eq__"), None), Verdict::Accepted);
    }
}
