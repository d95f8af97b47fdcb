//! The tests of a request, in any of the three forms that clients send.

use isomer_sandbox::Entry;
use serde_json::{Value, json};

use crate::fields::Fields;
use crate::python_json::{self, finite};

/// Longest string of a passed test that is repeated whole, in characters.
const WHOLE_CHARACTERS: usize = 1000;

/// The tests of a request.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Cases {
    /// The function to call; without one, programs read standard input.
    pub(super) function: Option<String>,
    /// Inputs as the sandbox takes them.
    pub(super) inputs: Vec<Value>,
    /// Expected outputs as the judge takes them.
    pub(super) expected: Vec<Value>,
    /// Whether they came in the form of a data set of SandboxFusion.
    pub(super) data_set: bool,
}

impl Cases {
    /// How the program is used.
    pub(super) fn entry(&self) -> Entry {
        match &self.function {
            Some(function) => Entry::Call { function: function.clone() },
            None => Entry::Stdio,
        }
    }

    /// What a response repeats of a test.
    pub(super) fn info(&self, index: usize, whole: bool) -> Value {
        let (input, expected) = (&self.inputs[index], &self.expected[index]);
        match &self.function {
            Some(function) => json!({
                "type": "function_call",
                "fn_name": function,
                "input": finite(input),
                "output": [finite(expected)],
            }),
            None => json!({
                "input": {"stdin": shorten(input, whole)},
                "output": {"stdout": shorten(expected, whole)},
            }),
        }
    }

    /// Reads `provided_data`, and notes what is wrong with it.
    pub(super) fn read(data: &mut Fields<'_>) -> Self {
        match (data.get("test_cases"), data.get("test")) {
            (Some(Value::Object(_)), _) => {
                let mut columns = data.child("test_cases");
                let cases = Self::columns(&mut columns);
                data.adopt(columns);
                cases
            }
            (Some(_), _) => Self::rows(data),
            (None, Some(_)) => Self::data_set(data),
            (None, None) => {
                data.missing("test_cases");
                Self::default()
            }
        }
    }

    /// ScaleBox's batch: one array of inputs, one of outputs.
    fn columns(fields: &mut Fields<'_>) -> Self {
        let mut cases = Self { function: function(fields), ..Self::default() };
        let parse = fields.flag("json_input");
        let (inputs, outputs) = (fields.array("input"), fields.array("output"));
        if inputs.is_empty() {
            fields.wrong("input", "too_short", "List should have at least 1 item");
        } else if inputs.len() != outputs.len() {
            let message = format!("List should have {} items, as many as `input`", inputs.len());
            fields.wrong("output", "length", message);
        }
        for (index, (input, output)) in inputs.iter().zip(outputs).enumerate() {
            match cases.push(input, output, parse) {
                Ok(()) => {}
                Err((name, message)) => fields.wrong_item(name, index, "value_error", message),
            }
        }
        cases
    }

    /// ScaleBox's single form: an array of tests that name their own type.
    fn rows(data: &mut Fields<'_>) -> Self {
        let rows = data.array("test_cases");
        if rows.is_empty() {
            data.wrong("test_cases", "too_short", "List should have at least 1 item");
        }
        let mut cases = Self::default();
        for (index, row) in rows.iter().enumerate() {
            let mut fields = data.item("test_cases", index, row);
            let function = function(&mut fields);
            if index == 0 {
                cases.function = function;
            } else if cases.function != function {
                fields.wrong("fn_name", "value_error", "All tests should be of the same kind");
            }
            let parse = fields.flag("json_input");
            let (input, output) = (row.get("input"), row.get("output"));
            match (input, output) {
                (Some(input), Some(output)) => {
                    if let Err((name, message)) = cases.push(input, output, parse) {
                        fields.wrong(name, "value_error", message);
                    }
                }
                (None, _) => fields.missing("input"),
                (_, None) => fields.missing("output"),
            }
            data.adopt(fields);
        }
        cases
    }

    /// SandboxFusion's `CommonOJDataset`: an array of tests, or one as JSON in a string.
    fn data_set(data: &mut Fields<'_>) -> Self {
        let mut cases = Self { data_set: true, ..Self::default() };
        let parsed = match data.get("test") {
            Some(Value::String(text)) => python_json::read(text.as_bytes()).ok(),
            other => other.cloned(),
        };
        let Some(Value::Array(rows)) = parsed else {
            data.wrong("test", "list_type", "Input should be a valid list");
            return cases;
        };
        if rows.is_empty() {
            data.wrong("test", "too_short", "List should have at least 1 item");
        }
        for (index, row) in rows.iter().enumerate() {
            let parts = (row.pointer("/input/stdin"), row.pointer("/output/stdout"));
            if let (Some(input @ Value::String(_)), Some(output @ Value::String(_))) = parts {
                cases.inputs.push(input.clone());
                cases.expected.push(output.clone());
            } else {
                let message = "Input should have the strings `input.stdin` and `output.stdout`";
                data.wrong_item("test", index, "value_error", message);
            }
        }
        cases
    }

    /// Adds a test, or says which part of it is wrong.
    fn push(
        &mut self,
        input: &Value,
        output: &Value,
        parse: bool,
    ) -> Result<(), (&'static str, &'static str)> {
        let (input, output) = match (&self.function, input) {
            (None, Value::String(_)) if output.is_string() => (input.clone(), output.clone()),
            (None, Value::String(_)) => return Err(("output", "Input should be a valid string")),
            (None, _) => return Err(("input", "Input should be a valid string")),
            (Some(_), Value::String(lines)) if parse => {
                let arguments: Result<Value, _> =
                    lines.split('\n').map(|line| python_json::read(line.as_bytes())).collect();
                let arguments = arguments
                    .map_err(|_| ("input", "Input should have a JSON value on each line"))?;
                (arguments, parsed_output(output)?)
            }
            (Some(_), Value::Array(_)) => (input.clone(), returned(output)?),
            (Some(_), _) => {
                return Err(("input", "Input should be the list of positional arguments"));
            }
        };
        self.inputs.push(input);
        self.expected.push(output);
        Ok(())
    }
}

/// The function, if tests call one. Without a type, a function's name tells.
fn function(fields: &mut Fields<'_>) -> Option<String> {
    match fields.optional_text("type").as_deref() {
        Some("stdin_stdout") => None,
        Some("function_call") => {
            if fields.get("fn_name").is_none() {
                fields.missing("fn_name");
            }
            fields.optional_text("fn_name")
        }
        None => fields.optional_text("fn_name").filter(|name| !name.is_empty()),
        Some(_) => {
            let message = "Input should be 'stdin_stdout' or 'function_call'";
            fields.wrong("type", "literal_error", message);
            None
        }
    }
}

/// The returned value comes alone in a list. A bare one cannot be told from it when it is a list
/// itself, so that guessing would judge some tests wrongly.
fn returned(output: &Value) -> Result<Value, (&'static str, &'static str)> {
    match output.as_array().map(Vec::as_slice) {
        Some([value]) => Ok(value.clone()),
        _ => Err(("output", "Input should be a list of one item, the returned value")),
    }
}

fn parsed_output(output: &Value) -> Result<Value, (&'static str, &'static str)> {
    match output {
        Value::String(text) => python_json::read(text.as_bytes())
            .map_err(|_| ("output", "Input should be a JSON value in a string")),
        other => returned(other),
    }
}

/// Both ends of a long string.
fn shorten(text: &Value, whole: bool) -> Value {
    let Value::String(text) = text else { return Value::Null };
    let count = text.chars().count();
    if whole || count <= WHOLE_CHARACTERS {
        return json!(text);
    }
    let head: String = text.chars().take(WHOLE_CHARACTERS / 2).collect();
    let tail: String = text.chars().skip(count - WHOLE_CHARACTERS / 2).collect();
    json!(format!("{head}...{tail}"))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::Cases;
    use crate::fields::Fields;
    use crate::refusal::Refusal;

    fn read(data: &Value) -> Result<Cases, Vec<Value>> {
        let mut fields = Fields::of_body(data);
        let cases = Cases::read(&mut fields);
        fields.finish(cases).map_err(|refusal| match refusal {
            Refusal::Invalid(problems) => {
                problems.into_iter().map(|problem| json!(problem.at)).collect()
            }
            other => panic!("{other:?}"),
        })
    }

    #[test]
    fn a_missing_type_is_inferred() {
        let data = json!({"test_cases": {"fn_name": "f", "input": [[1]], "output": [[2]]}});
        let cases = read(&data).unwrap();
        assert_eq!(cases.function.as_deref(), Some("f"));
        assert_eq!((&cases.inputs[0], &cases.expected[0]), (&json!([1]), &json!(2)));
        let data = json!({"test_cases": {"fn_name": null, "input": ["1"], "output": ["2"]}});
        assert_eq!(read(&data).unwrap().function, None);
    }

    #[test]
    fn inputs_in_strings_are_parsed_when_asked_for() {
        let data = json!({"test_cases": {
            "type": "function_call", "fn_name": "f", "json_input": true,
            "input": ["[1, 2]\n\"a\"", [3]], "output": ["[1]", [4]],
        }});
        let cases = read(&data).unwrap();
        assert_eq!(cases.inputs, [json!([[1, 2], "a"]), json!([3])]);
        assert_eq!(cases.expected, [json!([1]), json!(4)]);
    }

    #[test]
    fn rows_and_data_sets_are_tests_too() {
        let data = json!({"test_cases": [{"type": "stdin_stdout", "input": "1", "output": "2"}]});
        assert_eq!(read(&data).unwrap().inputs, [json!("1")]);
        let test = json!([{"input": {"stdin": "1"}, "output": {"stdout": "2"}}]);
        for data in [json!({"test": test}), json!({"test": test.to_string()})] {
            assert_eq!(read(&data).unwrap().expected, [json!("2")]);
        }
    }

    #[test]
    fn mistakes_are_named() {
        for (data, place) in [
            (json!({}), json!(["body", "test_cases"])),
            (json!({"test_cases": []}), json!(["body", "test_cases"])),
            (
                json!({"test_cases": {"input": [], "output": []}}),
                json!(["body", "test_cases", "input"]),
            ),
            (
                json!({"test_cases": {"input": ["1"], "output": []}}),
                json!(["body", "test_cases", "output"]),
            ),
            (
                json!({"test_cases": {"input": [1], "output": ["1"]}}),
                json!(["body", "test_cases", "input", 0]),
            ),
            (
                json!({"test_cases": {"fn_name": "f", "input": [[1]], "output": [1]}}),
                json!(["body", "test_cases", "output", 0]),
            ),
            (json!({"test_cases": {"type": "assert"}}), json!(["body", "test_cases", "type"])),
            (
                json!({"test_cases": [{"input": "1", "output": "1"}, {"fn_name": "f", "input": [], "output": [1]}]}),
                json!(["body", "test_cases", 1, "fn_name"]),
            ),
            (json!({"test": [{"input": {}}]}), json!(["body", "test", 0])),
        ] {
            assert_eq!(read(&data).unwrap_err()[0], place, "{data}");
        }
    }

    #[test]
    fn long_strings_of_passed_tests_are_cut_in_the_middle() {
        let long = "é".repeat(2000);
        let cases =
            Cases { inputs: vec![json!(long)], expected: vec![json!("x")], ..Cases::default() };
        let info = cases.info(0, false);
        assert_eq!(info["input"]["stdin"].as_str().unwrap().chars().count(), 1003);
        assert_eq!(cases.info(0, true)["input"]["stdin"], json!(long));
    }
}
