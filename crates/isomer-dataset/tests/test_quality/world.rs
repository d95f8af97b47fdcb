//! A sandbox and small tasks.

use std::path::PathBuf;
use std::time::Duration;

use isomer_dataset::measure::test_quality::{TaskTests, TestSettings, Until, examine};
use isomer_dataset::verify::Conditions;
use isomer_record::TaskLine;
use isomer_sandbox::{Isolation, Limits, Sandbox, Settings};
use serde_json::{Value, json};

pub(crate) async fn sandbox(python: Option<PathBuf>) -> Sandbox {
    let launcher = std::env::current_exe().unwrap();
    let settings = Settings { launcher, python, slots: 2, isolation: Isolation::Full };
    Sandbox::open(settings).await.unwrap()
}

pub(crate) fn settings() -> TestSettings {
    let limits =
        Limits { cpu_ms: 2_000, wall_ms: 5_000, memory_bytes: 512 << 20, ..Limits::default() };
    TestSettings {
        conditions: Conditions { limits, packages: Vec::new() },
        generator: limits,
        inputs: 40,
        time: Duration::from_secs(300),
        ..TestSettings::default()
    }
}

pub(crate) fn task(value: Value) -> TaskLine {
    let mut value = value;
    value["id"] = "t".into();
    value["statement"] = "s".into();
    serde_json::from_value(value).unwrap()
}

/// A task whose tests are those inputs and outputs.
pub(crate) fn stdio(solution: &str, tests: &[(&str, &str)]) -> TaskLine {
    let (input, output): (Vec<&str>, Vec<&str>) = tests.iter().copied().unzip();
    task(json!({
        "judge_mode": "stdio", "solution": solution,
        "tests": {"input": input, "output": output, "type": "stdin_stdout"},
    }))
}

/// A task of the function `f`, whose tests are those arguments and results.
pub(crate) fn call(solution: &str, tests: &[(Value, Value)]) -> TaskLine {
    let (input, output): (Vec<&Value>, Vec<Value>) =
        tests.iter().map(|(input, output)| (input, json!([output]))).unzip();
    task(json!({
        "judge_mode": "call", "fn_name": "f", "solution": solution,
        "tests": {"input": input, "output": output, "fn_name": "f", "type": "function_call"},
    }))
}

pub(crate) async fn found(sandbox: &Sandbox, task: &TaskLine) -> TaskTests {
    examine(task, &settings(), Until::FirstKill, sandbox).await.unwrap()
}

/// The same with every test on every mutant.
pub(crate) async fn found_by_every_test(sandbox: &Sandbox, task: &TaskLine) -> TaskTests {
    examine(task, &settings(), Until::LastTest, sandbox).await.unwrap()
}

/// Lines reached and lines, branches taken and branches, lines missed.
pub(crate) fn figures(found: &TaskTests) -> ([u32; 4], Vec<u32>) {
    let coverage = found.coverage.clone().unwrap_or_else(|| panic!("no coverage: {found:?}"));
    let numbers =
        [coverage.lines_reached, coverage.lines, coverage.branches_taken, coverage.branches];
    (numbers, coverage.missed)
}
