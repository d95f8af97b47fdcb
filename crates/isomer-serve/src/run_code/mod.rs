//! SandboxFusion's `/run_code`: one program, one input.

mod pytest;

use axum::response::Response;
use isomer_sandbox::{Job, Language};
use serde_json::{Value, json};

use crate::app::{App, json_response};
use crate::fields::Fields;
use crate::gate::Place;
use crate::outcome::Outcome;
use crate::refusal::Refusal;
use crate::{languages, limits, packages};

/// Seconds a program may run when the request does not say.
const RUN_SECONDS: f64 = 10.0;

struct RunCode {
    code: String,
    language: String,
    run_seconds: f64,
    memory_bytes: Option<u64>,
    stdin: String,
    files: Vec<(String, Vec<u8>)>,
    /// Paths, and how the request writes them.
    fetch: Vec<(String, String)>,
}

impl RunCode {
    fn read(body: &Value) -> Result<Self, Refusal> {
        let mut fields = Fields::of_body(body);
        let request = Self {
            code: fields.text("code"),
            language: languages::read(&mut fields, "language"),
            run_seconds: fields.number("run_timeout").unwrap_or(RUN_SECONDS),
            memory_bytes: fields.integer("memory_limit_MB").and_then(megabytes),
            stdin: fields.optional_text("stdin").unwrap_or_default(),
            files: fields.files("files"),
            fetch: fields.paths("fetch_files"),
        };
        fields.finish(request)
    }

    fn job(&self, language: Language, packages: &[String]) -> Job {
        Job {
            language,
            packages: packages::for_program(&self.code, language, packages),
            source: self.code.clone(),
            inputs: vec![json!(self.stdin)],
            limits: limits::limits(self.run_seconds, self.memory_bytes),
            files: self.files.clone(),
            fetch: self.fetch.iter().map(|(path, _)| path.clone()).collect(),
            ..Job::default()
        }
    }
}

/// Megabytes as bytes; -1 and 0 mean the default.
fn megabytes(wish: i64) -> Option<u64> {
    u64::try_from(wish).ok().filter(|wish| *wish > 0).map(|wish| wish.saturating_mul(1 << 20))
}

/// Answers a request.
pub(crate) async fn answer(app: &App, place: Place, body: &Value) -> Result<Response, Refusal> {
    let request = RunCode::read(body)?;
    if request.run_seconds <= 0.0 {
        return Ok(json_response(Outcome::no_time().to_json().to_string()));
    }
    if request.language == "pytest" {
        let job = pytest::job(request, &app.settings.packages);
        let report = app.in_slot(place, app.sandbox.run_tests(job)).await;
        let outcome = pytest::outcome(&app.settle(report)?);
        return Ok(json_response(outcome.to_json().to_string()));
    }
    let language = languages::installed(&request.language)?;
    let job = request.job(language, &app.settings.packages);
    let executions = app.in_slot(place, app.sandbox.run(job)).await;
    let executions = app.settle(executions)?;
    let Some(execution) = executions.first() else {
        return Err(Refusal::Broken("no execution came back".to_owned()));
    };
    let mut outcome = Outcome::of(execution, language);
    outcome.files = request
        .fetch
        .into_iter()
        .filter_map(|(path, wish)| Some((wish, outcome.files.get(&path)?.clone())))
        .collect();
    Ok(json_response(outcome.to_json().to_string()))
}
