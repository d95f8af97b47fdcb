//! What the model in training is asked.

use isomer_record::{JudgeMode, TaskLine};

use crate::format::Format;

/// The statement with how to answer it, so that the grader finds and can run the answer.
pub(crate) fn prompt(format: Format, line: &TaskLine) -> String {
    let statement = line.statement.trim_end();
    let wanted = match (line.judge_mode, &line.fn_name) {
        (JudgeMode::Call, Some(function)) => format!("Write the Python function `{function}`."),
        (JudgeMode::Call, None) => "Write the Python function.".to_owned(),
        (JudgeMode::Stdio, _) => {
            "Write a Python program that reads standard input and prints to standard output."
                .to_owned()
        }
        (JudgeMode::Pytest, _) => "Write the Python module `solution`.".to_owned(),
    };
    // Who replaces `sys.stdin` has text in its place and no file behind it.
    let in_process = matches!(
        format,
        Format::Verl | Format::LiveCodeBench | Format::NemoGym | Format::OpenInstruct
    );
    let input = if in_process && line.judge_mode == JudgeMode::Stdio {
        " Read input with `input()` or `sys.stdin.read()`, not as bytes."
    } else {
        ""
    };
    format!("{statement}\n\n{wanted}{input} Put the whole answer into one ```python block.")
}
