//! SandboxFusion: `check_stdio_test_case` of its online judge, read at commit 469de08.
//!
//! White space at the ends of the text and of each line is ignored and so is case; the number of lines
//! counts; lines that differ may both be numbers that differ by less than 1e-5 of the expected one,
//! integers included. Of a longer output only the first part is read, without a word.

use isomer_record::{JudgeMode, Verdict};
use serde_json::Value;

use super::super::python::{float, strip};
use super::judge_process;
use crate::Execution;

/// How much of an output is read, in bytes; measured, and smaller on some machines.
const READ_BYTES: usize = 219_264;

/// The verdict on one test.
pub(super) fn verdict(mode: JudgeMode, expected: &Value, execution: &Execution) -> Verdict {
    judge_process(expected, execution, |expected, actual| {
        mode == JudgeMode::Stdio && accepts(expected, as_read(actual))
    })
}

/// The part of an output that is read.
pub(super) fn as_read(output: &str) -> &str {
    let most = READ_BYTES.min(output.len());
    let end = (0..=most).rev().find(|at| output.is_char_boundary(*at)).unwrap_or(0);
    &output[..end]
}

fn accepts(expected: &str, actual: &str) -> bool {
    let (expected, actual) = (lines(expected), lines(actual));
    expected.clone().count() == actual.clone().count()
        && expected.zip(actual).all(|(expected, actual)| accepts_line(expected, actual))
}

/// The lines of a text.
pub(super) fn lines(text: &str) -> impl Iterator<Item = &str> + Clone {
    strip(text).split('\n')
}

/// Whether a line is close enough to the expected one.
pub(super) fn accepts_line(expected: &str, actual: &str) -> bool {
    if expected == actual {
        return true;
    }
    let (expected, actual) = (expected.to_lowercase(), actual.to_lowercase());
    if strip(&expected) == strip(&actual) {
        return true;
    }
    match (float(&expected), float(&actual)) {
        (Some(expected), Some(actual)) => {
            (actual - expected).abs() / expected.abs().max(1e-10) < 1e-5
        }
        _ => false,
    }
}
