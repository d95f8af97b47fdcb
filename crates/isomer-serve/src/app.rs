//! Routes, and what every request goes through.

use std::future::Future;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use axum::body::Body;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use isomer_sandbox::{Sandbox, SandboxError};
use serde_json::{Value, json};

use crate::gate::{Gate, Place};
use crate::metrics::{self, Metrics};
use crate::refusal::Refusal;
use crate::server::ServerSettings;
use crate::{body, evaluate, health, native, run_code};

/// The description of all routes.
const OPENAPI: &str = include_str!("../openapi.json");

/// The routes of the description, each with its method.
static ROUTES: LazyLock<String> = LazyLock::new(|| {
    let description: Value = serde_json::from_str(OPENAPI).unwrap_or_default();
    let routes = description["paths"].as_object().into_iter().flatten().map(|(path, item)| {
        let method = if item["get"].is_object() { "GET" } else { "POST" };
        format!("{method} {path}")
    });
    routes.collect::<Vec<_>>().join(", ")
});

/// What all requests share.
pub(crate) struct App {
    /// Runs programs.
    pub(crate) sandbox: Sandbox,
    /// Bounds what is in flight.
    pub(crate) gate: Arc<Gate>,
    /// Counts.
    pub(crate) metrics: Metrics,
    /// Bounds.
    pub(crate) settings: ServerSettings,
    /// Whether the sandbox failed at its last job.
    pub(crate) unwell: AtomicBool,
    /// Whether the server is about to end.
    pub(crate) stopping: AtomicBool,
}

impl App {
    /// A server with nothing in flight.
    pub(crate) fn new(sandbox: Sandbox, settings: ServerSettings) -> Arc<Self> {
        let gate = Arc::new(Gate::new(settings.jobs.max(1), settings.queue));
        let metrics = Metrics::new(&gate);
        let (unwell, stopping) = (AtomicBool::new(false), AtomicBool::new(false));
        Arc::new(Self { sandbox, gate, metrics, settings, unwell, stopping })
    }

    /// How long one request may take.
    pub(crate) const fn patience(&self) -> Duration {
        Duration::from_secs(self.settings.request_seconds)
    }

    /// Notes how the sandbox did, and turns its failure into a refusal.
    pub(crate) fn settle<T>(&self, result: Result<T, SandboxError>) -> Result<T, Refusal> {
        match result {
            Ok(value) => {
                self.unwell.store(false, Ordering::Relaxed);
                Ok(value)
            }
            Err(error) => {
                let refusal = Refusal::from(error);
                if let Refusal::Broken(detail) = &refusal {
                    tracing::error!("{detail}");
                    self.metrics.broke();
                    self.unwell.store(true, Ordering::Relaxed);
                }
                Err(refusal)
            }
        }
    }

    /// Waits for a slot and works in it.
    pub(crate) async fn in_slot<T>(&self, place: Place, work: impl Future<Output = T>) -> T {
        let slot = place.slot().await;
        let result = work.await;
        self.metrics.worked(slot.seconds());
        result
    }
}

/// All routes.
pub(crate) fn router(app: &Arc<App>) -> Router {
    let jobs = Router::new()
        .route("/run", post(by_shape))
        .route("/run_code", post(by_shape))
        .route("/submit", post(by_shape))
        .route("/common_evaluate", post(by_shape))
        .route("/common_evaluate_batch", post(by_shape))
        .route("/v1/run", post(native::run))
        .route("/v1/judge", post(native::judge))
        .route("/v1/pytest", post(native::pytest))
        .route_layer(middleware::from_fn_with_state(Arc::clone(app), in_time));
    Router::new()
        .merge(jobs)
        .route("/health", get(health::health))
        .route("/v1/ping", get(async || Json("pong")))
        .route("/metrics", get(show_metrics))
        .route(
            "/openapi.json",
            get(async || ([(header::CONTENT_TYPE, "application/json")], OPENAPI)),
        )
        .fallback(async || refusal(StatusCode::NOT_FOUND, "there is nothing here"))
        .method_not_allowed_fallback(async || {
            refusal(StatusCode::METHOD_NOT_ALLOWED, "not with this method")
        })
        .layer(middleware::from_fn_with_state(Arc::clone(app), count))
        .with_state(Arc::clone(app))
}

/// What is said where nothing is, with all that is elsewhere.
fn refusal(status: StatusCode, why: &str) -> impl IntoResponse {
    (status, Json(json!({"detail": format!("{why}; this server has {}", *ROUTES)})))
}

async fn show_metrics(State(app): State<Arc<App>>) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, metrics::CONTENT_TYPE)], app.metrics.text())
}

/// SandboxFusion and ScaleBox: one client posts different requests to the same path, so that the
/// shape of the body decides and not the path.
async fn by_shape(State(app): State<Arc<App>>, request: Request) -> Result<Response, Refusal> {
    let evaluates = !matches!(request.uri().path(), "/run" | "/run_code");
    let (place, body) = body::receive(&app, request).await?;
    let has = |name: &str| body.get(name).is_some();
    if has("completion") || (evaluates && !has("code")) {
        evaluate::answer(&app, place, &body).await
    } else {
        run_code::answer(&app, place, &body).await
    }
}

/// Bounds the time of a request; what it was doing is dropped, and with it the job.
async fn in_time(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    match tokio::time::timeout(app.patience(), next.run(request)).await {
        Ok(response) => response,
        Err(_) => Refusal::TooLong(app.settings.request_seconds).into_response(),
    }
}

/// Counts every response, by the pattern of its route.
async fn count(
    State(app): State<Arc<App>>,
    route: Option<MatchedPath>,
    request: Request,
    next: Next,
) -> Response {
    let response = next.run(request).await;
    let route = route.as_ref().map_or("other", MatchedPath::as_str);
    app.metrics.answered(route, response.status().as_u16());
    response
}

/// A JSON response from text that is JSON already.
pub(crate) fn json_response(text: String) -> Response {
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, header::HeaderValue::from_static("application/json"));
    (headers, Body::from(text)).into_response()
}
