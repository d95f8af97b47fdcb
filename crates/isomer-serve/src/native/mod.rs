//! Our own protocol: `/v1/run` gives executions, `/v1/judge` gives verdicts, both as they come.

mod program;
mod pytest;
mod stream;
mod suite;

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::response::Response;
use isomer_record::Verdict;
use isomer_sandbox::{Execution, Job, SandboxError};
use serde_json::json;

use crate::app::App;
use crate::body;
use crate::refusal::Refusal;
use crate::suite::{Judged, Reached, Suite};
use crate::wire::Line;
pub(crate) use pytest::pytest;
use stream::{Lines, Work};
use suite::Tally;

/// `/v1/run`: a job in, its executions out.
pub(crate) async fn run(
    State(app): State<Arc<App>>,
    request: Request,
) -> Result<Response, Refusal> {
    let (place, body) = body::receive(&app, request).await?;
    stream::answer(app, place, program::read_job(&body)?).await
}

/// `/v1/judge`: a suite in, its verdicts out.
pub(crate) async fn judge(
    State(app): State<Arc<App>>,
    request: Request,
) -> Result<Response, Refusal> {
    let (place, body) = body::receive(&app, request).await?;
    let suite = suite::read(&body, app.patience())?;
    stream::answer(app, place, suite).await
}

impl Work for Job {
    async fn run(self, app: &App, lines: &Lines) -> Result<(), SandboxError> {
        let send = |index, execution: Execution| {
            lines.send(Line::Execution { index, execution: Box::new(execution) }.write());
        };
        let mut told = 0;
        let on = |index, execution: &Execution| {
            send(index, execution.clone());
            told += 1;
        };
        let done = app.sandbox.run_each(self, on).await?;
        let executions = done.len();
        // Inputs that were left alone are told of by nobody.
        for (index, execution) in done.into_iter().enumerate().skip(told) {
            send(index, execution);
        }
        lines.send(Line::End { executions }.write());
        Ok(())
    }
}

impl Work for Suite {
    async fn run(self, app: &App, lines: &Lines) -> Result<(), SandboxError> {
        let total = self.expected.len();
        let mut tally = Tally::default();
        let on = |judged: Judged<'_>| {
            app.metrics.judged(judged.verdict);
            tally.add(judged.verdict);
            lines.send(suite::line(judged));
        };
        let why = match self.judge_each(&app.sandbox, on).await? {
            Reached::Timeout => "the time for all tests was over",
            Reached::End | Reached::FirstFailure => "not run",
        };
        for index in tally.total()..total {
            tally.add(Verdict::NotRun);
            lines.send(suite::not_run(index, why));
        }
        lines.send(json!({"summary": tally.to_json()}).to_string());
        Ok(())
    }
}
