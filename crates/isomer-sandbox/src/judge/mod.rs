//! Compares what a program answered with what it should have answered: pure functions, outside the
//! jail, over bytes and plain values only.
//!
//! Everything here takes hostile answers: no step takes longer than sorting the answer would.

mod canonical;
mod close;
mod fingerprint;
mod profile;
mod python;
mod text;
mod value;

use isomer_record::{Comparison, JudgeMode, Verdict};
use serde_json::Value;

use crate::{Ending, Execution, Output, PyValue};

pub use profile::{Profile, UnknownProfile, judge_as};

/// The verdict on one execution. A single test of [`JudgeMode::Pytest`] has no answer, so none is
/// right.
///
/// Text is compared by lines or words and case matters; white space at line ends and at the end does
/// not. Of values, a tuple equals a list, the order of a dictionary does not matter, a bool never
/// equals a number, an integer equals a float of exactly its size, and NaN equals NaN.
///
/// | comparison | text | values |
/// |---|---|---|
/// | [`Comparison::Exact`] | the same lines | equal |
/// | [`Comparison::Float`] | the same words; numbers with a fraction or an exponent may differ by 1e-9, absolute or relative | equal; floats may differ by as much |
/// | [`Comparison::Token`] | the same words | equal |
/// | [`Comparison::Unordered`] | the same lines in any order | a list of the same elements in any order, else equal |
pub fn judge(
    mode: JudgeMode,
    comparison: Comparison,
    expected: &Value,
    execution: &Execution,
) -> Verdict {
    if let Some(failure) = failure(&execution.ending) {
        return failure;
    }
    verdict(match (mode, &execution.output, expected) {
        (JudgeMode::Stdio, Output::Text(actual), Value::String(expected)) => {
            text::equal(comparison, expected, actual)
        }
        (JudgeMode::Call, Output::Value(actual), expected) => {
            value::equal(comparison, &PyValue::from_json(expected), actual)
        }
        _ => false,
    })
}

/// The verdict on a program that did not finish, whatever it answered.
fn failure(ending: &Ending) -> Option<Verdict> {
    Some(match ending {
        Ending::Finished => return None,
        Ending::Exception { .. } | Ending::ExitStatus(_) | Ending::Signal(_) => {
            Verdict::RuntimeError
        }
        Ending::TimeLimit => Verdict::TimeLimit,
        Ending::MemoryLimit => Verdict::MemoryLimit,
        Ending::OutputLimit => Verdict::OutputLimit,
        Ending::CompileError { .. } => Verdict::CompileError,
        Ending::MissingFunction => Verdict::MissingFunction,
        Ending::NotRun => Verdict::NotRun,
    })
}

/// The verdict on an answer.
pub(crate) const fn verdict(right: bool) -> Verdict {
    if right { Verdict::Accepted } else { Verdict::WrongAnswer }
}

#[cfg(test)]
mod tests {
    use isomer_record::Comparison::{self, Exact, Float, Token, Unordered};
    use isomer_record::{JudgeMode, Verdict};
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::judge;
    use crate::testing::{any_value, finished};
    use crate::{Ending, Execution, Output, PyValue};

    #[test]
    fn only_finished_programs_can_be_right() {
        let mut execution = finished(Output::Text("3\n".to_owned()));
        let verdict = |execution: &_| judge(JudgeMode::Stdio, Exact, &json!("3"), execution);
        assert_eq!(verdict(&execution), Verdict::Accepted);
        for (ending, expected) in [
            (Ending::ExitStatus(0), Verdict::RuntimeError),
            (Ending::Signal(9), Verdict::RuntimeError),
            (Ending::TimeLimit, Verdict::TimeLimit),
            (Ending::MemoryLimit, Verdict::MemoryLimit),
            (Ending::OutputLimit, Verdict::OutputLimit),
            (Ending::MissingFunction, Verdict::MissingFunction),
            (Ending::NotRun, Verdict::NotRun),
        ] {
            execution.ending = ending;
            assert_eq!(verdict(&execution), expected);
        }
    }

    #[test]
    fn output_of_the_other_mode_is_wrong() {
        let text = finished(Output::Text("3".to_owned()));
        let value = finished(Output::Value(PyValue::Str("3".to_owned())));
        let expected = json!("3");
        let verdict = |mode, execution| judge(mode, Exact, &expected, execution);
        assert_eq!(verdict(JudgeMode::Call, &text), Verdict::WrongAnswer);
        assert_eq!(verdict(JudgeMode::Stdio, &value), Verdict::WrongAnswer);
        assert_eq!(verdict(JudgeMode::Call, &value), Verdict::Accepted);
        assert_eq!(verdict(JudgeMode::Call, &finished(Output::None)), Verdict::WrongAnswer);
    }

    fn any_comparison() -> impl Strategy<Value = Comparison> {
        prop::sample::select(vec![Exact, Float, Token, Unordered])
    }

    fn any_output() -> impl Strategy<Value = Output> {
        prop_oneof![
            "[0-9eE+. \n-]{0,12}|\\PC{0,12}".prop_map(Output::Text),
            any_value().prop_map(Output::Value),
            Just(Output::None),
        ]
    }

    fn any_ending() -> impl Strategy<Value = Ending> {
        prop_oneof![
            Just(Ending::Finished),
            any::<i32>().prop_map(Ending::ExitStatus),
            any::<i32>().prop_map(Ending::Signal),
            Just(Ending::TimeLimit),
            Just(Ending::CompileError { message: String::new(), line: None }),
        ]
    }

    proptest! {
        /// Whatever comes, there is a verdict, and only who finished can be right.
        #[test]
        fn total(
            call in any::<bool>(),
            comparison in any_comparison(),
            expected in any_value(),
            output in any_output(),
            ending in any_ending(),
        ) {
            let mode = if call { JudgeMode::Call } else { JudgeMode::Stdio };
            let expected = expected.to_json().unwrap_or_default();
            let execution = Execution { ending: ending.clone(), ..finished(output) };
            let verdict = judge(mode, comparison, &expected, &execution);
            let answered = matches!(verdict, Verdict::Accepted | Verdict::WrongAnswer);
            prop_assert_eq!(answered, ending == Ending::Finished);
        }

        #[test]
        fn the_expected_answer_is_right(comparison in any_comparison(), value in any_value()) {
            let expected = value.to_json().unwrap_or_default();
            let answer = finished(Output::Value(PyValue::from_json(&expected)));
            let verdict = judge(JudgeMode::Call, comparison, &expected, &answer);
            prop_assert_eq!(verdict, Verdict::Accepted);
            let text = Value::String(expected.to_string());
            let answer = finished(Output::Text(expected.to_string() + "\n"));
            let verdict = judge(JudgeMode::Stdio, comparison, &text, &answer);
            prop_assert_eq!(verdict, Verdict::Accepted);
        }
    }
}
