//! What makes a suite: pure checks of what a generator returned.

use std::collections::BTreeMap;

use isomer_record::{DropReason, JudgeMode, Suite};
use serde_json::Value;

use super::Flaw;
use super::flaw::show;
use crate::pack::SuiteLimits;

/// Reads `{"input": [...], "output": [...]}`; tests with the same input and output count once.
pub(super) fn read(value: &Value, mode: JudgeMode) -> Result<Suite, Flaw> {
    let input = column(value, "input")?;
    let output = column(value, "output")?;
    if input.len() != output.len() {
        let detail = format!("{} inputs but {} outputs", input.len(), output.len());
        return Err(malformed(detail));
    }
    let mut suite = Suite::default();
    let mut seen: BTreeMap<String, &Value> = BTreeMap::new();
    for (index, (question, answer)) in input.iter().zip(output).enumerate() {
        typed(index, question, answer, mode)?;
        match seen.insert(question.to_string(), answer) {
            None => {
                suite.input.push(question.clone());
                suite.output.push(answer.clone());
            }
            Some(before) if before == answer => {}
            Some(before) => {
                return Err(malformed(format!(
                    "the input {} comes twice, with the outputs {} and {}",
                    show(question),
                    show(before),
                    show(answer)
                )));
            }
        }
    }
    Ok(suite)
}

/// Whether the suite may be a task's: enough tests, none too large, and not trivial. Tests beyond
/// the most that are allowed are cut off.
pub(super) fn check(mut suite: Suite, limits: &SuiteLimits) -> Result<Suite, Flaw> {
    let most = usize::try_from(limits.max_tests).unwrap_or(usize::MAX);
    suite.input.truncate(most);
    suite.output.truncate(most);
    let tests = suite.len() as u64;
    if tests < limits.min_tests {
        let detail = format!("{tests} distinct tests, at least {} are needed", limits.min_tests);
        return Err(Flaw::new(DropReason::SuiteTooSmall, detail));
    }
    sizes(&suite, limits)?;
    trivial(&suite)?;
    Ok(suite)
}

/// Bytes of one test as JSON.
pub(crate) fn test_size(input: &Value, output: &Value) -> u64 {
    (input.to_string().len() + output.to_string().len()) as u64
}

/// Bytes of all tests as JSON.
pub(crate) fn size(suite: &Suite) -> u64 {
    suite.input.iter().zip(&suite.output).map(|(input, output)| test_size(input, output)).sum()
}

fn column<'a>(value: &'a Value, name: &str) -> Result<&'a Vec<Value>, Flaw> {
    let Some(object) = value.as_object() else {
        return Err(malformed(format!("a dict is needed, not {}", kind(value))));
    };
    match object.get(name) {
        Some(Value::Array(items)) => Ok(items),
        Some(other) => Err(malformed(format!("`{name}` is {}, not a list", kind(other)))),
        None => Err(malformed(format!("the dict has no `{name}`"))),
    }
}

fn typed(index: usize, input: &Value, output: &Value, mode: JudgeMode) -> Result<(), Flaw> {
    let number = index + 1;
    match mode {
        JudgeMode::Call if !input.is_array() => Err(malformed(format!(
            "input {number} is {}, not the list of positional arguments",
            kind(input)
        ))),
        JudgeMode::Stdio if !input.is_string() => {
            Err(malformed(format!("input {number} is {}, not a string", kind(input))))
        }
        JudgeMode::Stdio if !output.is_string() => {
            Err(malformed(format!("output {number} is {}, not a string", kind(output))))
        }
        _ => Ok(()),
    }
}

fn sizes(suite: &Suite, limits: &SuiteLimits) -> Result<(), Flaw> {
    for (index, (input, output)) in suite.input.iter().zip(&suite.output).enumerate() {
        let bytes = test_size(input, output);
        if let Some(most) = limits.max_test_bytes.filter(|most| bytes > *most) {
            let detail =
                format!("test {} takes {bytes} bytes, at most {most} are allowed", index + 1);
            return Err(Flaw::new(DropReason::SuiteTooLarge, detail));
        }
    }
    let bytes = size(suite);
    if bytes > limits.max_suite_bytes {
        let most = limits.max_suite_bytes;
        let detail = format!("the tests take {bytes} bytes, at most {most} are allowed");
        return Err(Flaw::new(DropReason::SuiteTooLarge, detail));
    }
    Ok(())
}

/// A constant program, or one that gives back what it is given, must not pass.
fn trivial(suite: &Suite) -> Result<(), Flaw> {
    if suite.output.windows(2).all(|pair| plain(&pair[0]) == plain(&pair[1])) {
        return Err(Flaw::new(DropReason::SuiteTrivial, "all outputs are equal"));
    }
    let echoes = |(input, output): (&Value, &Value)| match input {
        Value::Array(arguments) => arguments.len() == 1 && arguments.first() == Some(output),
        other => plain(other) == plain(output),
    };
    if suite.input.iter().zip(&suite.output).all(echoes) {
        return Err(Flaw::new(DropReason::SuiteTrivial, "every output repeats its input"));
    }
    Ok(())
}

fn plain(value: &Value) -> Value {
    value.as_str().map_or_else(|| value.clone(), |text| text.trim().into())
}

fn malformed(detail: impl Into<String>) -> Flaw {
    Flaw::new(DropReason::SuiteMalformed, detail)
}

const fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "None",
        Value::Bool(_) => "a bool",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "a dict",
    }
}

#[cfg(test)]
mod tests {
    use isomer_record::{DropReason, JudgeMode, Suite};
    use serde_json::{Value, json};

    use super::{check, read};
    use crate::pack::SuiteLimits;

    const LIMITS: SuiteLimits =
        SuiteLimits { min_tests: 2, max_tests: 3, max_test_bytes: Some(40), max_suite_bytes: 60 };

    fn reason(value: &Value, mode: JudgeMode) -> Option<DropReason> {
        read(value, mode).and_then(|suite| check(suite, &LIMITS)).err().map(|flaw| flaw.reason)
    }

    fn stdio(input: &[&str], output: &[&str]) -> Option<DropReason> {
        reason(&json!({ "input": input, "output": output }), JudgeMode::Stdio)
    }

    #[test]
    fn suites_that_are_accepted() {
        assert_eq!(stdio(&["1", "2"], &["a", "b"]), None);
        let call = json!({ "input": [[1], [[1], "x"]], "output": [null, {"a": 1}] });
        assert_eq!(reason(&call, JudgeMode::Call), None);
    }

    #[test]
    fn suites_that_are_malformed() {
        let cases = [
            json!([]),
            json!({ "input": [] }),
            json!({ "input": [], "output": 1 }),
            json!({ "input": ["1"], "output": [] }),
            json!({ "input": [1], "output": ["1"] }),
            json!({ "input": ["1"], "output": [1] }),
            json!({ "input": ["1", "1"], "output": ["1", "2"] }),
        ];
        for case in cases {
            assert_eq!(reason(&case, JudgeMode::Stdio), Some(DropReason::SuiteMalformed), "{case}");
        }
        let call = json!({ "input": ["1"], "output": ["1"] });
        assert_eq!(reason(&call, JudgeMode::Call), Some(DropReason::SuiteMalformed));
    }

    #[test]
    fn repeated_tests_count_once() {
        assert_eq!(stdio(&["1", "1"], &["a", "a"]), Some(DropReason::SuiteTooSmall));
        assert_eq!(stdio(&[], &[]), Some(DropReason::SuiteTooSmall));
    }

    #[test]
    fn tests_beyond_the_most_are_cut_off() {
        let value = json!({ "input": ["1", "2", "3", "4"], "output": ["a", "b", "c", "d"] });
        let suite = read(&value, JudgeMode::Stdio).and_then(|suite| check(suite, &LIMITS)).unwrap();
        assert_eq!(suite.input, ["1", "2", "3"]);
        assert_eq!(suite.output, ["a", "b", "c"]);
    }

    #[test]
    fn large_suites_are_refused() {
        let long = "x".repeat(50);
        assert_eq!(stdio(&[&long, "2"], &["a", "b"]), Some(DropReason::SuiteTooLarge));
        let half = "x".repeat(30);
        assert_eq!(
            stdio(&[&half, &format!("{half}y")], &["a", "b"]),
            Some(DropReason::SuiteTooLarge)
        );
    }

    #[test]
    fn trivial_suites_are_refused() {
        assert_eq!(stdio(&["1", "2"], &["a\n", "a"]), Some(DropReason::SuiteTrivial));
        assert_eq!(stdio(&["1", "2"], &["1\n", "2"]), Some(DropReason::SuiteTrivial));
        let identity = json!({ "input": [[1], [2]], "output": [1, 2] });
        assert_eq!(reason(&identity, JudgeMode::Call), Some(DropReason::SuiteTrivial));
        let empty =
            Suite { input: vec!["1".into(), "2".into()], output: vec!["".into(), "".into()] };
        assert_eq!(check(empty, &LIMITS).unwrap_err().reason, DropReason::SuiteTrivial);
    }
}
