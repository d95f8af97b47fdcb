//! Everything but an answer: what was wrong with a request, or with us. Never a verdict.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use isomer_sandbox::SandboxError;
use serde_json::{Value, json};

use crate::fields::Problem;
use crate::python_json::SyntaxError;

/// Why a request gets no answer.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Refusal {
    /// 422: fields are missing or of the wrong kind.
    Invalid(Vec<Problem>),
    /// 422: the body is not JSON.
    Syntax(SyntaxError),
    /// 400: well formed, but not something this server does.
    Unsupported(String),
    /// 413: the body is larger than this many bytes.
    TooLarge(usize),
    /// 400: the body did not arrive whole.
    Unread(String),
    /// 429: the queue is full; try again in this many seconds.
    Busy(u64),
    /// 503: the sandbox failed.
    Broken(String),
    /// 503: not done within this many seconds.
    TooLong(u64),
}

impl Refusal {
    /// The status of the response.
    pub(crate) const fn status(&self) -> StatusCode {
        match self {
            Self::Invalid(_) | Self::Syntax(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Unsupported(_) | Self::Unread(_) => StatusCode::BAD_REQUEST,
            Self::TooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Busy(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Broken(_) | Self::TooLong(_) => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// The value of `detail`.
    pub(crate) fn detail(&self) -> Value {
        match self {
            Self::Invalid(problems) => problems.iter().map(Problem::to_json).collect(),
            Self::Syntax(error) => json!([{
                "type": "json_invalid",
                "loc": ["body", error.position],
                "msg": "JSON decode error",
                "input": {},
                "ctx": {"error": error.message},
            }]),
            Self::Unsupported(detail) | Self::Unread(detail) => json!(detail),
            Self::TooLarge(limit) => json!(format!("the body is larger than {limit} bytes")),
            Self::Busy(_) => json!("the queue is full; try again later"),
            Self::Broken(detail) => json!(format!("the sandbox failed: {detail}")),
            Self::TooLong(seconds) => {
                json!(format!("not done within {seconds} s; try again later"))
            }
        }
    }
}

impl From<SandboxError> for Refusal {
    fn from(error: SandboxError) -> Self {
        match error {
            SandboxError::Job { detail } => Self::Unsupported(detail),
            SandboxError::Package { detail } => Self::Unsupported(format!("packages: {detail}")),
            error @ SandboxError::LanguageMissing { .. } => {
                Self::Unsupported(format!("language: {error}"))
            }
            other => Self::Broken(other.to_string()),
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let mut response = (self.status(), Json(json!({"detail": self.detail()}))).into_response();
        if let Self::Busy(seconds) = self {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}
