//! ScaleBox: `sandbox/utils/testing.py`, read at commit 4bcfefd.
//!
//! Lines are compared as SandboxFusion compares them, but missing and surplus lines are ignored. A
//! function's result is compared by `==` in the solution's own module, with the expected value written
//! into its source. A process that dies takes its test with it: the test is dropped and so never fails;
//! leaving with status 0 passes as well.

use isomer_record::{JudgeMode, Verdict};
use serde_json::Value;

use super::super::canonical::equal_in_python;
use super::super::python::loads;
use super::super::{failure, verdict as verdict_on};
use super::judge_process;
use super::sandbox_fusion::{accepts_line, lines};
use crate::{Ending, Execution, Output, PyValue};

/// The verdict on one test.
pub(super) fn verdict(mode: JudgeMode, expected: &Value, execution: &Execution) -> Verdict {
    match (&execution.ending, mode) {
        (Ending::Signal(_), _) | (Ending::ExitStatus(0), JudgeMode::Call) => Verdict::Accepted,
        (_, JudgeMode::Stdio) => judge_process(expected, execution, |expected, actual| {
            lines(expected)
                .zip(lines(actual))
                .all(|(expected, actual)| accepts_line(expected, actual))
        }),
        (ending, JudgeMode::Call | JudgeMode::Pytest) => {
            failure(ending).unwrap_or_else(|| verdict_on_call(expected, &execution.output))
        }
    }
}

fn verdict_on_call(expected: &Value, output: &Output) -> Verdict {
    match (loads(expected), output) {
        // `nan` and `inf` are no names in the source that the comparison becomes part of.
        (Some(expected), Output::Value(_)) if !is_finite(&expected) => Verdict::RuntimeError,
        (Some(expected), Output::Value(actual)) => verdict_on(equal_in_python(actual, &expected)),
        _ => Verdict::WrongAnswer,
    }
}

fn is_finite(value: &PyValue) -> bool {
    match value {
        PyValue::Float(number) => number.is_finite(),
        PyValue::List(items) | PyValue::Tuple(items) => items.iter().all(is_finite),
        PyValue::Dict(pairs) => pairs.iter().all(|(key, value)| is_finite(key) && is_finite(value)),
        _ => true,
    }
}
