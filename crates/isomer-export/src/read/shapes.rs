//! The layouts that are known, told apart by their fields.

use std::fmt::Write as _;

use isomer_record::{JudgeMode, NearMiss, NearMissStatus, TaskLine, Verdict};
use serde_json::{Map, Value, json};

use super::NoTask;
use super::field::{asked, at, first_text, id, parsed, text};
use super::tests_of::{self, Tests};
use super::unpickle;

/// Reads a row if it has the layout's fields.
type Shape = fn(&Value) -> Option<Result<TaskLine, NoTask>>;

/// All layouts; those with the most telling fields first.
pub(super) const SHAPES: &[Shape] = &[
    native,
    verl,
    verification_info,
    official_tests,
    reward_spec,
    unit_tests,
    live_code_bench,
    code_contests,
    big_code_bench,
    human_eval,
    mbpp,
    input_output,
    messages,
    info,
    label,
];

/// A task with a statement and nothing else yet.
fn blank(row: &Value, statement: String) -> TaskLine {
    TaskLine {
        id: id(row, &statement),
        pack: String::new(),
        statement,
        judge_mode: JudgeMode::Stdio,
        fn_name: None,
        comparison: isomer_record::Comparison::default(),
        header: None,
        solution: String::new(),
        generator: None,
        pytest: None,
        expected: None,
        tests: None,
        elements: isomer_record::Elements::default(),
        core_element: None,
        core_elements: Vec::new(),
        parents: Vec::new(),
        near_misses: Vec::new(),
        kill_rate_before: 0.0,
        kill_rate_after: 0.0,
        rounds: 0,
        inputs_tried: 0,
        repairs: 0,
        provenance: None,
    }
}

fn tested(
    row: &Value,
    statement: String,
    tests: Result<Tests, NoTask>,
) -> Result<TaskLine, NoTask> {
    let tests = tests?;
    let mut line = blank(row, statement);
    line.judge_mode = tests.mode;
    line.fn_name = tests.fn_name;
    line.tests = tests.line;
    if let Some(solution) = first_text(row, &["solutions", "solution"]) {
        line.solution = solution;
    }
    Ok(line)
}

/// A line of `tasks.jsonl`, or a row of our Parquet, where what is nested is JSON text.
fn native(row: &Value) -> Option<Result<TaskLine, NoTask>> {
    let line = whole(row)?;
    Some(serde_json::from_value(line).map_err(|error| NoTask::field("row", error)))
}

/// A row of ours as a line of `tasks.jsonl` has it: Parquet holds nested fields as text, and nulls where
/// there is nothing. `None` for rows of other makers.
pub fn whole(row: &Value) -> Option<Value> {
    const NESTED: [&str; 7] =
        ["expected", "tests", "elements", "core_elements", "parents", "near_misses", "provenance"];
    text(row, &["judge_mode"])?;
    text(row, &["statement"])?;
    let mut fields: Map<String, Value> = row.as_object()?.clone();
    fields.retain(|_, value| !value.is_null());
    for name in NESTED {
        if let Some(value) = fields.get(name).filter(|value| value.is_string()).and_then(parsed) {
            fields.insert(name.to_owned(), value);
        }
    }
    Some(Value::Object(fields))
}

fn verl(row: &Value) -> Option<Result<TaskLine, NoTask>> {
    let truth = at(row, &["reward_model", "ground_truth"])?;
    let statement = asked(row, "prompt")?;
    Some(tested(row, statement, tests_of::in_outs("reward_model.ground_truth", truth)))
}

/// open-r1.
fn verification_info(row: &Value) -> Option<Result<TaskLine, NoTask>> {
    let info = parsed(at(row, &["verification_info"])?)?;
    let tests = at(&info, &["test_cases"])?;
    let statement = asked(row, "prompt").or_else(|| asked(row, "problem"))?;
    Some(tested(row, statement, tests_of::list("verification_info.test_cases", tests, None)))
}

/// open-r1's Codeforces.
fn official_tests(row: &Value) -> Option<Result<TaskLine, NoTask>> {
    let tests = at(row, &["official_tests"])?;
    let statement = asked(row, "prompt").or_else(|| asked(row, "description"))?;
    Some(tested(row, statement, tests_of::list("official_tests", tests, None)))
}

/// SkyRL and rLLM.
fn reward_spec(row: &Value) -> Option<Result<TaskLine, NoTask>> {
    let truth = at(row, &["reward_spec", "ground_truth"]).or_else(|| {
        text(row, &["question"])?;
        at(row, &["ground_truth"])
    })?;
    let statement = asked(row, "question").or_else(|| asked(row, "prompt"))?;
    Some(tested(row, statement, tests_of::list("ground_truth", truth, None)))
}

/// NeMo-Gym.
fn unit_tests(row: &Value) -> Option<Result<TaskLine, NoTask>> {
    let tests = at(row, &["verifier_metadata", "unit_tests"])?;
    let statement = asked(at(row, &["responses_create_params"])?, "input")?;
    Some(tested(row, statement, tests_of::in_outs("verifier_metadata.unit_tests", tests)))
}

fn live_code_bench(row: &Value) -> Option<Result<TaskLine, NoTask>> {
    let statement = with_starter(row, text(row, &["question_content"])?);
    let public = at(row, &["public_test_cases"])?;
    let name = at(row, &["metadata"]).and_then(parsed);
    let name = name.as_ref().and_then(|metadata| text(metadata, &["func_name"]));
    let mut all: Vec<Value> = Vec::new();
    for tests in [Some(public), at(row, &["private_test_cases"])].into_iter().flatten() {
        let read =
            parsed(tests).or_else(|| serde_json::from_str(&unpickle::text(tests.as_str()?)?).ok());
        match read {
            Some(Value::Array(tests)) => all.extend(tests),
            _ => return Some(Err(NoTask::field("private_test_cases", "it is no list of tests"))),
        }
    }
    let tests = tests_of::list("public_test_cases", &Value::Array(all), name);
    Some(tested(row, statement, tests))
}

/// Tests for everybody, hidden and generated; solutions right and wrong, of which Python's are read.
fn code_contests(row: &Value) -> Option<Result<TaskLine, NoTask>> {
    at(row, &["public_tests"])?;
    let statement = text(row, &["description"])?.to_owned();
    let tests = tests_of::columns(row, &["public_tests", "private_tests", "generated_tests"]);
    let mut bare = row.clone();
    bare.as_object_mut()?.remove("solutions");
    Some(tested(&bare, statement, tests).map(|mut line| {
        line.solution = python(row, "solutions").into_iter().next().unwrap_or_default();
        line.near_misses = python(row, "incorrect_solutions")
            .into_iter()
            .map(|code| labelled_wrong(code, Verdict::WrongAnswer))
            .collect();
        line
    }))
}

/// Programs whose language is Python 3, which has the number 3.
fn python(row: &Value, field: &str) -> Vec<String> {
    let list = |name| at(row, &[field, name]).and_then(Value::as_array);
    let (Some(languages), Some(programs)) = (list("language"), list("solution")) else {
        return Vec::new();
    };
    let is_python = |language: &Value| {
        language.as_i64() == Some(3)
            || language.as_str().is_some_and(|name| name.eq_ignore_ascii_case("python3"))
    };
    languages
        .iter()
        .zip(programs)
        .filter(|(language, _)| is_python(language))
        .filter_map(|(_, program)| program.as_str().map(str::to_owned))
        .collect()
}

/// A wrong program of somebody who says that it is one.
pub(super) fn labelled_wrong(code: String, verdict: Verdict) -> NearMiss {
    NearMiss {
        code,
        mistake: String::new(),
        verdict_before: verdict,
        verdict_after: verdict,
        status: NearMissStatus::Killed,
        verdicts: Vec::new(),
    }
}

fn big_code_bench(row: &Value) -> Option<Result<TaskLine, NoTask>> {
    let head = text(row, &["complete_prompt"])?;
    let test = text(row, &["test"])?;
    let statement = text(row, &["instruct_prompt"]).unwrap_or(head).to_owned();
    let body = text(row, &["canonical_solution"]).unwrap_or_default();
    let name = text(row, &["entry_point"])?;
    let solution = if body.is_empty() { String::new() } else { format!("{head}{body}") };
    Some(Ok(with_pytest(
        row,
        statement,
        solution,
        format!("from solution import *\nfrom solution import {name}\n\n{test}"),
    )))
}

fn human_eval(row: &Value) -> Option<Result<TaskLine, NoTask>> {
    let (name, test) = (text(row, &["entry_point"])?, text(row, &["test"])?);
    let prompt = text(row, &["prompt"])?;
    let body = text(row, &["canonical_solution"]).unwrap_or_default();
    let solution = match body {
        "" => String::new(),
        whole if whole.contains(&format!("def {name}(")) => whole.to_owned(),
        body => format!("{prompt}{body}"),
    };
    let file =
        format!("from solution import {name}\n\n{test}\n\n\ndef test_all():\n    check({name})\n");
    Some(Ok(with_pytest(row, prompt.to_owned(), solution, file)))
}

fn mbpp(row: &Value) -> Option<Result<TaskLine, NoTask>> {
    let list = at(row, &["test_list"])?.as_array()?;
    let statement = text(row, &["text"]).or_else(|| text(row, &["prompt"]))?.to_owned();
    let setup = text(row, &["test_setup_code"]).unwrap_or_default();
    let file = asserts(setup, list.iter().filter_map(Value::as_str));
    let solution = text(row, &["code"]).unwrap_or_default().to_owned();
    Some(Ok(with_pytest(row, statement, solution, file)))
}

/// One test for each statement.
fn asserts<'a>(setup: &str, statements: impl Iterator<Item = &'a str>) -> String {
    let mut file = format!("from solution import *\n{setup}\n");
    for (index, statement) in statements.enumerate() {
        let body = statement.trim().replace('\n', "\n    ");
        let _ = write!(file, "\n\ndef test_{index}():\n    {body}\n");
    }
    file
}

fn with_pytest(row: &Value, statement: String, solution: String, file: String) -> TaskLine {
    let mut line = blank(row, statement);
    line.judge_mode = JudgeMode::Pytest;
    line.solution = solution;
    line.pytest = Some(file);
    line
}

/// APPS and TACO.
fn input_output(row: &Value) -> Option<Result<TaskLine, NoTask>> {
    let statement = with_starter(row, text(row, &["question"])?);
    let tests = at(row, &["input_output"])?;
    // Some rows of APPS have none.
    let none = json!({"inputs": [], "outputs": []});
    let tests = if tests.as_str() == Some("") { &none } else { tests };
    Some(tested(row, statement, tests_of::in_outs("input_output", tests)))
}

fn with_starter(row: &Value, statement: &str) -> String {
    match text(row, &["starter_code"]) {
        Some(code) if !code.trim().is_empty() => {
            format!("{}\n\n```python\n{}\n```", statement.trim_end(), code.trim_end())
        }
        _ => statement.to_owned(),
    }
}

/// open-instruct.
fn messages(row: &Value) -> Option<Result<TaskLine, NoTask>> {
    let truth = parsed(at(row, &["ground_truth"])?)?;
    let statement = asked(row, "messages")?;
    let statements: Option<Vec<&str>> = truth.as_array()?.iter().map(Value::as_str).collect();
    Some(match statements.filter(|statements| !statements.is_empty()) {
        Some(statements) => {
            let file = asserts("", statements.into_iter());
            Ok(with_pytest(row, statement, String::new(), file))
        }
        None => tested(row, statement, tests_of::list("ground_truth", &truth, None)),
    })
}

/// verifiers.
fn info(row: &Value) -> Option<Result<TaskLine, NoTask>> {
    let info = parsed(at(row, &["info"])?)?;
    let tests = at(&info, &["tests"])?;
    let statement = text(row, &["question"])?.to_owned();
    let line = tested(row, statement, tests_of::in_outs("info.tests", tests));
    Some(line.map(|mut line| {
        if let Some(id) = text(&info, &["isomer_id"]) {
            id.clone_into(&mut line.id);
        }
        line
    }))
}

/// OpenRLHF.
fn label(row: &Value) -> Option<Result<TaskLine, NoTask>> {
    let label = at(row, &["label"])?;
    let statement = asked(row, "input")?;
    Some(tested(row, statement, tests_of::in_outs("label", label)))
}
