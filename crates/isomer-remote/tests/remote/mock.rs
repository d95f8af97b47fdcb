//! A server with SandboxFusion's `/run_code`, which really runs what it is sent, and its faults.

use std::collections::VecDeque;
use std::path::Path;
use std::process::Stdio;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};
use tokio::io::AsyncReadExt as _;

use crate::world::Process;

/// Most of standard output that SandboxFusion passes on.
const MOST_OUTPUT: usize = 219_264;

/// Which server it plays.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flavour {
    SandboxFusion,
    /// Knows more paths.
    ScaleBox,
}

/// What happens to a request instead of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    SandboxError,
    Crash,
    Unavailable,
    Hang,
    Cut,
    Html,
    WrongJson,
    NoFiles,
    /// The answer to another request.
    Mixed,
    Full,
}

/// Shared with its handlers.
#[derive(Default)]
struct Shared {
    faults: Mutex<VecDeque<Fault>>,
    /// When each `/run_code` came.
    asked: Mutex<Vec<Instant>>,
}

/// A running server.
pub(crate) struct Mock {
    process: Process,
    shared: Arc<Shared>,
}

impl Mock {
    pub(crate) fn start(flavour: Flavour) -> Self {
        let shared = Arc::new(Shared::default());
        let router = router(flavour, Arc::clone(&shared));
        let process = Process::start(0, |listener| async move {
            axum::serve(listener, router).await.unwrap();
        });
        Self { process, shared }
    }

    pub(crate) fn url(&self) -> String {
        self.process.url.clone()
    }

    /// The next requests fail so.
    pub(crate) fn fail(&self, faults: impl IntoIterator<Item = Fault>) {
        self.shared.faults.lock().unwrap().extend(faults);
    }

    /// When each request came since the last call.
    pub(crate) fn asked(&self) -> Vec<Instant> {
        std::mem::take(&mut self.shared.asked.lock().unwrap())
    }
}

fn router(flavour: Flavour, shared: Arc<Shared>) -> Router {
    let not_found = async || (StatusCode::NOT_FOUND, Json(json!({"detail": "Not Found"})));
    let router = Router::new()
        .route("/", get(async || Html("<h1>Sandbox</h1>")))
        .route("/v1/ping", get(async || Json("pong")))
        .route("/run_code", post(run_code))
        .fallback(not_found);
    let router = match flavour {
        Flavour::SandboxFusion => router,
        Flavour::ScaleBox => router
            .route("/health", get(async || Json(json!({"status": "healthy"}))))
            .route("/common_evaluate_batch", post(not_found)),
    };
    router.with_state(shared)
}

async fn run_code(State(shared): State<Arc<Shared>>, body: Bytes) -> Response {
    shared.asked.lock().unwrap().push(Instant::now());
    let fault = shared.faults.lock().unwrap().pop_front();
    let request: Value = serde_json::from_slice(&body).unwrap();
    assert_eq!(request["language"], "python");
    assert!(request.get("memory_limit_MB").is_none());
    match fault {
        None => Json(run(&request).await).into_response(),
        Some(fault) => fail(fault, &request).await,
    }
}

async fn fail(fault: Fault, request: &Value) -> Response {
    let typed = |kind: &'static str, body: Body| ([(header::CONTENT_TYPE, kind)], body);
    match fault {
        Fault::SandboxError => Json(json!({
            "status": "SandboxError", "message": "no more processes", "compile_result": null,
            "run_result": null, "executor_pod_name": null, "files": {}
        }))
        .into_response(),
        Fault::Crash => {
            let detail = json!({"detail": "surrogates not allowed", "traceback": ["line 1"]});
            (StatusCode::INTERNAL_SERVER_ERROR, Json(detail)).into_response()
        }
        Fault::Unavailable => (StatusCode::SERVICE_UNAVAILABLE, "upstream is gone").into_response(),
        Fault::Hang => std::future::pending().await,
        Fault::Cut => {
            let whole = run(request).await.to_string();
            let half = Bytes::from(whole[..whole.len() / 2].to_owned());
            let broken = std::io::Error::other("gone");
            let parts = futures::stream::iter([Ok(half), Err(broken)]);
            typed("application/json", Body::from_stream(parts)).into_response()
        }
        Fault::Html => Html("<html><body>Please sign in</body></html>").into_response(),
        Fault::WrongJson => Json(json!({"answer": 42})).into_response(),
        Fault::NoFiles => {
            let mut answer = run(request).await;
            answer["files"] = json!({});
            Json(answer).into_response()
        }
        Fault::Mixed => {
            let mut answer = run(request).await;
            let report = request["fetch_files"][0].as_str().unwrap();
            let other = STANDARD.encode(format!("{:032x}forged", 7));
            answer["files"][report] = json!(other);
            Json(answer).into_response()
        }
        Fault::Full => {
            (StatusCode::TOO_MANY_REQUESTS, [(header::RETRY_AFTER, "1")], "later").into_response()
        }
    }
}

/// Runs a file in a folder of its own, as SandboxFusion does without isolation.
async fn run(request: &Value) -> Value {
    let folder = tempfile::tempdir().unwrap();
    for (path, content) in request["files"].as_object().unwrap() {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, STANDARD.decode(content.as_str().unwrap()).unwrap()).unwrap();
    }
    let file = folder.path().join("tmp_x1.py");
    std::fs::write(&file, request["code"].as_str().unwrap()).unwrap();
    let seconds = request["run_timeout"].as_f64().unwrap_or(10.0);
    let result = python(&file, folder.path(), Duration::from_secs_f64(seconds)).await;
    let mut files = Map::new();
    for wanted in request["fetch_files"].as_array().unwrap() {
        let wanted = wanted.as_str().unwrap();
        if let Ok(content) = std::fs::read(folder.path().join(wanted)) {
            files.insert(wanted.to_owned(), json!(STANDARD.encode(content)));
        }
    }
    let status = if result["return_code"] == 0 { "Success" } else { "Failed" };
    json!({"status": status, "message": "", "compile_result": null, "run_result": result,
           "executor_pod_name": null, "files": files})
}

async fn python(file: &Path, folder: &Path, limit: Duration) -> Value {
    let mut child = tokio::process::Command::new("python3")
        .arg(file)
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let (mut stdout, mut stderr) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let work = async {
        let (one, two) = tokio::join!(stdout.read_to_end(&mut out), stderr.read_to_end(&mut err));
        one.unwrap();
        two.unwrap();
        child.wait().await.unwrap()
    };
    let ended = tokio::time::timeout(limit, work).await;
    out.truncate(MOST_OUTPUT);
    let code = ended.as_ref().ok().map(|status| status.code().unwrap_or(-9));
    json!({
        "status": if ended.is_ok() { "Finished" } else { "TimeLimitExceeded" },
        "execution_time": 0.1,
        "return_code": code,
        "stdout": String::from_utf8_lossy(&out),
        "stderr": String::from_utf8_lossy(&err),
    })
}
