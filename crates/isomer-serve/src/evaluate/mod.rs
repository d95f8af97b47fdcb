//! SandboxFusion's `/submit` and ScaleBox's `/common_evaluate` and `/common_evaluate_batch`: a
//! completion, judged by tests.

mod cases;
mod extract;

use std::time::Duration;

use axum::response::Response;
use isomer_record::Verdict;
use isomer_sandbox::{Checker, CheckerProtocol, Ending, Job, Language, Limits};
use serde_json::{Number, Value, json};

use crate::app::{App, json_response};
use crate::compare::Compare;
use crate::fields::Fields;
use crate::gate::Place;
use crate::outcome::Outcome;
use crate::refusal::Refusal;
use crate::suite::{Judged, Reached, Suite};
use crate::{languages, limits, packages};
use cases::Cases;

/// Seconds a test may run when the request does not say: ScaleBox's default.
const RUN_SECONDS: f64 = 10.0;
/// The same for data sets of SandboxFusion.
const DATA_SET_RUN_SECONDS: f64 = 20.0;
/// What classes in LeetCode's style take for granted; ScaleBox puts it before every
/// `class Solution`.
const SOLUTION_PRELUDE: &str = include_str!("prelude.py");

struct Evaluation {
    id: Value,
    completion: String,
    language: String,
    run_seconds: f64,
    memory_bytes: Option<u64>,
    cases: Cases,
    compare: Compare,
    checker: Option<Checker>,
    run_all: bool,
    whole_cases: bool,
    patience: Option<f64>,
}

impl Evaluation {
    fn read(body: &Value) -> Result<Self, Refusal> {
        let mut fields = Fields::of_body(body);
        let id = match fields.get("id") {
            None => json!(0),
            Some(id @ Value::String(_)) => id.clone(),
            Some(Value::Number(id)) if is_whole(id) => json!(id),
            Some(_) => {
                fields.wrong("id", "int_type", "Input should be a valid integer or string");
                json!(0)
            }
        };
        let completion = fields.text("completion");
        if fields.get("config").is_none() {
            fields.missing("config");
        }
        let mut config = fields.child("config");
        let mut extra = config.child("extra");
        let mut data = config.child("provided_data");
        if config.get("provided_data").is_none() {
            config.missing("provided_data");
        }
        let cases = Cases::read(&mut data);
        let usual = if cases.data_set { DATA_SET_RUN_SECONDS } else { RUN_SECONDS };
        let language = config.get("language").map(|_| languages::read(&mut config, "language"));
        let evaluation = Self {
            id,
            completion,
            language: language.unwrap_or_default(),
            run_seconds: config.number("run_timeout").filter(|wish| *wish > 0.0).unwrap_or(usual),
            memory_bytes: config.natural("mem_limit").map(|kib| kib.saturating_mul(1024)),
            cases,
            compare: Compare::read(&mut extra, "compare"),
            checker: checker(&mut extra),
            run_all: extra.flag("run_all_cases"),
            whole_cases: extra.flag("return_full_case"),
            patience: extra.number("total_timeout").filter(|wish| *wish > 0.0),
        };
        let custom = config.get("custom_extract_logic").is_some();
        config.adopt(extra);
        config.adopt(data);
        fields.adopt(config);
        let evaluation = fields.finish(evaluation)?;
        if evaluation.language.is_empty() {
            return unsupported("config.language field must exist, got None");
        }
        if custom {
            return unsupported("config.custom_extract_logic: no code of a request is run here");
        }
        Ok(evaluation)
    }

    /// What is run, on as many slots as are idle.
    fn suite(&self, source: String, language: Language, app: &App) -> Suite {
        let mut limits = limits::limits(self.run_seconds, self.memory_bytes);
        limits.output_bytes = limits::output_bytes(&self.cases.expected);
        let longest = app.patience();
        let patience = self.patience.map_or(longest, |seconds| {
            Duration::from_millis(limits::milliseconds(seconds)).min(longest)
        });
        Suite {
            job: Job {
                language,
                packages: packages::for_program(&source, language, &app.settings.packages),
                source,
                entry: self.cases.entry(),
                inputs: self.cases.inputs.clone(),
                limits,
                width: app.settings.jobs,
                ..Job::default()
            },
            expected: self.cases.expected.clone(),
            compare: self.compare,
            checker: self.checker.clone(),
            stop_at_first: !self.run_all,
            patience,
        }
    }

    /// One element of `tests`.
    fn test(&self, index: usize, passed: bool, outcome: &Outcome) -> Value {
        let info = self.cases.info(index, self.whole_cases || !passed);
        json!({"passed": passed, "exec_info": outcome.to_json(), "test_info": info})
    }

    fn judged(&self, judged: Judged<'_>, language: Language) -> Value {
        let Judged { index, execution, verdict, remark } = judged;
        let passed = verdict == Verdict::Accepted;
        let mut outcome = Outcome::of(execution, language);
        if execution.ending == Ending::TimeLimit {
            "Case Timeout".clone_into(&mut outcome.message);
        } else if outcome.status != "Success" {
            outcome.message = execution.ending.describe();
        } else if !passed && self.cases.function.is_some() {
            // A wrong value is a failed assertion in the process of the original.
            outcome.fail("Wrong Answer");
        } else if let Some(remark) = remark {
            remark.clone_into(&mut outcome.message);
        }
        self.test(index, passed, &outcome)
    }

    fn result(&self, code: &str, tests: &[Value]) -> Response {
        let passed = |test: &Value| test["passed"] == true;
        let all = tests.len() == self.cases.inputs.len() && tests.iter().all(passed);
        let result = json!({
            "id": self.id,
            "accepted": all,
            "extracted_code": code,
            "full_code": null,
            "test_code": null,
            "tests": tests,
            "extracted_type": null,
            "extra": null,
        });
        json_response(result.to_string())
    }
}

/// ScaleBox's checker, which decides where comparing says no.
fn checker(extra: &mut Fields<'_>) -> Option<Checker> {
    let source = extra.optional_text("special_judge_program")?;
    if extra.optional_text("special_judge_language").is_some_and(|language| language != "python") {
        extra.wrong("special_judge_language", "literal_error", "Input should be 'python'");
    }
    Some(Checker { source, protocol: CheckerProtocol::Files, limits: Limits::default() })
}

/// Whether a number is an integer, of any size.
fn is_whole(number: &Number) -> bool {
    number.as_str().bytes().all(|byte| byte.is_ascii_digit() || byte == b'-')
}

fn unsupported<T>(detail: &str) -> Result<T, Refusal> {
    Err(Refusal::Unsupported(detail.to_owned()))
}

/// What is run: a class of LeetCode's style gets the names it takes for granted.
fn program(code: &str, cases: &Cases) -> String {
    let bare = cases.function.is_some()
        && code.contains("class Solution")
        && !code.contains("from __future__");
    // Line numbers in errors are one too large then: no class can follow on the same line.
    if bare { format!("{SOLUTION_PRELUDE}{code}") } else { code.to_owned() }
}

/// Answers a request.
pub(crate) async fn answer(app: &App, place: Place, body: &Value) -> Result<Response, Refusal> {
    let evaluation = Evaluation::read(body)?;
    let language = languages::installed(&evaluation.language)?;
    let code = extract::extract(&evaluation.completion, &evaluation.language);
    let count = evaluation.cases.inputs.len();
    if code.trim().is_empty() {
        // No program passes no test, whatever the test expects.
        let mut outcome = Outcome::no_time();
        outcome.fail("no code found");
        let shown = if evaluation.run_all { count } else { 1 };
        let tests: Vec<Value> =
            (0..shown).map(|index| evaluation.test(index, false, &outcome)).collect();
        return Ok(evaluation.result(&code, &tests));
    }
    let source = program(&code, &evaluation.cases);
    let suite = evaluation.suite(source, language, app);
    let mut tests = Vec::with_capacity(count);
    let reached = app
        .in_slot(
            place,
            suite.judge_each(&app.sandbox, |judged| {
                app.metrics.judged(judged.verdict);
                tests.push(evaluation.judged(judged, language));
            }),
        )
        .await;
    if app.settle(reached)? == Reached::Timeout {
        let outcome = Outcome::never_run("Total Timeout");
        tests.extend((tests.len()..count).map(|index| evaluation.test(index, false, &outcome)));
    }
    Ok(evaluation.result(&code, &tests))
}
