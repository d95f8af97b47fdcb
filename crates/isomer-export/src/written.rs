//! A test as a format writes it.

use isomer_record::JudgeMode;
use serde_json::{Value, json};

use crate::format::Format;
use crate::grade::Calls;
use crate::python::{dumps, literal};
use crate::trial::Trial;

/// A test as it is written.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Written {
    /// What the program is given; a whole statement for [`Calls::Asserts`].
    pub(crate) input: Value,
    /// What it must answer.
    pub(crate) output: Value,
}

/// Writes a test; `None` where the format has no words for it.
pub(crate) fn write(format: Format, trial: &Trial, test: usize) -> Option<Written> {
    let (input, expected) = (trial.inputs.get(test)?, trial.expected.get(test)?);
    match trial.line.judge_mode {
        JudgeMode::Stdio => {
            let (Value::String(_), Value::String(_)) = (input, expected) else { return None };
            Some(Written { input: input.clone(), output: expected.clone() })
        }
        JudgeMode::Call => write_call(format, trial, input.as_array()?, expected),
        JudgeMode::Pytest => None,
    }
}

fn write_call(
    format: Format,
    trial: &Trial,
    arguments: &[Value],
    expected: &Value,
) -> Option<Written> {
    if renumbers_keys(format) && arguments.first().is_some_and(has_numbers_for_keys) {
        return None;
    }
    // An empty line is no argument but an error.
    let lines = |lines: Vec<String>| (!lines.is_empty()).then(|| json!(lines.join("\n")));
    Some(match format.calls() {
        Calls::JsonLines => Written {
            input: lines(arguments.iter().map(dumps).collect())?,
            output: json!(dumps(expected)),
        },
        Calls::Literals => Written {
            input: lines(arguments.iter().map(literal).collect::<Option<_>>()?)?,
            output: json!(dumps(expected)),
        },
        Calls::Values => Written { input: json!(arguments), output: json!([expected]) },
        Calls::Asserts => {
            let function = trial.line.fn_name.as_deref()?;
            let given: Vec<String> = arguments.iter().map(literal).collect::<Option<_>>()?;
            let right = literal(expected)?;
            let statement = format!("assert {function}({}) == {right}", given.join(", "));
            Written { input: json!(statement), output: Value::Null }
        }
    })
}

/// Whose graders take a dictionary that comes first for one with integers for keys, and forget the
/// other arguments over it.
const fn renumbers_keys(format: Format) -> bool {
    matches!(format, Format::Verl | Format::Taco)
}

fn has_numbers_for_keys(value: &Value) -> bool {
    let Value::Object(members) = value else { return false };
    members.keys().all(|key| key.trim().replace('_', "").parse::<i128>().is_ok())
}
