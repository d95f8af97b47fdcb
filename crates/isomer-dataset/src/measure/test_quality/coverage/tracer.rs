//! The reference with a tracer beside it.

use isomer_record::JudgeMode;
use isomer_sandbox::{Entry, Job, Limits, Stop, TestJob};
use isomer_syntax::Paths;
use serde_json::{Value, json};

use super::super::trial::Trial;

/// Runs `_SETTING["source"]` and notes what it reaches.
const TRACER: &str = include_str!("tracer.py");

/// The file that it leaves in the working folder.
const FILE: &str = "reached.txt";

/// The test at the end of a file that asks what was reached; its name cannot be a test's own.
const TEST: &str = "test_what_isomer_reached";

/// A job that leaves what it reached in a file.
pub(super) fn job(trial: &Trial<'_>, paths: &Paths, limits: Limits) -> Job {
    let suite = &trial.held.suite;
    let task = &trial.held.task;
    let call = task.judge_mode == JudgeMode::Call;
    let function = task.fn_name.as_deref().filter(|_| call);
    let inputs =
        suite.input.iter().map(|input| if call { input.to_string().into() } else { input.clone() });
    Job {
        source: traced(trial, paths, &json!({ "file": FILE, "function": function }), limits),
        entry: Entry::Stdio,
        inputs: inputs.collect(),
        fetch: vec![FILE.to_owned()],
        limits,
        stop: Stop::AfterTimeLimits(2),
        ..trial.job("", limits)
    }
}

/// A session whose last test tells what the others reached.
pub(super) fn session(trial: &Trial<'_>, paths: &Paths, limits: Limits) -> TestJob {
    let mut session = trial.session(&traced(trial, paths, &json!({}), limits));
    session.limits = limits;
    session.tests += "\n\ndef ";
    session.tests += TEST;
    session.tests +=
        "():\n    import pytest, solution\n    pytest.skip(solution.what_isomer_reached())\n";
    session
}

/// Whether a test is the one that tells.
pub(super) fn tells(test: &str) -> bool {
    test.ends_with(TEST)
}

fn traced(trial: &Trial<'_>, paths: &Paths, setting: &Value, limits: Limits) -> String {
    let heads = paths.branches.iter().flat_map(|branch| branch.line..=branch.last_line);
    let mut setting = setting.clone();
    setting["source"] = trial.held.task.solution.as_str().into();
    setting["heads"] = heads.collect::<Vec<_>>().into();
    // Half of its time, so that the other half is left for the end without a tracer.
    setting["milliseconds"] = (limits.cpu_ms / 2).into();
    // A string of JSON, its quotes included, is one of Python as well.
    format!("_SETTING = {}\n{TRACER}", Value::from(setting.to_string()))
}
