//! The verdict of each test of a file.

use std::collections::BTreeMap;

use isomer_record::{ExpectedTests, Verdict};

use super::{Outcome, TestOutcome, TestReport};

impl TestReport {
    /// What a session says of each expected test. Where it ended early, the first test without an outcome
    /// is where it ended; where nothing but the session as a whole is to blame, no pass counts.
    pub fn verdicts(&self, expected: &ExpectedTests) -> Vec<Verdict> {
        let whole = |verdict| vec![verdict; expected.tests.len()];
        if matches!(self.verdict, Verdict::CompileError | Verdict::MissingFunction) {
            return whole(self.verdict);
        }
        let outcomes: BTreeMap<&str, &TestOutcome> =
            self.outcomes.iter().map(|test| (test.id.as_str(), test)).collect();
        if outcomes.is_empty() {
            return whole(self.verdict);
        }
        let mut left = Some(self.verdict);
        let row: Vec<Verdict> = expected
            .tests
            .iter()
            .map(|id| match outcomes.get(id.as_str()) {
                Some(outcome) => verdict(outcome),
                None => left.take().unwrap_or(Verdict::NotRun),
            })
            .collect();
        if self.verdict != Verdict::Accepted && !row.iter().copied().any(failed) {
            return whole(self.verdict);
        }
        row
    }
}

/// A test that was not run says nothing.
const fn failed(verdict: Verdict) -> bool {
    !matches!(verdict, Verdict::Accepted | Verdict::NotRun)
}

fn verdict(test: &TestOutcome) -> Verdict {
    match test.outcome {
        Outcome::Passed => Verdict::Accepted,
        Outcome::Failed if raised(&test.message) => Verdict::RuntimeError,
        Outcome::Failed | Outcome::Skipped => Verdict::WrongAnswer,
        Outcome::Error => Verdict::RuntimeError,
    }
}

/// Whether a failure is an exception other than that of an assertion. pytest marks the lines of an
/// exception; those of the last one come last.
fn raised(message: &str) -> bool {
    let lines: Vec<&str> = message.lines().collect();
    let Some(end) = lines.iter().rposition(|line| line.starts_with("E  ")) else { return false };
    let start =
        lines[..end].iter().rposition(|line| !line.starts_with("E  ")).map_or(0, |at| at + 1);
    let told = lines[start].trim_start_matches('E').trim_start();
    !["assert", "AssertionError", "Failed: "].iter().any(|word| told.starts_with(word))
}

#[cfg(test)]
mod tests {
    use isomer_record::Verdict::{
        self, Accepted, CompileError, NotRun, RuntimeError, TimeLimit, WrongAnswer,
    };
    use isomer_record::{ExpectedTests, Trust};

    use super::super::{Outcome, TestOutcome, TestReport};
    use super::raised;
    use crate::Ending;

    fn report(outcomes: &[(&str, Outcome)], verdict: Verdict) -> TestReport {
        let test = |(id, outcome): &(&str, Outcome)| TestOutcome {
            id: (*id).to_owned(),
            outcome: *outcome,
            duration_us: 1,
            message: String::new(),
        };
        TestReport {
            collected: vec![],
            outcomes: outcomes.iter().map(test).collect(),
            trust: Trust::TwoProcess,
            asked: vec![],
            ending: Ending::Finished,
            problem: None,
            cpu_ms: 1,
            wall_ms: 1,
            memory_bytes: 1,
            verdict,
        }
    }

    fn read(outcomes: &[(&str, Outcome)], verdict: Verdict) -> Vec<Verdict> {
        let tests = ["a", "b", "c"].map(str::to_owned).to_vec();
        let expected = ExpectedTests { tests, trust: Trust::TwoProcess, asked: vec![] };
        report(outcomes, verdict).verdicts(&expected)
    }

    #[test]
    fn each_test_has_its_verdict() {
        use Outcome::{Error, Failed, Passed, Skipped};
        let all = [("c", Error), ("a", Passed), ("b", Failed)];
        assert_eq!(read(&all, WrongAnswer), [Accepted, WrongAnswer, RuntimeError]);
        assert_eq!(read(&[("a", Passed)], TimeLimit), [Accepted, TimeLimit, NotRun]);
        assert_eq!(read(&[], CompileError), [CompileError; 3]);
        assert_eq!(read(&[], RuntimeError), [RuntimeError; 3]);
        let passing = [("a", Passed), ("b", Passed), ("c", Passed)];
        assert_eq!(read(&passing, Accepted), [Accepted; 3]);
        assert_eq!(read(&passing, RuntimeError), [RuntimeError; 3], "no pass counts");
        let skipping = [("a", Passed), ("b", Skipped), ("c", Passed)];
        assert_eq!(read(&skipping, WrongAnswer), [Accepted, WrongAnswer, Accepted]);
    }

    #[test]
    fn an_exception_is_told_from_an_assertion() {
        for (message, expected) in [
            (
                "test_solution.py:3: in test_a\n    assert f(1) == 2\nE   assert 3 == 2\nE    +  where 3",
                false,
            ),
            ("x\nE   AssertionError: no", false),
            ("x\nE   Failed: DID NOT RAISE ValueError", false),
            ("x\nE   KeyError: 'a'\n\nDuring handling:\ny\nE   assert 1 == 2", false),
            ("x\nE   ZeroDivisionError: division by zero", true),
            ("x\nE   assert 1 == 2\n\nDuring handling:\ny\nE   KeyError: 'a'", true),
            ("", false),
        ] {
            assert_eq!(raised(message), expected, "{message}");
        }
    }
}
