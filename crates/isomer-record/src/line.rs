//! A line of `tasks.jsonl`: the dataset as everybody reads it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{Comparison, Elements, ExpectedTests, JudgeMode, NearMiss, Suite};

/// One hardened task. The names are a contract with whoever reads the dataset; lines of other makers
/// need `id`, `statement` and `judge_mode` alone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TaskLine {
    /// Content address of the task.
    pub id: String,
    /// The domain it comes from.
    #[serde(default)]
    pub pack: String,
    /// The text a solver reads.
    pub statement: String,
    /// How solutions are judged.
    pub judge_mode: JudgeMode,
    /// The function to write, in [`JudgeMode::Call`].
    #[serde(default)]
    pub fn_name: Option<String>,
    /// How answers are compared.
    #[serde(default)]
    pub comparison: Comparison,
    /// Python source that every solution begins with, in [`JudgeMode::Pytest`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub header: Option<String>,
    /// Python source of the reference solution.
    #[serde(default)]
    pub solution: String,
    /// Python source that defines `generate_tests(seed)`, except in [`JudgeMode::Pytest`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub generator: Option<String>,
    /// Python source of the test file, in [`JudgeMode::Pytest`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pytest: Option<String>,
    /// What the reference solution showed under the test file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected: Option<ExpectedTests>,
    /// The tests, except in [`JudgeMode::Pytest`].
    #[serde(default)]
    pub tests: Option<TestsLine>,
    /// The blueprint.
    #[serde(default)]
    pub elements: Elements,
    /// The first core element; packs may have more.
    #[serde(default)]
    pub core_element: Option<String>,
    /// All core elements.
    #[serde(default)]
    pub core_elements: Vec<String>,
    /// Seed ids, the one that gave the core elements first.
    #[serde(default)]
    pub parents: Vec<String>,
    /// What attacked the tests.
    #[serde(default)]
    pub near_misses: Vec<NearMiss>,
    /// Share of counted near-misses the first tests killed.
    #[serde(default)]
    pub kill_rate_before: f64,
    /// Share of counted near-misses the final tests kill.
    #[serde(default)]
    pub kill_rate_after: f64,
    /// Improvements of the tests that were asked for.
    #[serde(default)]
    pub rounds: u32,
    /// Inputs on which survivors were compared with the reference.
    #[serde(default)]
    pub inputs_tried: u64,
    /// Repairs that were needed before the reference passed.
    #[serde(default)]
    pub repairs: u32,
    /// Where it comes from.
    #[serde(default)]
    pub provenance: Option<Provenance>,
}

impl TaskLine {
    /// The tests as they are judged, except in [`JudgeMode::Pytest`].
    pub fn suite(&self) -> Option<Suite> {
        self.tests.as_ref().map(|tests| tests.suite(self.judge_mode))
    }
}

/// The tests in the shape of APPS and TACO, where a returned value is wrapped in a list of one.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct TestsLine {
    /// What the program is given.
    pub input: Vec<Value>,
    /// What it must answer.
    pub output: Vec<Value>,
    /// The function that is called.
    pub fn_name: Option<String>,
    /// `stdin_stdout` or `function_call`.
    pub r#type: String,
}

impl TestsLine {
    /// Writes a suite of a mode that has one.
    pub fn new(suite: &Suite, mode: JudgeMode, fn_name: Option<&str>) -> Option<Self> {
        let kind = mode.test_type()?;
        let wrapped = |value: &Value| match mode {
            JudgeMode::Call => Value::Array(vec![value.clone()]),
            JudgeMode::Stdio | JudgeMode::Pytest => value.clone(),
        };
        Some(Self {
            input: suite.input.clone(),
            output: suite.output.iter().map(wrapped).collect(),
            fn_name: fn_name.map(str::to_owned),
            r#type: kind.to_owned(),
        })
    }

    /// Reads the suite back; a value that somebody left unwrapped is taken as it is.
    pub fn suite(&self, mode: JudgeMode) -> Suite {
        let unwrapped = |value: &Value| match (mode, value) {
            (JudgeMode::Call, Value::Array(items)) if items.len() == 1 => items[0].clone(),
            _ => value.clone(),
        };
        Suite { input: self.input.clone(), output: self.output.iter().map(unwrapped).collect() }
    }
}

/// Where a task comes from; nothing here depends on time.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Provenance {
    /// Version of isomer.
    pub isomer: String,
    /// Names of the models that answered, as their servers give them.
    pub model: String,
    /// Whether any answer came from a recording.
    pub replayed: bool,
    /// Digest of the pack.
    pub pack_digest: String,
    /// Digest of its prompts.
    pub prompts_digest: String,
    /// The run's seed.
    pub seed: u64,
    /// Number of the blueprint of its first seed.
    pub sample: u32,
    /// Answered calls by stage, from the blueprint on.
    pub calls: BTreeMap<String, u32>,
    /// Tokens sent.
    pub prompt_tokens: u64,
    /// Tokens received.
    pub completion_tokens: u64,
    /// Cost in US dollars, where the price of every call is known.
    pub cost_usd: Option<f64>,
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{TaskLine, TestsLine};
    use crate::{JudgeMode, Suite};

    #[test]
    fn tests_take_the_shape_of_taco_and_come_back() {
        let suite = Suite { input: vec![json!([1, [2]])], output: vec![json!([3])] };
        let call = TestsLine::new(&suite, JudgeMode::Call, Some("add")).unwrap();
        assert_eq!(
            serde_json::to_value(&call).unwrap(),
            json!({"input": [[1, [2]]], "output": [[[3]]], "fn_name": "add", "type": "function_call"})
        );
        assert_eq!(call.suite(JudgeMode::Call), suite);
        let suite = Suite { input: vec![json!("1\n")], output: vec![json!("2\n")] };
        let stdio = TestsLine::new(&suite, JudgeMode::Stdio, None).unwrap();
        assert_eq!(
            serde_json::to_value(&stdio).unwrap(),
            json!({"input": ["1\n"], "output": ["2\n"], "fn_name": null, "type": "stdin_stdout"})
        );
        assert_eq!(stdio.suite(JudgeMode::Stdio), suite);
        assert_eq!(TestsLine::new(&suite, JudgeMode::Pytest, None), None);
    }

    #[test]
    fn lines_of_other_makers_are_read() {
        let line = r#"{"id": "7", "statement": "Add.", "judge_mode": "pytest", "pytest": "def test_a(): pass",
            "tests": null, "expected": {"tests": ["a"], "trust": "two_process", "asked": []}, "stars": 5,
            "provenance": {"model": "some-model", "cost_usd": 0.25}}"#;
        let line: TaskLine = serde_json::from_str(line).unwrap();
        assert_eq!(line.judge_mode, JudgeMode::Pytest);
        assert_eq!(line.expected.as_ref().unwrap().tests, ["a"]);
        assert_eq!(line.provenance.as_ref().unwrap().cost_usd, Some(0.25));
        assert!(line.suite().is_none() && line.solution.is_empty());
        let again: TaskLine = serde_json::from_str(&serde_json::to_string(&line).unwrap()).unwrap();
        assert_eq!(again, line);
    }
}
