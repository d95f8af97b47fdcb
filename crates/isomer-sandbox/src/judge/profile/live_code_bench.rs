//! LiveCodeBench: `testing_util.py`, read at commit 28fef95.
//!
//! Text has as many lines as expected; each is the same after stripping, or both consist of numbers
//! that are equal as decimals, exactly. A result equals the expected value, where a tuple passes for a
//! list at the top and nowhere else.

use isomer_record::{JudgeMode, Verdict};
use serde_json::Value;

use super::super::canonical::equal_in_python;
use super::super::python::{Decimal, loads, strip, words};
use super::super::{failure, verdict as verdict_on};
use super::judge_in_process;
use crate::{Execution, Output, PyValue};

/// The verdict on one test.
pub(super) fn verdict(mode: JudgeMode, expected: &Value, execution: &Execution) -> Verdict {
    match mode {
        JudgeMode::Stdio => judge_in_process(expected, execution, accepts),
        JudgeMode::Call | JudgeMode::Pytest => failure(&execution.ending)
            .unwrap_or_else(|| verdict_on(accepts_value(expected, &execution.output))),
    }
}

fn accepts(expected: &str, actual: &str) -> bool {
    let (mut expected, mut actual) = (strip(expected).split('\n'), strip(actual).split('\n'));
    loop {
        match (expected.next(), actual.next()) {
            (None, None) => return true,
            (Some(expected), Some(actual)) if accepts_line(strip(expected), strip(actual)) => {}
            _ => return false,
        }
    }
}

fn accepts_line(expected: &str, actual: &str) -> bool {
    expected == actual || {
        let (mut expected, mut actual) = (words(expected), words(actual));
        loop {
            match (expected.next(), actual.next()) {
                (None, None) => return true,
                (Some(expected), Some(actual)) if equal_decimals(expected, actual) => {}
                _ => return false,
            }
        }
    }
}

fn equal_decimals(expected: &str, actual: &str) -> bool {
    // Nearly all words of a long line.
    if expected == actual && expected.bytes().all(|byte| byte.is_ascii_digit()) {
        return true;
    }
    match (Decimal::parse(expected), Decimal::parse(actual)) {
        (Some(expected), Some(actual)) => expected.equals(&actual),
        _ => false,
    }
}

fn accepts_value(expected: &Value, output: &Output) -> bool {
    let (Some(expected), Output::Value(actual)) = (loads(expected), output) else { return false };
    match actual {
        PyValue::Tuple(items) => equal_in_python(&PyValue::List(items.clone()), &expected),
        other => equal_in_python(other, &expected),
    }
}
