//! Tests as different makers write them.

use isomer_record::{JudgeMode, Suite, TestsLine};
use serde_json::Value;

use super::NoTask;
use super::field::{at, parsed, text};
use super::literal;

/// What a row says about how it is judged.
pub(super) struct Tests {
    /// How.
    pub(super) mode: JudgeMode,
    /// The function that is called.
    pub(super) fn_name: Option<String>,
    /// The tests.
    pub(super) line: Option<TestsLine>,
}

impl Tests {
    fn new(fn_name: Option<&str>, suite: &Suite) -> Self {
        let mode = if fn_name.is_some() { JudgeMode::Call } else { JudgeMode::Stdio };
        Self {
            mode,
            fn_name: fn_name.map(str::to_owned),
            line: TestsLine::new(suite, mode, fn_name),
        }
    }
}

/// `{"inputs": […], "outputs": […], "fn_name"?}`, itself or as JSON text.
pub(super) fn in_outs(field: &str, value: &Value) -> Result<Tests, NoTask> {
    let object = parsed(value).ok_or_else(|| NoTask::field(field, "it is not JSON"))?;
    let list = |name: &str| {
        object
            .get(name)
            .and_then(Value::as_array)
            .ok_or_else(|| NoTask::field(field, format!("it has no list `{name}`")))
    };
    let (inputs, outputs) = (list("inputs")?, list("outputs")?);
    if inputs.len() != outputs.len() {
        return Err(NoTask::field(field, "it has not as many outputs as inputs"));
    }
    let fn_name = text(&object, &["fn_name"]).filter(|name| !name.is_empty());
    suite(field, fn_name, inputs.iter().zip(outputs))
}

/// A list of `{"input": …, "output": …}`, itself or as JSON text.
pub(super) fn list(field: &str, value: &Value, fn_name: Option<&str>) -> Result<Tests, NoTask> {
    let list = parsed(value).ok_or_else(|| NoTask::field(field, "it is not JSON"))?;
    let tests = list.as_array().ok_or_else(|| NoTask::field(field, "it is no list"))?;
    let named = tests.iter().find_map(|test| {
        at(test, &["metadata", "func_name"]).or_else(|| at(test, &["fn_name"]))?.as_str()
    });
    let pair = |test| {
        let pair: (&Value, &Value) = (at(test, &["input"])?, at(test, &["output"])?);
        Some(pair)
    };
    let pairs: Option<Vec<_>> = tests.iter().map(pair).collect();
    let pairs = pairs.ok_or_else(|| NoTask::field(field, "a test lacks `input` or `output`"))?;
    suite(field, fn_name.or(named), pairs.into_iter())
}

/// Inputs and outputs in lists of their own, as CodeContests has them, several of them in a row.
pub(super) fn columns(row: &Value, fields: &[&str]) -> Result<Tests, NoTask> {
    let mut pairs = Vec::new();
    for field in fields {
        let Some(group) = at(row, &[field]) else { continue };
        let list = |name| at(group, &[name]).and_then(Value::as_array);
        let (Some(inputs), Some(outputs)) = (list("input"), list("output")) else {
            return Err(NoTask::field(field, "it has no lists `input` and `output`"));
        };
        pairs.extend(inputs.iter().zip(outputs));
    }
    suite(fields.first().copied().unwrap_or_default(), None, pairs.into_iter())
}

fn suite<'a>(
    field: &str,
    fn_name: Option<&str>,
    pairs: impl Iterator<Item = (&'a Value, &'a Value)>,
) -> Result<Tests, NoTask> {
    let mut suite = Suite::default();
    for (input, output) in pairs {
        let (input, output) = if fn_name.is_some() {
            let call = arguments(input).zip(result(output));
            call.ok_or_else(|| NoTask::field(field, "an argument or a result is no value"))?
        } else {
            (joined(input), joined(output))
        };
        suite.input.push(input);
        suite.output.push(output);
    }
    Ok(Tests::new(fn_name, &suite))
}

/// A text, or lines of it.
fn joined(value: &Value) -> Value {
    match value {
        Value::Array(lines) => {
            let lines: Vec<&str> = lines.iter().filter_map(Value::as_str).collect();
            Value::String(lines.join("\n"))
        }
        other => other.clone(),
    }
}

/// A list of arguments, or one a line.
fn arguments(value: &Value) -> Option<Value> {
    match value {
        Value::String(text) => {
            text.lines().map(literal::value).collect::<Option<Vec<_>>>().map(Value::Array)
        }
        Value::Array(_) => Some(value.clone()),
        _ => None,
    }
}

/// A result as text, or in a list of one.
fn result(value: &Value) -> Option<Value> {
    match value {
        Value::String(text) => literal::value(text),
        Value::Array(items) if items.len() == 1 => items.first().cloned(),
        other => Some(other.clone()),
    }
}
