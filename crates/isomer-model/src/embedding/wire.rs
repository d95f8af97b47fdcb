//! The embeddings format, read leniently where that cannot change a number.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::endpoint::Call;
use crate::estimate;
use crate::reply::Usage;

/// A whole answer.
#[derive(Deserialize)]
pub(super) struct Body {
    #[serde(default)]
    pub(super) error: Option<Value>,
    #[serde(default)]
    data: Vec<Item>,
    #[serde(default)]
    pub(super) model: Option<String>,
    #[serde(default)]
    usage: Value,
}

#[derive(Deserialize)]
struct Item {
    #[serde(default)]
    index: Option<usize>,
    #[serde(default)]
    embedding: Value,
}

/// The body of the request: every message is a text.
pub(super) fn request_body(call: &Call, dimensions: Option<usize>) -> Value {
    let texts: Vec<&str> = call.request.messages.iter().map(|text| text.content.as_str()).collect();
    let mut body = Map::new();
    body.insert("model".into(), json!(call.endpoint.model));
    body.insert("input".into(), json!(texts));
    body.insert("encoding_format".into(), json!("float"));
    if let Some(dimensions) = dimensions {
        body.insert("dimensions".into(), json!(dimensions));
    }
    for (name, value) in &call.endpoint.extra_body {
        body.insert(name.clone(), value.clone());
    }
    Value::Object(body)
}

impl Body {
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        serde_json::from_str(text).map_err(|error| error.to_string())
    }

    /// One vector of length 1 for each of `count` texts, in the order of the texts.
    pub(super) fn vectors(
        self,
        count: usize,
        dimensions: Option<usize>,
    ) -> Result<Vec<Vec<f32>>, String> {
        let found = self.data.len();
        if found != count {
            return Err(format!("{found} vectors for {count} texts"));
        }
        let mut ordered = vec![Vec::new(); count];
        let mut expected = dimensions;
        for (place, item) in self.data.into_iter().enumerate() {
            let index = item.index.unwrap_or(place);
            let vector = unit(numbers(&item.embedding)?)?;
            let expected = *expected.get_or_insert(vector.len());
            if vector.len() != expected {
                return Err(format!("a vector of {} numbers and not {expected}", vector.len()));
            }
            match ordered.get_mut(index) {
                Some(slot) if slot.is_empty() => *slot = vector,
                Some(_) => return Err(format!("two vectors for text {index}")),
                None => return Err(format!("a vector for text {index} of {count}")),
            }
        }
        Ok(ordered)
    }

    /// What was billed, or an estimate where the server does not say.
    pub(super) fn usage(&self, call: &Call) -> Usage {
        let told = |field: &str| self.usage.get(field).and_then(Value::as_u64);
        match told("prompt_tokens").or_else(|| told("total_tokens")) {
            Some(prompt_tokens) if prompt_tokens > 0 => Usage { prompt_tokens, ..Usage::default() },
            _ => estimate::usage(&call.request.messages, "", None),
        }
    }
}

/// A list of numbers, or their bytes in base64.
fn numbers(embedding: &Value) -> Result<Vec<f32>, String> {
    match embedding {
        Value::Array(values) => {
            let number = |value: &Value| {
                let number = value.as_f64().ok_or_else(|| format!("`{value}` in a vector"))?;
                #[expect(clippy::cast_possible_truncation, reason = "vectors are single precision")]
                Ok(number as f32)
            };
            values.iter().map(number).collect()
        }
        Value::String(text) => {
            let bytes = STANDARD.decode(text).map_err(|error| format!("a vector: {error}"))?;
            let (numbers, rest) = bytes.as_chunks();
            if !rest.is_empty() {
                return Err(format!("a vector of {} bytes", bytes.len()));
            }
            Ok(numbers.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect())
        }
        _ => Err("an item without `embedding`".into()),
    }
}

/// Brings a vector to length 1.
fn unit(mut vector: Vec<f32>) -> Result<Vec<f32>, String> {
    let length = vector.iter().map(|value| f64::from(*value).powi(2)).sum::<f64>().sqrt();
    if !length.is_finite() || length == 0.0 {
        return Err(format!("a vector of length {length}"));
    }
    for value in &mut vector {
        #[expect(clippy::cast_possible_truncation, reason = "vectors are single precision")]
        let scaled = (f64::from(*value) / length) as f32;
        *value = scaled;
    }
    Ok(vector)
}
