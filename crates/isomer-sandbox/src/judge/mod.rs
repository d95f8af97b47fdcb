//! Compares what a program answered with what it should have answered: pure functions, outside the
//! jail, over bytes and plain values only.

mod text;
mod value;

use isomer_record::{Comparison, JudgeMode, Verdict};
use serde_json::Value;

use crate::{Ending, Execution, Output, PyValue};

/// The verdict on one execution.
///
/// [`Comparison::Exact`] text: equal after stripping white space from line ends and from the end.
/// [`Comparison::Float`] text: token by token, where numbers with a fraction or an exponent may
/// differ by 1e-9, absolute or relative. Values: a tuple equals a list, the order of a dictionary
/// does not matter, a bool never equals a number, an integer equals a float of exactly its size, NaN
/// equals NaN; with [`Comparison::Float`] floats may differ by 1e-9.
pub fn judge(
    mode: JudgeMode,
    comparison: Comparison,
    expected: &Value,
    execution: &Execution,
) -> Verdict {
    let right = match &execution.ending {
        Ending::Finished => matches(mode, comparison, expected, &execution.output),
        Ending::Exception { .. } | Ending::ExitStatus(_) | Ending::Signal(_) => {
            return Verdict::RuntimeError;
        }
        Ending::TimeLimit => return Verdict::TimeLimit,
        Ending::MemoryLimit => return Verdict::MemoryLimit,
        Ending::OutputLimit => return Verdict::OutputLimit,
        Ending::CompileError { .. } => return Verdict::CompileError,
        Ending::MissingFunction => return Verdict::MissingFunction,
        Ending::NotRun => return Verdict::NotRun,
    };
    if right { Verdict::Accepted } else { Verdict::WrongAnswer }
}

fn matches(mode: JudgeMode, comparison: Comparison, expected: &Value, output: &Output) -> bool {
    match (mode, output, expected) {
        (JudgeMode::Stdio, Output::Text(text), Value::String(expected)) => match comparison {
            Comparison::Exact => text::equal_lines(expected, text),
            Comparison::Float => text::close_tokens(expected, text),
        },
        (JudgeMode::Call, Output::Value(value), expected) => {
            value::equal(comparison, &PyValue::from_json(expected), value)
        }
        _ => false,
    }
}

/// Largest difference, absolute or relative, between floats that count as equal.
const TOLERANCE: f64 = 1e-9;

/// Whether two floats are equal within the tolerance; NaN equals NaN, infinities only themselves.
fn close(left: f64, right: f64) -> bool {
    // Equal infinities have no difference to measure.
    #[expect(clippy::float_cmp, reason = "exact equality is the first way to be close")]
    if left == right || (left.is_nan() && right.is_nan()) {
        return true;
    }
    let difference = (left - right).abs();
    difference.is_finite() && difference <= TOLERANCE.max(TOLERANCE * left.abs().max(right.abs()))
}

#[cfg(test)]
mod tests {
    use isomer_record::{Comparison, JudgeMode, Verdict};
    use serde_json::json;

    use super::{close, judge};
    use crate::{Ending, Execution, Output, PyValue};

    fn finished(output: Output) -> Execution {
        Execution { output, ..Execution::without_run(Ending::Finished) }
    }

    #[test]
    fn only_finished_programs_can_be_right() {
        let mut execution = finished(Output::Text("3\n".to_owned()));
        let verdict =
            |execution: &_| judge(JudgeMode::Stdio, Comparison::Exact, &json!("3"), execution);
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
        let verdict = |mode, execution| judge(mode, Comparison::Exact, &expected, execution);
        assert_eq!(verdict(JudgeMode::Call, &text), Verdict::WrongAnswer);
        assert_eq!(verdict(JudgeMode::Stdio, &value), Verdict::WrongAnswer);
        assert_eq!(verdict(JudgeMode::Call, &value), Verdict::Accepted);
        assert_eq!(verdict(JudgeMode::Call, &finished(Output::None)), Verdict::WrongAnswer);
    }

    #[test]
    fn closeness() {
        assert!(close(0.1 + 0.2, 0.3));
        assert!(close(1e20, 1e20 + 1e10));
        assert!(!close(1.0, 1.000_001));
        assert!(close(f64::INFINITY, f64::INFINITY));
        assert!(!close(f64::INFINITY, f64::MAX));
        assert!(!close(f64::INFINITY, f64::NEG_INFINITY));
        assert!(!close(f64::NAN, 0.0));
    }
}
