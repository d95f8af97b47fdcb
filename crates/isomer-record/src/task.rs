//! A task on its way from design to hardened.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{ExpectedTests, Verdict};

/// How a solution is run and judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JudgeMode {
    /// A program reads standard input and writes standard output.
    Stdio,
    /// A function is called with JSON arguments and returns a JSON value.
    Call,
    /// A file of pytest tests imports the module `solution`.
    Pytest,
}

impl JudgeMode {
    /// The name used in packs and records.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Stdio => "stdio",
            Self::Call => "call",
            Self::Pytest => "pytest",
        }
    }

    /// The name that APPS, TACO and the graders built on them use for this mode, where they know it.
    pub const fn test_type(self) -> Option<&'static str> {
        match self {
            Self::Stdio => Some("stdin_stdout"),
            Self::Call => Some("function_call"),
            Self::Pytest => None,
        }
    }
}

/// How an answer is compared with the expected one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Comparison {
    /// `stdio`: line by line after stripping white space at line ends and at the end.
    /// `call`: as values.
    #[default]
    Exact,
    /// As [`Comparison::Exact`], but numbers with a fraction may differ by 1e-9, absolute or
    /// relative; `stdio` output is compared token by token.
    Float,
    /// `stdio`: the same words in the same order, however they are spread over lines.
    /// `call`: as [`Comparison::Exact`].
    Token,
    /// `stdio`: the same lines in any order. `call`: a list with the same elements in any order.
    Unordered,
}

/// A complete task statement (step 3).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Design {
    /// The text a solver reads.
    pub statement: String,
    /// How solutions are judged.
    pub judge_mode: JudgeMode,
    /// The function to write, in [`JudgeMode::Call`].
    pub fn_name: Option<String>,
    /// How answers are compared.
    pub comparison: Comparison,
    /// Python source that every solution keeps, imports and signatures, in [`JudgeMode::Pytest`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub header: Option<String>,
}

/// A design with its reference solution and the source of its tests, not yet run (step 4).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Candidate {
    /// The task.
    pub design: Design,
    /// Python source of the reference solution.
    pub solution: String,
    /// What makes its tests.
    #[serde(flatten)]
    pub tests: TestSource,
}

/// Python source that makes the tests of a task; written as a field of the name of its kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TestSource {
    /// Defines `generate_tests(seed)`.
    Generator(String),
    /// A file of pytest tests, in [`JudgeMode::Pytest`].
    Pytest(String),
}

impl TestSource {
    /// The generator, if that is what makes the tests.
    pub fn generator(&self) -> Option<&str> {
        match self {
            Self::Generator(source) => Some(source),
            Self::Pytest(_) => None,
        }
    }

    /// The test file, if that is what holds the tests.
    pub fn pytest(&self) -> Option<&str> {
        match self {
            Self::Pytest(source) => Some(source),
            Self::Generator(_) => None,
        }
    }
}

/// The tests of a task: `input[i]` must lead to `output[i]`.
///
/// In [`JudgeMode::Stdio`] both are strings. In [`JudgeMode::Call`] an input is the array of
/// positional arguments and an output is the returned value.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Suite {
    /// What the program is given.
    pub input: Vec<Value>,
    /// What it must answer.
    pub output: Vec<Value>,
}

impl Suite {
    /// Number of tests.
    pub fn len(&self) -> usize {
        self.input.len()
    }

    /// Whether there is no test.
    pub fn is_empty(&self) -> bool {
        self.input.is_empty()
    }
}

/// A candidate whose reference solution passed its whole suite, twice (step 4).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Verified {
    /// The task, solution and tests that were run.
    pub candidate: Candidate,
    /// What the generator made for its first seed, as the solution confirmed it; empty in
    /// [`JudgeMode::Pytest`].
    pub suite: Suite,
    /// What the solution showed under its test file, in [`JudgeMode::Pytest`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected: Option<ExpectedTests>,
    /// Processor time of the reference solution on its slowest test, or on its test file, in ms.
    pub cpu_ms: u64,
    /// Peak resident memory of the reference solution over all tests, in bytes.
    pub memory_bytes: u64,
    /// Repairs that were needed before it passed.
    pub repairs: u32,
}

/// What became of a near-miss.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NearMissStatus {
    /// The suite rejects it.
    Killed,
    /// The suite accepts it although an input is known, or may exist, on which it is wrong.
    Survived,
    /// It agrees with the reference on every input ever generated for the task; left out of the
    /// kill rate.
    Indistinguishable,
    /// It fails for a reason that proves nothing about the tests: it does not compile, lacks the
    /// function, or repeats the reference; left out of the kill rate.
    Invalid,
}

/// A plausible but subtly wrong solution and how the tests dealt with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NearMiss {
    /// Python source.
    pub code: String,
    /// The mistake its author says it makes, or empty.
    #[serde(default)]
    pub mistake: String,
    /// Verdict of the suite before hardening: that of the first test it fails, or `accepted`.
    pub verdict_before: Verdict,
    /// Verdict of the final suite.
    pub verdict_after: Verdict,
    /// What became of it.
    pub status: NearMissStatus,
    /// Verdict of each test of the final suite, in order; none in a dataset that does not tell.
    #[serde(default)]
    pub verdicts: Vec<Verdict>,
}

/// A verified task whose tests withstood the near-misses (step 5).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Hardened {
    /// The task, with the final tests.
    pub verified: Verified,
    /// Near-misses with the verdicts of the final suite.
    pub near_misses: Vec<NearMiss>,
    /// Share of counted near-misses the first suite killed.
    pub kill_rate_before: f64,
    /// Share of counted near-misses the final suite kills.
    pub kill_rate_after: f64,
    /// Improvements of the tests that were asked for.
    pub rounds: u32,
    /// Inputs on which the survivors were compared with the reference in search of a difference.
    pub inputs_tried: u64,
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Candidate, TestSource};

    #[test]
    fn the_kind_of_the_tests_is_the_name_of_their_field() {
        let stored = json!({
            "design": {"statement": "s", "judge_mode": "call", "fn_name": "f", "comparison": "exact"},
            "solution": "a",
            "generator": "b",
            "bill": {"cost_usd": 0.5, "calls": {"solve": 1}},
        });
        let candidate: Candidate = serde_json::from_value(stored.clone()).unwrap();
        assert_eq!(candidate.tests, TestSource::Generator("b".to_owned()));
        let mut written = serde_json::to_value(&candidate).unwrap();
        written["bill"] = stored["bill"].clone();
        assert_eq!(written, stored);
        let tests = TestSource::Pytest("c".to_owned());
        let written = serde_json::to_value(Candidate { tests, ..candidate }).unwrap();
        assert_eq!((written.get("generator"), &written["pytest"]), (None, &json!("c")));
    }
}
