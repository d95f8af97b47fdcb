//! From what a server said to a reply or an error.

use std::time::Duration;

use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::endpoint::Call;
use crate::error::ModelError;
use crate::estimate;
use crate::failure::{Failure, Outcome, Spent};
use crate::reply::{Finish, Reply, Source};
use crate::think;
use crate::wire::{Answer, WireUsage};

/// Decides whether a complete answer is a usable reply.
pub(crate) fn conclude(call: &Call, answer: Answer, elapsed: Duration) -> Outcome {
    let refusal = answer.refusal.clone().filter(|text| !text.is_empty());
    let (has_choice, is_null) = (answer.has_choice, answer.content.is_none());
    let (reply, unclosed) = reply(call, answer, elapsed);
    if !has_choice {
        return failed(ModelError::NoChoices, &reply);
    }
    let error = if let Some(reason) = refusal {
        ModelError::Refused { reason, partial: Some(Box::new(reply.clone())) }
    } else if reply.finish == Finish::ContentFilter {
        let reason = "the provider's content filter".to_owned();
        ModelError::Refused { reason, partial: Some(Box::new(reply.clone())) }
    } else if reply.finish == Finish::Length || unclosed {
        ModelError::Truncated { partial: Box::new(reply.clone()) }
    } else if is_null {
        ModelError::NullContent { partial: Box::new(reply.clone()) }
    } else if reply.text.trim().is_empty() {
        ModelError::EmptyContent { partial: Box::new(reply.clone()) }
    } else {
        return Ok(reply);
    };
    failed(error, &reply)
}

/// A call that broke off after `answer` had come: what came is billed, and kept.
pub(crate) fn broken_off(call: &Call, answer: Answer, error: ModelError) -> Box<Failure> {
    let (reply, _) = reply(call, answer, Duration::ZERO);
    billed(error, &reply)
}

fn failed(error: ModelError, reply: &Reply) -> Outcome {
    let mut failure = billed(error, reply);
    failure.elapsed = Duration::from_millis(reply.elapsed_ms);
    Err(failure)
}

fn billed(error: ModelError, reply: &Reply) -> Box<Failure> {
    let spent = Spent { usage: reply.usage, cost_usd: reply.cost_usd };
    Failure::billed(error, spent, serde_json::to_value(reply).ok())
}

fn reply(call: &Call, answer: Answer, elapsed: Duration) -> (Reply, bool) {
    let parted = think::part(answer.content.as_deref().unwrap_or_default(), answer.thinking);
    let usage = answer.usage.as_ref().and_then(WireUsage::usage).unwrap_or_else(|| {
        estimate::usage(&call.request.messages, &parted.answer, parted.thinking.as_deref())
    });
    let named = answer.usage.as_ref().and_then(WireUsage::cost_usd);
    let reply = Reply {
        text: parted.answer,
        reasoning: parted.thinking,
        finish: answer.finish.unwrap_or_else(|| Finish::Other(String::new())),
        usage,
        model: answer.model.unwrap_or_else(|| call.endpoint.model.clone()),
        cost_usd: named.or_else(|| Spent::at(call, usage).cost_usd),
        elapsed_ms: u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX),
        source: Source::Live,
    };
    (reply, parted.unclosed)
}

/// A reply that is no JSON object. It may have been billed like any other.
pub(crate) fn unreadable(call: &Call, text: &str, is_html: bool, why: String) -> Box<Failure> {
    if is_html {
        return Failure::new(ModelError::HtmlPage { title: title(call, text) });
    }
    let usage = estimate::usage(&call.request.messages, text, None);
    let key = call.endpoint.key.as_ref();
    let evidence = json!({ "body": key.map_or_else(|| text.to_owned(), |key| key.redact(text)) });
    Failure::billed(
        ModelError::InvalidJson { message: why },
        Spent::at(call, usage),
        Some(evidence),
    )
}

/// The `error` object that some servers put into a reply of status 200, or into a stream.
pub(crate) fn error_object(call: &Call, error: &Value) -> ModelError {
    let code = error.get("code");
    let status = code.and_then(|code| match code {
        Value::Number(number) => number.as_u64(),
        Value::String(text) => text.parse().ok(),
        _ => None,
    });
    let status = status.and_then(|status| u16::try_from(status).ok());
    from_status(call, status.filter(|s| (400..600).contains(s)).unwrap_or(500), &error.to_string())
}

/// What an HTTP status other than 200 means.
pub(crate) fn from_status(call: &Call, status: u16, body: &str) -> ModelError {
    let endpoint = call.endpoint.base_url.clone();
    let message = message(call, status, body);
    let lower = body.to_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| lower.contains(word));
    match status {
        401 => ModelError::Unauthorized { endpoint, message },
        402 => ModelError::PaymentRequired { endpoint, message },
        // OpenAI says 429 to an account without credit; waiting does not help it.
        429 if says(&["insufficient_quota", "insufficient balance"]) => {
            ModelError::PaymentRequired { endpoint, message }
        }
        429 => ModelError::RateLimited { message, retry_after_s: None },
        400 | 413 | 422 if says(OVERFLOW_WORDS) => ModelError::Overflow { message },
        413 => ModelError::Overflow { message },
        400 | 403 | 422 if says(FILTER_WORDS) => {
            ModelError::Refused { reason: message, partial: None }
        }
        403 => ModelError::Forbidden { endpoint, message },
        404 | 300..=399 => {
            ModelError::NotFound { endpoint, model: call.endpoint.model.clone(), message }
        }
        400 | 422 if says(&["model not exist", "model_not_found", "model does not exist"]) => {
            ModelError::NotFound { endpoint, model: call.endpoint.model.clone(), message }
        }
        // A timeout or a conflict on the server's side passes.
        408 | 409 | 425 | 500.. => ModelError::ServerError { status, message },
        _ => ModelError::BadRequest { status, message },
    }
}

/// How servers say that the context is full.
const OVERFLOW_WORDS: &[&str] = &[
    "context_length_exceeded",
    "maximum context length",
    "context length",
    "context size",
    "context window",
    "exceed_context_size",
    "prompt is too long",
    "too many tokens",
];

/// How servers say that they do not like the content.
const FILTER_WORDS: &[&str] = &[
    "content_filter",
    "content_policy",
    "content exists risk",
    "moderation",
    "data_inspection_failed",
];

/// The server's words: the message in the usual places, or the page's title, or the text.
fn message(call: &Call, status: u16, body: &str) -> String {
    let value: Value = serde_json::from_str(body).unwrap_or_default();
    let places = ["/error/message", "/message", "/error", "/detail", "/error/code"];
    let found = places.iter().find_map(|place| value.pointer(place).and_then(Value::as_str));
    let text = match found {
        Some(text) => call.endpoint.excerpt(text),
        None if is_html(None, body) => title(call, body),
        None => call.endpoint.excerpt(body),
    };
    if text.is_empty() {
        let code = StatusCode::from_u16(status).ok();
        code.and_then(|code| code.canonical_reason()).unwrap_or("no explanation").to_lowercase()
    } else {
        text
    }
}

/// Whether a body is a web page.
pub(crate) fn is_html(content_type: Option<&str>, body: &str) -> bool {
    content_type.is_some_and(|kind| kind.starts_with("text/html"))
        || body.trim_start().get(..5).is_some_and(|start| {
            let start = start.to_ascii_lowercase();
            start == "<html" || start == "<!doc"
        })
}

fn title(call: &Call, page: &str) -> String {
    let inside = page
        .split_once("<title>")
        .and_then(|(_, rest)| rest.split_once("</title>"))
        .map_or(page, |(title, _)| title);
    call.endpoint.excerpt(inside)
}
