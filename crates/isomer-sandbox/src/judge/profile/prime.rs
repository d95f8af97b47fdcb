//! `prime_code` of verl: `testing_util.py`, read at commit b178a3c.
//!
//! Text is right when it equals the expected one after stripping; or line by line, where blank lines
//! are dropped; or when all lines are single numbers, one of them no bare integer, that are as close
//! as numpy's `allclose` wants. A result is right when it equals the expected value or its first
//! element; the keys of an expected dictionary become integers where they can.

use isomer_record::{JudgeMode, Verdict};
use serde_json::Value;

use super::super::canonical::equal_in_python;
use super::super::python::{dumps, float, integer, is_decimal, lines, loads, strip};
use super::super::{failure, verdict as verdict_on};
use super::judge_in_process;
use crate::{Execution, Output, PyValue};

/// The verdict on one test.
pub(super) fn verdict(mode: JudgeMode, expected: &Value, execution: &Execution) -> Verdict {
    match mode {
        JudgeMode::Stdio => judge_in_process(expected, execution, accepts),
        JudgeMode::Call | JudgeMode::Pytest => failure(&execution.ending)
            .unwrap_or_else(|| verdict_on_call(expected, &execution.output)),
    }
}

fn accepts(expected: &str, actual: &str) -> bool {
    let actual = lines(actual);
    let stripped: Vec<&str> = actual.iter().map(|line| strip(line)).collect();
    if [&actual, &stripped].into_iter().any(|lines| strip(&lines.join("\n")) == strip(expected)) {
        return true;
    }
    // A line of blanks is stripped after the empty ones are dropped, and stays.
    let expected: Vec<&str> =
        expected.split('\n').filter(|line| !line.is_empty()).map(strip).collect();
    let shown: Vec<&str> = actual.iter().copied().filter(|line| !line.is_empty()).collect();
    expected == actual || expected == shown || are_close(&expected, &shown)
}

fn are_close(expected: &[&str], actual: &[&str]) -> bool {
    let pairs = || expected.iter().zip(actual);
    expected.len() == actual.len()
        && !pairs().all(|(expected, actual)| is_decimal(expected) && is_decimal(actual))
        && pairs().all(|(expected, actual)| match (float(expected), float(actual)) {
            (Some(expected), Some(actual)) => is_close(expected, actual),
            _ => false,
        })
}

/// numpy's `isclose`.
#[expect(clippy::float_cmp, reason = "equal infinities are close")]
fn is_close(expected: f64, actual: f64) -> bool {
    let most = 1e-8 + 1e-5 * expected.abs();
    actual == expected || (expected.is_finite() && (actual - expected).abs() <= most)
}

fn verdict_on_call(expected: &Value, output: &Output) -> Verdict {
    let (Some(expected), Output::Value(actual)) = (loads(expected), output) else {
        return Verdict::WrongAnswer;
    };
    // The result is written out for the log before it is compared.
    if dumps(actual).is_none() {
        return Verdict::RuntimeError;
    }
    verdict_on(equals(&with_integer_keys(expected), actual))
}

fn equals(expected: &PyValue, actual: &PyValue) -> bool {
    let listed = match actual {
        PyValue::Tuple(items) => PyValue::List(items.clone()),
        other => other.clone(),
    };
    let first = match expected {
        PyValue::List(items) => items.first(),
        _ => None,
    };
    equal_in_python(&listed, expected)
        || first.is_some_and(|first| equal_in_python(&listed, first))
        || elements_as_lists(&listed).is_some_and(|lists| match expected {
            PyValue::List(items) => {
                items.first().is_some_and(|first| equal_in_python(&lists, first))
            }
            _ => false,
        })
}

/// A list whose first element is a tuple, with all elements made lists.
fn elements_as_lists(value: &PyValue) -> Option<PyValue> {
    let PyValue::List(items) = value else { return None };
    let Some(PyValue::Tuple(_)) = items.first() else { return None };
    let lists = items.iter().map(|item| match item {
        PyValue::List(items) | PyValue::Tuple(items) => Some(PyValue::List(items.clone())),
        PyValue::Str(text) => {
            Some(PyValue::List(text.chars().map(|one| PyValue::Str(one.to_string())).collect()))
        }
        PyValue::Dict(pairs) => {
            Some(PyValue::List(pairs.iter().map(|(key, _)| key.clone()).collect()))
        }
        _ => None,
    });
    lists.collect::<Option<_>>().map(PyValue::List)
}

/// An expected dictionary, or a list that begins with one, becomes a list of that dictionary alone
/// with integers for keys, if all its keys can be read as such.
fn with_integer_keys(expected: PyValue) -> PyValue {
    let pairs = match &expected {
        PyValue::Dict(pairs) => pairs,
        PyValue::List(items) => match items.first() {
            Some(PyValue::Dict(pairs)) => pairs,
            _ => return expected,
        },
        _ => return expected,
    };
    let keyed = pairs.iter().map(|(key, value)| match key {
        PyValue::Str(key) => Some((PyValue::Int(integer(key)?), value.clone())),
        _ => None,
    });
    match keyed.collect::<Option<_>>() {
        Some(pairs) => PyValue::List(vec![PyValue::Dict(pairs)]),
        None => expected,
    }
}
