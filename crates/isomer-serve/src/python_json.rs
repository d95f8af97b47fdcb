//! Reads JSON as Python writes it: `NaN`, `Infinity` and `-Infinity` are numbers, integers have any
//! size, and of repeated keys the last one counts.

use serde_json::{Number, Value};

/// Stands for `NaN` while the text is read: a number that nobody writes. Numbers keep their text, so
/// it is recognised afterwards.
const NAN: &str = "-0.0e-1987654321";
/// A number that every reader takes for infinity.
const INFINITY: &str = "1e999999";

/// Where and why a text is not JSON.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message} at byte {position}")]
pub(crate) struct SyntaxError {
    /// Offset in bytes, as far as it is known.
    pub(crate) position: usize,
    /// What is wrong.
    pub(crate) message: String,
}

/// Reads one value.
pub(crate) fn read(bytes: &[u8]) -> Result<Value, SyntaxError> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    match serde_json::from_slice(bytes) {
        Ok(value) => Ok(value),
        Err(error) => match standard(bytes) {
            Some(standard) => {
                let mut value = serde_json::from_slice(&standard.text)
                    .map_err(|error| standard.original(syntax_error(&standard.text, &error)))?;
                restore(&mut value);
                Ok(value)
            }
            None => Err(syntax_error(bytes, &error)),
        },
    }
}

fn syntax_error(text: &[u8], error: &serde_json::Error) -> SyntaxError {
    let before: usize = text
        .split_inclusive(|byte| *byte == b'\n')
        .take(error.line().saturating_sub(1))
        .map(<[u8]>::len)
        .sum();
    let message = error.to_string();
    let message = message.split(" at line ").next().unwrap_or_default().to_owned();
    SyntaxError { position: before + error.column().saturating_sub(1), message }
}

/// A text in standard JSON.
struct Standard {
    text: Vec<u8>,
    /// Where in the text a word was replaced, and how much longer that made it.
    replaced: Vec<(usize, usize)>,
}

impl Standard {
    /// An error as it would be in the text before.
    fn original(&self, mut error: SyntaxError) -> SyntaxError {
        let before = self.replaced.iter().take_while(|(at, _)| *at < error.position);
        error.position -= before.map(|(_, growth)| growth).sum::<usize>();
        error
    }
}

/// The text in standard JSON, if Python's words for numbers occur outside of strings.
fn standard(bytes: &[u8]) -> Option<Standard> {
    let mut text = Vec::with_capacity(bytes.len() + 64);
    let mut rest = bytes;
    let mut replaced = Vec::new();
    while let Some(&byte) = rest.first() {
        let taken = match byte {
            b'"' => string_length(rest),
            b'N' | b'I' => {
                let word = [("NaN", NAN), ("Infinity", INFINITY)]
                    .into_iter()
                    .find(|(word, _)| rest.starts_with(word.as_bytes()));
                if let Some((word, number)) = word {
                    text.extend_from_slice(number.as_bytes());
                    rest = &rest[word.len()..];
                    replaced.push((text.len() - 1, number.len().saturating_sub(word.len())));
                    continue;
                }
                1
            }
            _ => 1,
        };
        text.extend_from_slice(&rest[..taken]);
        rest = &rest[taken..];
    }
    (!replaced.is_empty()).then_some(Standard { text, replaced })
}

/// Bytes of the string that `text` begins with, quotes included.
fn string_length(text: &[u8]) -> usize {
    let mut at = 1;
    while let Some(byte) = text.get(at) {
        match byte {
            b'"' => return at + 1,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    text.len()
}

fn restore(value: &mut Value) {
    match value {
        Value::Number(number) if number.as_str() == NAN => {
            *number = Number::from_string_unchecked("NaN".to_owned());
        }
        Value::Array(items) => items.iter_mut().for_each(restore),
        Value::Object(object) => object.values_mut().for_each(restore),
        _ => {}
    }
}

/// The value with `null` in place of every number that is not finite, so that any JSON reader can
/// read it back.
pub(crate) fn finite(value: &Value) -> Value {
    match value {
        Value::Number(number) if !is_finite(number) => Value::Null,
        Value::Array(items) => items.iter().map(finite).collect(),
        Value::Object(object) => {
            object.iter().map(|(key, value)| (key.clone(), finite(value))).collect()
        }
        other => other.clone(),
    }
}

fn is_finite(number: &Number) -> bool {
    let text = number.as_str();
    let whole = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    whole || text.parse::<f64>().is_ok_and(f64::is_finite)
}

#[cfg(test)]
mod tests {
    use isomer_sandbox::PyValue;
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::{finite, read};

    #[test]
    fn words_of_python_are_numbers_outside_of_strings() {
        let value =
            read(br#"{"a": [NaN, -Infinity, Infinity, 1], "b": "NaN \" Infinity"}"#).unwrap();
        assert_eq!(value["b"], "NaN \" Infinity");
        let PyValue::List(items) = PyValue::from_json(&value["a"]) else { panic!("not a list") };
        assert!(matches!(items[0], PyValue::Float(number) if number.is_nan()));
        assert_eq!(items[1], PyValue::Float(f64::NEG_INFINITY));
        assert_eq!(items[2], PyValue::Float(f64::INFINITY));
        assert_eq!(finite(&value["a"]), json!([null, null, null, 1]));
    }

    #[test]
    fn integers_of_any_size_and_repeated_keys() {
        let big = "1".repeat(400);
        let value = read(format!(r#"{{"a": 1, "a": {big}, "n": NaN}}"#).as_bytes()).unwrap();
        assert_eq!(value["a"].to_string(), big);
        assert_eq!(finite(&value).to_string(), format!(r#"{{"a":{big},"n":null}}"#));
    }

    #[test]
    fn errors_say_where() {
        for (text, position) in [("{\"a\": 1,\n oops}", 10), ("[1, 2", 4), ("[NaN, Nan]", 6)] {
            assert_eq!(read(text.as_bytes()).unwrap_err().position, position, "{text}");
        }
        assert!(read(br#"["\ud800"]"#).is_err(), "a lone surrogate");
        assert!(read(b"[\"\xff\"]").is_err(), "not UTF-8");
        assert!(read(&b"[".repeat(100_000)).is_err(), "too deep");
        assert!(read(b"").is_err());
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_calmly(bytes in prop::collection::vec(any::<u8>(), 0..80)) {
            let _ = read(&bytes);
        }

        #[test]
        fn almost_json_is_read_calmly(text in r#"[\[\]{}:,"\\ NaInfity0-9.e-]{0,40}"#) {
            if let Ok(value) = read(text.as_bytes()) {
                let written = finite(&value).to_string();
                prop_assert!(serde_json::from_str::<Value>(&written).is_ok());
            }
        }
    }
}
