//! `sandbox_fusion` of verl: `process_single_case`, read at commit b178a3c.
//!
//! The output of SandboxFusion equals the expected text but for line feeds at the end. A function's
//! result is printed, as JSON unless it is a string or a number, and compared as text; an exception is
//! caught and leaves an empty output.

use isomer_record::{JudgeMode, Verdict};
use serde_json::Value;

use super::super::python::{dumps, loads, repr_float};
use super::super::{failure, verdict as verdict_on};
use super::judge_process;
use super::sandbox_fusion::as_read;
use crate::{Ending, Execution, Output, PyValue};

/// The verdict on one test.
pub(super) fn verdict(mode: JudgeMode, expected: &Value, execution: &Execution) -> Verdict {
    match (mode, &execution.ending) {
        (JudgeMode::Stdio, _) => judge_process(expected, execution, accepts),
        (JudgeMode::Call, Ending::Exception { .. } | Ending::MissingFunction) => {
            // The expected text is never empty: it is JSON.
            Verdict::WrongAnswer
        }
        (JudgeMode::Call | JudgeMode::Pytest, ending) => {
            failure(ending).unwrap_or_else(|| verdict_on_call(expected, &execution.output))
        }
    }
}

fn accepts(expected: &str, actual: &str) -> bool {
    expected.trim_end_matches('\n') == as_read(actual).trim_end_matches('\n')
}

fn verdict_on_call(expected: &Value, output: &Output) -> Verdict {
    let (Some(expected), Output::Value(actual)) = (loads(expected), output) else {
        return Verdict::WrongAnswer;
    };
    let printed = match actual {
        PyValue::Str(text) => Some(text.clone()),
        PyValue::Float(number) => Some(repr_float(*number)),
        // A lone surrogate cannot be printed.
        PyValue::BrokenStr(_) => None,
        other => dumps(other),
    };
    let (Some(printed), Some(expected)) = (printed, dumps(&expected)) else {
        return Verdict::RuntimeError;
    };
    verdict_on(accepts(&expected, &printed))
}
