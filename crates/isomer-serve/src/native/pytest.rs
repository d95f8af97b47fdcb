//! `/v1/pytest`: a solution, judged by a file of pytest tests.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::response::Response;
use isomer_record::ExpectedTests;
use isomer_sandbox::TestJob;
use serde::Deserialize as _;
use serde_json::Value;

use super::program;
use crate::app::{App, json_response};
use crate::body;
use crate::fields::Fields;
use crate::refusal::Refusal;
use crate::wire::test_report_to_json;

/// Answers a request.
pub(crate) async fn pytest(
    State(app): State<Arc<App>>,
    request: Request,
) -> Result<Response, Refusal> {
    let (place, body) = body::receive(&app, request).await?;
    let job = read(&body)?;
    let report = app.in_slot(place, app.sandbox.run_tests(job)).await;
    let report = app.settle(report)?;
    app.metrics.judged(report.verdict);
    Ok(json_response(test_report_to_json(&report).to_string()))
}

fn read(body: &Value) -> Result<TestJob, Refusal> {
    let mut fields = Fields::of_body(body);
    let expected = fields.get("expected").and_then(|expected| {
        let expected = ExpectedTests::deserialize(expected).ok();
        if expected.is_none() {
            let message = "Input should have `tests`, `trust` and `asked`";
            fields.wrong("expected", "value_error", message);
        }
        expected
    });
    let job = TestJob {
        solution: fields.text("solution"),
        tests: fields.text("tests"),
        expected,
        limits: program::limits(&mut fields),
        packages: fields.texts("packages"),
        files: fields.files("files"),
        hash_seed: program::hash_seed(&mut fields),
        shift_clock_s: fields.integer("shift_clock_s").unwrap_or(0),
    };
    fields.only(&[
        "solution",
        "tests",
        "expected",
        "limits",
        "packages",
        "files",
        "hash_seed",
        "shift_clock_s",
    ]);
    fields.finish(job)
}
