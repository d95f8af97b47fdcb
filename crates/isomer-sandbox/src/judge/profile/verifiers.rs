//! verifiers: the competitive programming `test_utils.py`, read at commit a60a606.
//!
//! Text is right when it has the same words as expected, however they are spread over lines, or when
//! all words are numbers that differ by no more than a thousandth, absolute. Lines still count where a
//! word is no number. A result goes through JSON and equals the expected value or its first element.

use isomer_record::{JudgeMode, Verdict};
use serde_json::Value;

use super::super::canonical::equal_in_python;
use super::super::python::{Decimal, lines, loads, strip, through_json, words};
use super::super::{failure, verdict as verdict_on};
use super::judge_process;
use crate::{Execution, Output, PyValue};

/// The verdict on one test.
pub(super) fn verdict(mode: JudgeMode, expected: &Value, execution: &Execution) -> Verdict {
    match mode {
        JudgeMode::Stdio => judge_process(expected, execution, accepts),
        JudgeMode::Call | JudgeMode::Pytest => failure(&execution.ending)
            .unwrap_or_else(|| verdict_on(accepts_value(expected, &execution.output))),
    }
}

fn accepts(expected: &str, actual: &str) -> bool {
    if expected == actual {
        return true;
    }
    let (expected_lines, actual_lines) = (shown_lines(expected), shown_lines(actual));
    let same_words = expected_lines.len() == actual_lines.len()
        && expected_lines
            .iter()
            .zip(&actual_lines)
            .all(|(left, right)| words(left).eq(words(right)));
    same_words || are_near(expected, actual)
}

fn shown_lines(text: &str) -> Vec<&str> {
    lines(text).into_iter().filter(|line| !strip(line).is_empty()).collect()
}

fn are_near(expected: &str, actual: &str) -> bool {
    let (mut expected, mut actual) = (words(expected), words(actual));
    let mut any = false;
    loop {
        match (expected.next(), actual.next()) {
            (None, None) => return any,
            (Some(expected), Some(actual)) if is_near(expected, actual) => any = true,
            _ => return false,
        }
    }
}

fn is_near(expected: &str, actual: &str) -> bool {
    // Nearly all words of a long answer.
    if expected == actual && expected.bytes().all(|byte| byte.is_ascii_digit()) {
        return true;
    }
    match (Decimal::parse(expected), Decimal::parse(actual)) {
        (Some(expected), Some(actual)) => expected.is_within_a_thousandth(&actual),
        _ => false,
    }
}

fn accepts_value(expected: &Value, output: &Output) -> bool {
    let (Some(expected), Output::Value(actual)) = (loads(expected), output) else { return false };
    let Some(actual) = through_json(actual) else { return false };
    let first = match &expected {
        PyValue::List(items) => items.first(),
        _ => None,
    };
    equal_in_python(&actual, &expected)
        || first.is_some_and(|first| equal_in_python(&actual, first))
}
