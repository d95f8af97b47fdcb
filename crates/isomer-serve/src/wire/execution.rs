//! An execution as `/v1/run` gives it.

use isomer_sandbox::{Ending, Execution, Output};
use serde::Deserialize as _;
use serde_json::{Value, json};

use super::{WireError, files_from_json, files_to_json, value_from_json, value_to_json};

/// Levels that any JSON reader allows.
const READER_LEVELS: usize = 100;
/// Levels that a line can need.
const LEVELS: usize = 320;

/// One line of a response.
#[derive(Clone, Debug, PartialEq)]
pub enum Line {
    /// What came of an input.
    Execution {
        /// Which input, from 0.
        index: usize,
        /// What came of it.
        execution: Box<Execution>,
    },
    /// All inputs are answered.
    End {
        /// How many there were.
        executions: usize,
    },
    /// The sandbox failed; nothing is known about the other inputs.
    Error {
        /// How.
        detail: String,
    },
}

impl Line {
    /// Reads a line.
    pub fn read(line: &str) -> Result<Self, WireError> {
        let json = parse(line)?;
        if let Some(detail) = json.get("error") {
            let detail = detail.as_str().unwrap_or_default().to_owned();
            return Ok(Self::Error { detail });
        }
        if let Some(end) = json.get("end") {
            return Ok(Self::End { executions: index(end, "executions")? });
        }
        let execution = Box::new(execution_from_json(&json)?);
        Ok(Self::Execution { index: index(&json, "index")?, execution })
    }

    /// The line, without its end.
    pub fn write(&self) -> String {
        match self {
            Self::Execution { index, execution } => {
                let mut json = json!({"index": index});
                if let (Some(line), Value::Object(fields)) =
                    (json.as_object_mut(), execution_to_json(execution))
                {
                    line.extend(fields);
                }
                json.to_string()
            }
            Self::End { executions } => json!({"end": {"executions": executions}}).to_string(),
            Self::Error { detail } => json!({"error": detail}).to_string(),
        }
    }
}

/// Parses a line. Values nest at most 100 deep, which takes up to three times as many levels of JSON:
/// more than a reader allows by itself.
fn parse(line: &str) -> Result<Value, WireError> {
    let wrong = |_| WireError::new("line", "JSON was expected");
    if line.bytes().filter(|byte| matches!(byte, b'[' | b'{')).count() < READER_LEVELS {
        return serde_json::from_str(line).map_err(wrong);
    }
    if depth(line) > LEVELS {
        return Err(WireError::new("line", "less nesting was expected"));
    }
    let mut reader = serde_json::Deserializer::from_str(line);
    reader.disable_recursion_limit();
    let json = Value::deserialize(&mut reader).map_err(wrong)?;
    reader.end().map_err(wrong)?;
    Ok(json)
}

/// How deep JSON nests.
fn depth(text: &str) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0);
    let (mut inside, mut escaped) = (false, false);
    for byte in text.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if inside => escaped = true,
            b'"' => inside = !inside,
            b'[' | b'{' if !inside => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b']' | b'}' if !inside => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

fn index(json: &Value, name: &'static str) -> Result<usize, WireError> {
    number(json, name).and_then(|index| {
        usize::try_from(index).map_err(|_| WireError::new(name, "a smaller number was expected"))
    })
}

/// The execution as fields of a line.
pub fn execution_to_json(execution: &Execution) -> Value {
    let output = match &execution.output {
        Output::Text(text) => json!({"text": text}),
        Output::Value(value) => json!({"value": value_to_json(value)}),
        Output::None => Value::Null,
    };
    json!({
        "ending": ending_to_json(&execution.ending),
        "output": output,
        "cpu_ms": execution.cpu_ms,
        "wall_ms": execution.wall_ms,
        "memory_bytes": execution.memory_bytes,
        "stderr": execution.stderr,
        "files": files_to_json(&execution.files),
    })
}

/// The execution of what [`execution_to_json`] made.
pub fn execution_from_json(json: &Value) -> Result<Execution, WireError> {
    let output = json.get("output").unwrap_or(&Value::Null);
    let output = match (output.get("text"), output.get("value")) {
        (Some(Value::String(text)), _) => Output::Text(text.clone()),
        (None, Some(value)) => Output::Value(value_from_json(value)?),
        (None, None) => Output::None,
        _ => return Err(WireError::new("output", "a text or a value was expected")),
    };
    let ending = json.get("ending").ok_or(WireError::new("ending", "it is missing"))?;
    Ok(Execution {
        ending: ending_from_json(ending)?,
        output,
        cpu_ms: number(json, "cpu_ms")?,
        wall_ms: number(json, "wall_ms")?,
        memory_bytes: number(json, "memory_bytes")?,
        stderr: json.get("stderr").and_then(Value::as_str).unwrap_or_default().to_owned(),
        files: files_from_json(json.get("files"))?,
    })
}

fn number(json: &Value, name: &'static str) -> Result<u64, WireError> {
    json.get(name)
        .and_then(Value::as_u64)
        .ok_or(WireError::new(name, "a whole number was expected"))
}

/// An ending in JSON.
pub(super) fn ending_to_json(ending: &Ending) -> Value {
    match ending {
        Ending::Finished => json!({"kind": "finished"}),
        Ending::Exception { kind, message, line } => {
            json!({"kind": "exception", "exception": kind, "message": message, "line": line})
        }
        Ending::ExitStatus(status) => json!({"kind": "exit_status", "status": status}),
        Ending::Signal(signal) => json!({"kind": "signal", "signal": signal}),
        Ending::TimeLimit => json!({"kind": "time_limit"}),
        Ending::MemoryLimit => json!({"kind": "memory_limit"}),
        Ending::OutputLimit => json!({"kind": "output_limit"}),
        Ending::CompileError { message, line } => {
            json!({"kind": "compile_error", "message": message, "line": line})
        }
        Ending::MissingFunction => json!({"kind": "missing_function"}),
        Ending::NotRun => json!({"kind": "not_run"}),
    }
}

/// The ending of what [`ending_to_json`] made.
pub(super) fn ending_from_json(json: &Value) -> Result<Ending, WireError> {
    let text = |name: &'static str| {
        let text = json.get(name).and_then(Value::as_str).map(str::to_owned);
        text.ok_or(WireError::new(name, "a string was expected"))
    };
    let small = |name: &'static str| {
        let number = json.get(name).and_then(Value::as_i64);
        let number = number.and_then(|number| i32::try_from(number).ok());
        number.ok_or(WireError::new(name, "a small whole number was expected"))
    };
    let line = json.get("line").and_then(Value::as_u64).and_then(|line| u32::try_from(line).ok());
    Ok(match text("kind")?.as_str() {
        "finished" => Ending::Finished,
        "exception" => {
            Ending::Exception { kind: text("exception")?, message: text("message")?, line }
        }
        "exit_status" => Ending::ExitStatus(small("status")?),
        "signal" => Ending::Signal(small("signal")?),
        "time_limit" => Ending::TimeLimit,
        "memory_limit" => Ending::MemoryLimit,
        "output_limit" => Ending::OutputLimit,
        "compile_error" => Ending::CompileError { message: text("message")?, line },
        "missing_function" => Ending::MissingFunction,
        "not_run" => Ending::NotRun,
        _ => return Err(WireError::new("kind", "the name of an ending was expected")),
    })
}

#[cfg(test)]
mod tests {
    use isomer_sandbox::{Ending, Execution, Output, PyValue};

    use super::Line;

    fn plain() -> Execution {
        Execution {
            ending: Ending::Finished,
            output: Output::None,
            cpu_ms: 1,
            wall_ms: 2,
            memory_bytes: u64::MAX,
            stderr: "é\n".to_owned(),
            files: vec![("a/b".to_owned(), vec![0, 255])],
        }
    }

    #[test]
    fn every_line_survives_the_round() {
        let text = || "é\n\u{0}".to_owned();
        let endings = [
            Ending::Finished,
            Ending::Exception { kind: text(), message: text(), line: Some(3) },
            Ending::Exception { kind: text(), message: text(), line: None },
            Ending::ExitStatus(-1),
            Ending::Signal(9),
            Ending::TimeLimit,
            Ending::MemoryLimit,
            Ending::OutputLimit,
            Ending::CompileError { message: text(), line: Some(1) },
            Ending::MissingFunction,
            Ending::NotRun,
        ];
        let outputs = [
            Output::None,
            Output::Text(text()),
            Output::Value(PyValue::Tuple(vec![PyValue::None])),
        ];
        let mut lines = vec![Line::End { executions: 7 }, Line::Error { detail: text() }];
        for ending in endings {
            for output in outputs.clone() {
                let mut execution = Box::new(plain());
                execution.ending = ending.clone();
                execution.output = output;
                lines.push(Line::Execution { index: 5, execution });
            }
        }
        for line in lines {
            let written = line.write();
            assert!(!written.contains('\n'));
            assert_eq!(Line::read(&written), Ok(line));
        }
    }

    #[test]
    fn deep_values_survive_and_deeper_ones_are_refused() {
        let deep = |levels| {
            let mut value = PyValue::None;
            for _ in 0..levels {
                value = PyValue::Dict(vec![(PyValue::Str("[\"{".to_owned()), value)]);
            }
            let output = Output::Value(value);
            let mut execution = Box::new(plain());
            execution.output = output;
            Line::Execution { index: 0, execution }
        };
        let line = deep(100);
        assert_eq!(Line::read(&line.write()), Ok(line));
        assert!(Line::read(&deep(110).write()).is_err());
    }

    #[test]
    fn other_lines_are_refused() {
        for line in ["", "{}", "[]", "{\"index\": 1}", "{\"index\":0,\"ending\":{\"kind\":\"x\"}}"]
        {
            assert!(Line::read(line).is_err(), "{line}");
        }
    }
}
