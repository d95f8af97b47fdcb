//! The chat completions format, read leniently: servers add fields, leave fields out and invent
//! values, and none of that may lose a paid reply.

use serde::Deserialize;
use serde::de::{DeserializeOwned, Deserializer};
use serde_json::{Map, Value, json};

use crate::endpoint::Call;
use crate::reply::{Finish, Usage};
use crate::settings::TokenLimitField;

/// A whole reply or one chunk of a streamed one.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Body {
    #[serde(deserialize_with = "lenient")]
    pub(crate) error: Option<Value>,
    #[serde(deserialize_with = "lenient")]
    pub(crate) choices: Option<Vec<Choice>>,
    #[serde(deserialize_with = "lenient")]
    pub(crate) usage: Option<WireUsage>,
    #[serde(deserialize_with = "lenient")]
    pub(crate) model: Option<String>,
}

/// One choice; `delta` in chunks, `message` in whole replies.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Choice {
    #[serde(deserialize_with = "lenient")]
    pub(crate) index: Option<u64>,
    #[serde(deserialize_with = "lenient", alias = "delta")]
    pub(crate) message: Option<WireMessage>,
    #[serde(deserialize_with = "lenient")]
    pub(crate) finish_reason: Option<String>,
}

/// What the model says.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct WireMessage {
    content: Value,
    #[serde(deserialize_with = "lenient")]
    pub(crate) reasoning_content: Option<String>,
    #[serde(deserialize_with = "lenient")]
    pub(crate) reasoning: Option<String>,
    #[serde(deserialize_with = "lenient")]
    pub(crate) refusal: Option<String>,
}

impl WireMessage {
    /// The content, a string or a list of parts with texts; `None` when null or missing.
    pub(crate) fn text(&self) -> Option<String> {
        match &self.content {
            Value::String(text) => Some(text.clone()),
            Value::Array(parts) => {
                let texts =
                    parts.iter().filter_map(|part| part.get("text").and_then(Value::as_str));
                Some(texts.collect())
            }
            _ => None,
        }
    }

    /// The thinking, under whichever name.
    pub(crate) fn thinking(&self) -> Option<String> {
        self.reasoning_content.clone().or_else(|| self.reasoning.clone())
    }
}

/// Usage as servers write it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct WireUsage {
    #[serde(deserialize_with = "lenient")]
    prompt_tokens: Option<f64>,
    #[serde(deserialize_with = "lenient")]
    completion_tokens: Option<f64>,
    #[serde(deserialize_with = "lenient")]
    prompt_tokens_details: Option<PromptDetails>,
    #[serde(deserialize_with = "lenient")]
    prompt_cache_hit_tokens: Option<f64>,
    /// OpenRouter: what the call cost in US dollars.
    #[serde(deserialize_with = "lenient")]
    cost: Option<f64>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct PromptDetails {
    #[serde(deserialize_with = "lenient")]
    cached_tokens: Option<f64>,
}

impl WireUsage {
    /// The numbers, unless the two that are billed are missing or both 0 (some servers write
    /// zeroes for "not counted").
    pub(crate) fn usage(&self) -> Option<Usage> {
        let (prompt, completion) = (count(self.prompt_tokens?), count(self.completion_tokens?));
        let details = self.prompt_tokens_details.as_ref().and_then(|details| details.cached_tokens);
        let cached = self.prompt_cache_hit_tokens.or(details).map_or(0, count);
        (prompt + completion > 0).then_some(Usage {
            prompt_tokens: prompt,
            completion_tokens: completion,
            cached_tokens: cached,
            estimated: false,
        })
    }

    /// The price the server itself names.
    pub(crate) fn cost_usd(&self) -> Option<f64> {
        self.cost.filter(|cost| cost.is_finite() && *cost >= 0.0)
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the cast saturates, which is what a nonsensical count deserves"
)]
fn count(tokens: f64) -> u64 {
    (tokens as u64).min(u64::from(u32::MAX))
}

/// A field of the wrong type counts as missing.
fn lenient<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: DeserializeOwned,
{
    let value = Value::deserialize(deserializer)?;
    Ok(if value.is_null() { None } else { serde_json::from_value(value).ok() })
}

/// Reads a body or a chunk. Escaped lone surrogates, which are no text, become U+FFFD.
pub(crate) fn parse(text: &str) -> Result<Body, String> {
    let body = serde_json::from_str(text).or_else(|error| {
        serde_json::from_str(&without_lone_surrogates(text)).map_err(|_| error.to_string())
    });
    body.and_then(|value: Value| match value {
        Value::Object(_) => serde_json::from_value(value).map_err(|error| error.to_string()),
        _ => Err("not an object".to_owned()),
    })
}

fn without_lone_surrogates(text: &str) -> String {
    const ESCAPE: usize = 6;
    let unit = |at: usize| -> Option<u32> {
        let digits = text.get(at..at + ESCAPE)?.strip_prefix("\\u")?;
        u32::from_str_radix(digits, 16).ok()
    };
    let bytes = text.as_bytes();
    let mut out = String::with_capacity(text.len());
    let (mut at, mut copied) = (0, 0);
    while at < bytes.len() {
        if bytes[at] != b'\\' {
            at += 1;
            continue;
        }
        at += match (unit(at), unit(at + ESCAPE)) {
            (Some(0xD800..=0xDBFF), Some(0xDC00..=0xDFFF)) => 2 * ESCAPE,
            (Some(0xD800..=0xDFFF), _) => {
                out.push_str(&text[copied..at]);
                out.push_str("\\ufffd");
                copied = at + ESCAPE;
                ESCAPE
            }
            // Skip the escaped character too: it may be a backslash.
            _ => 2,
        };
    }
    out.push_str(&text[copied..]);
    out
}

/// The body of a request.
pub(crate) fn request_body(call: &Call, stream: bool) -> Value {
    let (endpoint, request) = (&call.endpoint, &call.request);
    let mut body = Map::new();
    body.insert("model".into(), json!(endpoint.model));
    body.insert("messages".into(), json!(request.messages));
    let sampling = &request.sampling;
    let limit = match endpoint.token_limit_field {
        TokenLimitField::MaxTokens => "max_tokens",
        TokenLimitField::MaxCompletionTokens => "max_completion_tokens",
    };
    let optional = [
        ("temperature", sampling.temperature.map(|value| json!(value))),
        ("top_p", sampling.top_p.map(|value| json!(value))),
        (limit, sampling.max_tokens.map(|value| json!(value))),
        ("seed", sampling.seed.map(|value| json!(value))),
    ];
    for (name, value) in optional {
        if let Some(value) = value {
            body.insert(name.into(), value);
        }
    }
    body.insert("stream".into(), json!(stream));
    if stream && endpoint.stream_usage {
        body.insert("stream_options".into(), json!({ "include_usage": true }));
    }
    for (name, value) in &endpoint.extra_body {
        body.insert(name.clone(), value.clone());
    }
    Value::Object(body)
}

/// What a reply says, whole or put together from chunks.
#[derive(Debug, Default)]
pub(crate) struct Answer {
    pub(crate) has_choice: bool,
    pub(crate) content: Option<String>,
    pub(crate) thinking: Option<String>,
    pub(crate) refusal: Option<String>,
    pub(crate) finish: Option<Finish>,
    pub(crate) usage: Option<WireUsage>,
    pub(crate) model: Option<String>,
}

impl Answer {
    /// Adds a whole reply or the next chunk; only the first choice counts. Tells whether anything
    /// was said.
    pub(crate) fn add(&mut self, body: Body) -> bool {
        self.usage = body.usage.or(self.usage.take());
        self.model = body.model.filter(|name| !name.is_empty()).or(self.model.take());
        let mut said = false;
        for choice in body.choices.into_iter().flatten() {
            if choice.index.is_some_and(|index| index != 0) {
                continue;
            }
            self.has_choice = true;
            let finish = choice.finish_reason.filter(|word| !word.is_empty());
            self.finish = finish.map(Finish::from).or(self.finish.take());
            if let Some(message) = choice.message {
                said |= append(&mut self.content, message.text());
                said |= append(&mut self.thinking, message.thinking());
                said |= append(&mut self.refusal, message.refusal);
            }
        }
        said
    }

    /// Characters that came so far.
    pub(crate) fn received(&self) -> usize {
        [&self.content, &self.thinking].into_iter().flatten().map(|text| text.chars().count()).sum()
    }
}

fn append(whole: &mut Option<String>, piece: Option<String>) -> bool {
    let Some(piece) = piece else { return false };
    let said = !piece.is_empty();
    whole.get_or_insert_default().push_str(&piece);
    said
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn odd_fields_do_not_lose_the_reply() {
        let body = parse(
            r#"{"id": 7, "model": 3, "service": {"x": []}, "choices": [{"index": "0", "logprobs": 1,
            "message": {"role": "assistant", "content": [{"type": "text", "text": "a"}, {"text": "b"}],
            "reasoning": "r", "tool_calls": null}, "finish_reason": "eos"}],
            "usage": {"prompt_tokens": 12.0, "completion_tokens": 3, "prompt_tokens_details": null,
            "prompt_cache_hit_tokens": 4, "cost": 0.25, "speed": "x"}}"#,
        )
        .unwrap();
        let mut answer = Answer::default();
        assert!(answer.add(body));
        assert_eq!(answer.content.as_deref(), Some("ab"));
        assert_eq!(answer.thinking.as_deref(), Some("r"));
        assert_eq!(answer.finish, Some(Finish::Stop));
        assert_eq!(answer.model, None);
        let usage = answer.usage.unwrap();
        assert_eq!(usage.cost_usd(), Some(0.25));
        let usage = usage.usage().unwrap();
        assert_eq!((usage.prompt_tokens, usage.completion_tokens, usage.cached_tokens), (12, 3, 4));
    }

    #[test]
    fn usage_of_zeroes_or_nulls_is_no_usage() {
        for text in [r#"{"prompt_tokens":0,"completion_tokens":0}"#, r#"{"prompt_tokens":null}"#] {
            let usage: WireUsage = serde_json::from_str(text).unwrap();
            assert_eq!(usage.usage(), None);
        }
    }

    #[test]
    fn lone_surrogates_are_replaced_and_pairs_kept() {
        let text = r#"{"choices":[{"message":{"content":"\ud83d\ude00 \ud83d x \ude00 \\ud83d \ud83d\n"}}]}"#;
        let mut answer = Answer::default();
        answer.add(parse(text).unwrap());
        let expected = "😀 \u{fffd} x \u{fffd} \\ud83d \u{fffd}\n";
        assert_eq!(answer.content.as_deref(), Some(expected));
    }

    #[test]
    fn what_is_no_object_is_an_error() {
        for text in ["", "[]", "\"x\"", "{", "null", "\\", "\\ud800"] {
            assert!(parse(text).is_err(), "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_the_repair_panic(text in "(\\\\|u|d8|dc|0|é|\"){0,24}") {
            let _ = without_lone_surrogates(&text);
        }
    }
}
