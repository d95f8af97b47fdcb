//! The problems: a program, inputs, and what it must print.

use isomer_sandbox::{Entry, Job, Limits, Stop};
use serde_json::Value;

/// A right program with its tests.
#[derive(Clone, Debug)]
pub(crate) struct Problem {
    /// Its name in tables.
    pub(crate) name: String,
    /// The program.
    pub(crate) source: &'static str,
    /// Inputs with expected outputs.
    pub(crate) tests: Vec<(String, String)>,
    /// What is loaded before it, where something can be.
    packages: &'static [&'static str],
}

const SUM: &str = "print(sum(map(int, input().split())))";

const IMPORT: &str = "import pandas\nprint(sum(map(int, input().split())))";

const GROUPS: &str = r#"import pandas as pd
numbers = [int(word) for word in input().split()]
frame = pd.DataFrame({"key": [number % 3 for number in numbers], "value": numbers})
for key, value in frame.groupby("key")["value"].sum().items():
    print(key, value)
"#;

const PANDAS: &[&str] = &["numpy", "pandas"];

impl Problem {
    /// Adds numbers: as little as a program can do that reads and prints.
    pub(crate) fn tiny(tests: usize) -> Self {
        Self::new(&format!("tiny, {tests} tests"), SUM, sums(tests), &[])
    }

    /// Adds numbers, but imports pandas first.
    pub(crate) fn import() -> Self {
        Self::new("`import pandas`, then tiny", IMPORT, sums(1), PANDAS)
    }

    /// A small table, grouped and added up.
    pub(crate) fn groups() -> Self {
        let numbers: Vec<String> = (0..60).map(|number| number.to_string()).collect();
        let answers = "0 570\n1 590\n2 610\n".to_owned();
        Self::new("pandas, small groupby", GROUPS, vec![(numbers.join(" "), answers)], PANDAS)
    }

    fn new(
        name: &str,
        source: &'static str,
        tests: Vec<(String, String)>,
        packages: &'static [&'static str],
    ) -> Self {
        let name = name.replace(" 1 tests", " 1 test");
        Self { name, source, tests, packages }
    }

    /// The problem as a job of the sandbox.
    pub(crate) fn job(&self, width: usize) -> Job {
        Job {
            source: self.source.to_owned(),
            entry: Entry::Stdio,
            inputs: self.tests.iter().map(|(input, _)| Value::String(input.clone())).collect(),
            limits: Limits { memory_bytes: 4 << 30, ..Limits::default() },
            stop: Stop::Never,
            packages: self.packages.iter().map(ToString::to_string).collect(),
            width,
            ..Job::default()
        }
    }
}

fn sums(tests: usize) -> Vec<(String, String)> {
    (0..tests).map(|number| (format!("{number} 2\n"), format!("{}\n", number + 2))).collect()
}
