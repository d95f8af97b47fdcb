//! The bytes of questions and answers, as OpenAI-compatible servers send them.

use std::convert::Infallible;

use axum::body::{Body, Bytes};
use axum::http::{HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures::stream;
use serde::Deserialize;
use serde_json::{Value, json};

use super::profile::Fault;

/// What the mock reads of a question; everything else is accepted and ignored.
#[derive(Debug, Deserialize)]
pub(crate) struct Question {
    #[serde(default)]
    model: String,
    messages: Vec<QuestionMessage>,
    #[serde(default)]
    stream: bool,
    #[serde(default)]
    stream_options: StreamOptions,
}

#[derive(Debug, Deserialize)]
struct QuestionMessage {
    role: String,
    content: String,
}

#[derive(Debug, Default, Deserialize)]
struct StreamOptions {
    #[serde(default)]
    include_usage: bool,
}

impl Question {
    /// Everything said to the model, without what it said itself.
    pub(crate) fn prompt(&self) -> String {
        self.said_by(|role| role != "assistant")
    }

    /// What is asked this time, without the constant part that comes first.
    pub(crate) fn request(&self) -> String {
        self.said_by(|role| role == "user")
    }

    fn said_by(&self, wanted: impl Fn(&str) -> bool) -> String {
        let said = self.messages.iter().filter(|message| wanted(&message.role));
        said.map(|message| message.content.as_str()).collect::<Vec<_>>().join("\n")
    }
}

/// A text on its way to the client.
pub(crate) struct Answer {
    /// Sixteen digits that name the request.
    pub(crate) name: String,
    pub(crate) text: Option<String>,
    pub(crate) finish: &'static str,
    pub(crate) prompt_length: usize,
}

impl Answer {
    fn usage(&self) -> Value {
        // About four letters a token, as in English prose.
        let prompt = self.prompt_length.div_ceil(4);
        let completion = self.text.as_ref().map_or(0, |text| text.len().div_ceil(4));
        json!({
            "prompt_tokens": prompt,
            "completion_tokens": completion,
            "total_tokens": prompt + completion,
        })
    }

    fn whole(&self, model: &str) -> Value {
        json!({
            "id": format!("chatcmpl-{}", self.name),
            "object": "chat.completion",
            "created": 0,
            "model": model,
            "choices": [{
                "index": 0,
                "message": {"role": "assistant", "content": self.text},
                "finish_reason": self.finish,
            }],
            "usage": self.usage(),
        })
    }

    /// The events of a streamed answer, `data:` lines included.
    fn events(&self, model: &str, include_usage: bool) -> Vec<String> {
        let chunk = |choices: Value| {
            json!({
                "id": format!("chatcmpl-{}", self.name),
                "object": "chat.completion.chunk",
                "created": 0,
                "model": model,
                "choices": choices,
            })
        };
        let part = |delta: Value, finish: Value| {
            chunk(json!([{"index": 0, "delta": delta, "finish_reason": finish}]))
        };
        let mut chunks = vec![part(json!({"role": "assistant"}), Value::Null)];
        for piece in pieces(self.text.as_deref().unwrap_or_default()) {
            chunks.push(part(json!({"content": piece}), Value::Null));
        }
        chunks.push(part(json!({}), json!(self.finish)));
        if include_usage {
            let mut last = chunk(json!([]));
            last["usage"] = self.usage();
            chunks.push(last);
        }
        let mut events: Vec<String> =
            chunks.iter().map(|chunk| format!("data: {chunk}\n\n")).collect();
        events.push("data: [DONE]\n\n".to_owned());
        events
    }
}

/// Cuts a text into at most eight pieces at letter boundaries.
fn pieces(text: &str) -> Vec<&str> {
    let length = text.len().div_ceil(8).max(1);
    let mut rest = text;
    let mut pieces = Vec::new();
    while !rest.is_empty() {
        let mut end = length.min(rest.len());
        while !rest.is_char_boundary(end) {
            end += 1;
        }
        let (piece, tail) = rest.split_at(end);
        pieces.push(piece);
        rest = tail;
    }
    pieces
}

/// Sends an answer in the form the question asks for.
pub(crate) fn send(question: &Question, answer: &Answer) -> Response {
    if question.stream {
        let events = answer.events(&question.model, question.stream_options.include_usage);
        let events = stream::iter(events.into_iter().map(Ok::<_, Infallible>));
        return (event_stream(), Body::from_stream(events)).into_response();
    }
    axum::Json(answer.whole(&question.model)).into_response()
}

/// Sends one of the faults that concern transport or shape.
pub(crate) fn send_fault(question: &Question, answer: &Answer, fault: Fault) -> Response {
    match fault {
        Fault::RateLimited => {
            let error = error(StatusCode::TOO_MANY_REQUESTS, "rate limit reached");
            ([(header::RETRY_AFTER, "1")], error).into_response()
        }
        Fault::CutStream => cut(question, answer),
        Fault::InvalidJson if question.stream => {
            (event_stream(), "data: {\"choices\": [{\"delta\": \n\n").into_response()
        }
        Fault::InvalidJson => {
            ([(header::CONTENT_TYPE, "application/json")], "{\"choices\": [").into_response()
        }
        Fault::HtmlPage => {
            let page = "<!DOCTYPE html><html><body><h1>502 Bad Gateway</h1></body></html>";
            ([(header::CONTENT_TYPE, "text/html")], page).into_response()
        }
        Fault::NoChoices if question.stream => {
            (event_stream(), "data: {\"id\": \"x\", \"choices\": []}\n\ndata: [DONE]\n\n")
                .into_response()
        }
        Fault::NoChoices => {
            let mut body = answer.whole(&question.model);
            body["choices"] = json!([]);
            axum::Json(body).into_response()
        }
        _ => error(StatusCode::INTERNAL_SERVER_ERROR, "the mock was told to fail"),
    }
}

/// Half a body, then a broken connection.
fn cut(question: &Question, answer: &Answer) -> Response {
    let (kind, body) = if question.stream {
        ("text/event-stream", answer.events(&question.model, true).concat())
    } else {
        ("application/json", answer.whole(&question.model).to_string())
    };
    let half = Bytes::from(body).slice(..answer.text.as_ref().map_or(20, String::len) / 2);
    let broken = std::io::Error::other("the mock cuts the connection");
    let parts = stream::iter([Ok(half), Err(broken)]);
    ([(header::CONTENT_TYPE, kind)], Body::from_stream(parts)).into_response()
}

const fn event_stream() -> [(HeaderName, &'static str); 1] {
    [(header::CONTENT_TYPE, "text/event-stream")]
}

/// An error as OpenAI words it.
pub(crate) fn error(status: StatusCode, message: &str) -> Response {
    let body = json!({"error": {"message": message, "type": "mock", "code": status.as_u16()}});
    (status, axum::Json(body)).into_response()
}

#[cfg(test)]
mod tests {
    use super::{Answer, pieces};

    #[test]
    fn pieces_join_to_the_text() {
        for text in ["", "a", "naïve façade, 猫が好き", &"long ".repeat(100)] {
            let cut = pieces(text);
            assert_eq!(cut.concat(), text);
            assert!(cut.len() <= 8, "{}", cut.len());
        }
    }

    #[test]
    fn streamed_usage_comes_only_when_asked_for() {
        let answer = Answer {
            name: "00".to_owned(),
            text: Some("hello".to_owned()),
            finish: "stop",
            prompt_length: 10,
        };
        assert!(!answer.events("m", false).concat().contains("usage"));
        assert!(answer.events("m", true).concat().contains("\"prompt_tokens\":3"));
    }
}
