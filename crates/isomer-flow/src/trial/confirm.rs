//! Does the reference solution confirm a suite, twice and in the same words?

use isomer_record::{Design, DropReason, ExpectedTests, Suite, Verdict};
use isomer_sandbox::{Execution, Output, Stop};

use super::Flaw;
use super::flaw::{shorten, show};
use super::program::{executions, judged};
use crate::stages::{Cx, Exit};

/// Failing tests that are shown.
const SHOWN_TESTS: usize = 3;

/// Tests that the reference solution passed, with what that took.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Confirmed {
    /// The tests that a generator made.
    pub(crate) suite: Suite,
    /// What the solution showed under a test file.
    pub(crate) expected: Option<ExpectedTests>,
    /// Processor time on the slowest test, or on the test file, in ms.
    pub(crate) cpu_ms: u64,
    /// Peak memory over all tests, in bytes.
    pub(crate) memory_bytes: u64,
}

/// Runs the reference solution on the whole suite under two hash seeds.
pub(super) async fn confirm(
    cx: &Cx,
    design: &Design,
    solution: &str,
    suite: Suite,
) -> Result<Result<Confirmed, Flaw>, Exit> {
    let first = executions(cx, design, solution, &suite, 0, Stop::AfterFirst).await?;
    if let Err(flaw) = passed(design, &suite, &first) {
        return Ok(Err(flaw));
    }
    let second = executions(cx, design, solution, &suite, 1, Stop::AfterFirst).await?;
    let repeated = passed(design, &suite, &second).is_ok() && same(&first, &second);
    if !repeated {
        return Ok(Err(Flaw::new(
            DropReason::SolutionNotDeterministic,
            "the solution answered differently the second time, when Python's string hashing was \
             seeded differently: something depends on the order of a set or on chance",
        )));
    }
    let both = || first.iter().chain(&second);
    let cpu_ms = both().map(|execution| execution.cpu_ms).max().unwrap_or(0);
    let memory_bytes = both().map(|execution| execution.memory_bytes).max().unwrap_or(0);
    Ok(Ok(Confirmed { suite, expected: None, cpu_ms, memory_bytes }))
}

/// The verdict of the reference solution on each test under two hash seeds: the first that is not
/// accepted, if any.
pub(crate) async fn second_opinion(
    cx: &Cx,
    design: &Design,
    solution: &str,
    suite: &Suite,
) -> Result<Vec<Verdict>, Exit> {
    let first = executions(cx, design, solution, suite, 0, Stop::AfterTimeLimits(1)).await?;
    let second = executions(cx, design, solution, suite, 1, Stop::AfterTimeLimits(1)).await?;
    let verdicts = judged(design, suite, &first).into_iter().zip(judged(design, suite, &second));
    let worse = |(one, other)| if one == Verdict::Accepted { other } else { one };
    Ok(verdicts.map(worse).collect())
}

fn same(first: &[Execution], second: &[Execution]) -> bool {
    first.iter().map(|run| &run.output).eq(second.iter().map(|run| &run.output))
}

fn passed(design: &Design, suite: &Suite, executions: &[Execution]) -> Result<(), Flaw> {
    let verdicts = judged(design, suite, executions);
    let failing: Vec<usize> = verdicts
        .iter()
        .enumerate()
        .filter(|(_, verdict)| **verdict != Verdict::Accepted)
        .map(|(index, _)| index)
        .collect();
    let Some(first) = failing.first() else { return Ok(()) };
    let reason = reason(verdicts[*first]);
    let mut detail = match reason {
        DropReason::SolutionInvalid => {
            return Err(Flaw::new(
                reason,
                format!("the solution: {}", executions[*first].ending.describe()),
            ));
        }
        DropReason::SolutionWrongAnswer => "solution and generator disagree".to_owned(),
        _ => "the solution fails".to_owned(),
    };
    let shown = failing.iter().filter(|index| verdicts[**index] != Verdict::NotRun);
    for index in shown.take(SHOWN_TESTS) {
        detail.push_str(&evidence(*index, suite, &executions[*index]));
    }
    Err(Flaw::new(reason, detail))
}

const fn reason(verdict: Verdict) -> DropReason {
    match verdict {
        Verdict::CompileError | Verdict::MissingFunction => DropReason::SolutionInvalid,
        Verdict::RuntimeError => DropReason::SolutionRuntimeError,
        Verdict::TimeLimit | Verdict::MemoryLimit | Verdict::OutputLimit => {
            DropReason::SolutionOverLimit
        }
        Verdict::WrongAnswer | Verdict::Accepted | Verdict::NotRun => {
            DropReason::SolutionWrongAnswer
        }
    }
}

fn evidence(index: usize, suite: &Suite, execution: &Execution) -> String {
    format!(
        "\n\ntest {}\ninput:\n{}\nexpected by the generator:\n{}\nthe solution:\n{}",
        index + 1,
        show(&suite.input[index]),
        show(&suite.output[index]),
        answer(execution)
    )
}

fn answer(execution: &Execution) -> String {
    match (&execution.ending, &execution.output) {
        (isomer_sandbox::Ending::Finished, Output::Text(text)) => shorten(text),
        (isomer_sandbox::Ending::Finished, Output::Value(value)) => match value.to_json() {
            Ok(value) => show(&value),
            Err(error) => format!("a value without a JSON form: {error}"),
        },
        (ending, _) => ending.describe(),
    }
}

#[cfg(test)]
mod tests {
    use isomer_record::{Comparison, Design, DropReason, JudgeMode, Suite};
    use isomer_sandbox::{Ending, Execution, Output};

    use super::passed;

    fn design() -> Design {
        Design {
            statement: String::new(),
            judge_mode: JudgeMode::Stdio,
            fn_name: None,
            comparison: Comparison::Exact,
            header: None,
        }
    }

    fn suite() -> Suite {
        Suite {
            input: vec!["1".into(), "2".into(), "3".into()],
            output: vec!["a".into(), "b".into(), "c".into()],
        }
    }

    fn run(ending: Ending, text: &str) -> Execution {
        Execution {
            ending,
            output: Output::Text(text.to_owned()),
            cpu_ms: 17,
            wall_ms: 23,
            memory_bytes: 4242,
            stderr: String::new(),
            files: Vec::new(),
        }
    }

    #[test]
    fn a_wrong_answer_is_shown_with_input_and_expectation() {
        let runs =
            [run(Ending::Finished, "a"), run(Ending::Finished, "x"), run(Ending::Finished, "c")];
        let flaw = passed(&design(), &suite(), &runs).unwrap_err();
        assert_eq!(flaw.reason, DropReason::SolutionWrongAnswer);
        for part in ["test 2", "input:\n2", "expected by the generator:\nb", "the solution:\nx"] {
            assert!(flaw.detail.contains(part), "{}", flaw.detail);
        }
    }

    #[test]
    fn evidence_carries_no_measurements() {
        let runs = [run(Ending::TimeLimit, ""), run(Ending::NotRun, ""), run(Ending::NotRun, "")];
        let flaw = passed(&design(), &suite(), &runs).unwrap_err();
        assert_eq!(flaw.reason, DropReason::SolutionOverLimit);
        assert!(flaw.detail.contains("time limit exceeded"));
        assert!(!flaw.detail.contains("test 2"), "tests that were not run prove nothing");
        assert!(["17", "23", "4242"].iter().all(|number| !flaw.detail.contains(number)));
    }

    #[test]
    fn a_program_that_does_not_compile_needs_no_test() {
        let broken = Ending::CompileError { message: "bad".into(), line: Some(3) };
        let runs = [run(broken.clone(), ""), run(broken.clone(), ""), run(broken, "")];
        let flaw = passed(&design(), &suite(), &runs).unwrap_err();
        assert_eq!(flaw.reason, DropReason::SolutionInvalid);
        assert!(!flaw.detail.contains("input:"));
    }
}
