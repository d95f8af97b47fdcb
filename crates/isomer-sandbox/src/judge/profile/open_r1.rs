//! open-r1: `code_reward`, read at commit 1416fa0.
//!
//! Lines are compared after stripping, as many as both sides have: an answer may stop early or go on.

use isomer_record::{JudgeMode, Verdict};
use serde_json::Value;

use super::super::python::strip;
use super::judge_process;
use crate::Execution;

/// The verdict on one test.
pub(super) fn verdict(mode: JudgeMode, expected: &Value, execution: &Execution) -> Verdict {
    judge_process(expected, execution, |expected, actual| {
        mode == JudgeMode::Stdio && accepts(expected, actual)
    })
}

fn accepts(expected: &str, actual: &str) -> bool {
    // The program's output is read as text, where every kind of line end becomes a line feed.
    let actual = actual.replace("\r\n", "\n").replace('\r', "\n");
    let actual = strip(&actual).split('\n');
    expected.split('\n').zip(actual).all(|(expected, actual)| strip(expected) == strip(actual))
}
