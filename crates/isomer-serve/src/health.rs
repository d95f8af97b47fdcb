//! `GET /health`: whether work sent here would be done.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use isomer_sandbox::{Ending, Isolation, Job};
use serde_json::{Value, json};

use crate::app::App;

/// How long a trivial job may take before the sandbox counts as broken.
const PATIENCE: Duration = Duration::from_secs(10);

/// Answers at once while all is well; after a failure of the sandbox a trivial job has the say.
pub(crate) async fn health(State(app): State<Arc<App>>) -> (StatusCode, Json<Value>) {
    let status = if app.stopping.load(Ordering::Relaxed) {
        "stopping"
    } else if app.unwell.load(Ordering::Relaxed) && !recovered(&app).await {
        "broken"
    } else {
        "ok"
    };
    let code = if status == "ok" { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let body = json!({
        "status": status,
        "jobs": app.settings.jobs,
        "busy": app.gate.busy.get(),
        "waiting": app.gate.waiting.get(),
        "queue": app.settings.queue,
        "python": app.sandbox.python().version,
        "isolation": match app.sandbox.isolation() {
            Isolation::Full => "full",
            Isolation::Reduced => "reduced",
        },
        "version": env!("CARGO_PKG_VERSION"),
    });
    (code, Json(body))
}

async fn recovered(app: &App) -> bool {
    let job = Job { source: "print(1)".to_owned(), inputs: vec![json!("")], ..Job::default() };
    let Ok(result) = tokio::time::timeout(PATIENCE, app.sandbox.run(job)).await else {
        return false;
    };
    let finished = |ending: &Ending| *ending == Ending::Finished;
    app.settle(result).is_ok_and(|done| done.iter().all(|one| finished(&one.ending)))
}
