//! `json.dumps` and `json.loads`.

use std::collections::HashMap;
use std::fmt::Write;

use serde_json::Value;

use crate::PyValue;
use crate::value::decimal;

/// `json.loads` of an expected value, or `None` where an integer is too long for Python to read.
pub(in crate::judge) fn loads(value: &Value) -> Option<PyValue> {
    let value = PyValue::from_json(value);
    is_readable(&value).then_some(value)
}

fn is_readable(value: &PyValue) -> bool {
    match value {
        PyValue::Int(number) => decimal(number).is_some(),
        PyValue::List(items) | PyValue::Tuple(items) => items.iter().all(is_readable),
        PyValue::Dict(pairs) => pairs.iter().all(|(_, value)| is_readable(value)),
        _ => true,
    }
}

/// `json.dumps(value)`, or `None` where that is an error.
///
/// Strings with lone surrogates come out as text that no other value leads to.
pub(in crate::judge) fn dumps(value: &PyValue) -> Option<String> {
    let mut text = String::new();
    write_value(value, &mut text)?;
    Some(text)
}

fn write_value(value: &PyValue, text: &mut String) -> Option<()> {
    match value {
        PyValue::Str(content) => write_text(content, text),
        PyValue::BrokenStr(_) => text.push('\u{fffd}'),
        PyValue::List(items) | PyValue::Tuple(items) => {
            text.push('[');
            for (index, item) in items.iter().enumerate() {
                text.push_str(if index == 0 { "" } else { ", " });
                write_value(item, text)?;
            }
            text.push(']');
        }
        PyValue::Dict(pairs) => {
            text.push('{');
            for (index, (key, value)) in pairs.iter().enumerate() {
                text.push_str(if index == 0 { "" } else { ", " });
                match scalar(key) {
                    Some(key) => write!(text, "\"{key}\"").ok()?,
                    None if matches!(key, PyValue::Str(_) | PyValue::BrokenStr(_)) => {
                        write_value(key, text)?;
                    }
                    None => return None,
                }
                text.push_str(": ");
                write_value(value, text)?;
            }
            text.push('}');
        }
        scalar_value => text.push_str(&scalar(scalar_value)?),
    }
    Some(())
}

/// How JSON has anything but text and containers, as a value and as a key.
fn scalar(value: &PyValue) -> Option<String> {
    match value {
        PyValue::None => Some("null".to_owned()),
        PyValue::Bool(flag) => Some(flag.to_string()),
        PyValue::Int(number) => decimal(number),
        PyValue::Float(number) if number.is_nan() => Some("NaN".to_owned()),
        PyValue::Float(number) if number.is_infinite() => {
            Some(if *number > 0.0 { "Infinity" } else { "-Infinity" }.to_owned())
        }
        PyValue::Float(number) => Some(repr_float(*number)),
        _ => None,
    }
}

fn write_text(content: &str, text: &mut String) {
    text.push('"');
    for character in content.chars() {
        match character {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            '\t' => text.push_str("\\t"),
            '\x08' => text.push_str("\\b"),
            '\x0c' => text.push_str("\\f"),
            ' '..='~' => text.push(character),
            _ => {
                for unit in character.encode_utf16(&mut [0; 2]) {
                    // Writing to a string cannot fail.
                    let _ = write!(text, "\\u{unit:04x}");
                }
            }
        }
    }
    text.push('"');
}

/// `repr(number)`.
pub(in crate::judge) fn repr_float(number: f64) -> String {
    if number.is_nan() {
        return "nan".to_owned();
    }
    if number.is_infinite() {
        return if number > 0.0 { "inf" } else { "-inf" }.to_owned();
    }
    let scientific = format!("{number:e}");
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if (-4..16).contains(&exponent) {
        return format!("{number:?}");
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{mantissa}e{sign}{:02}", exponent.abs())
}

/// What `json.loads(json.dumps(value))` is, or `None` where that is an error.
pub(in crate::judge) fn through_json(value: &PyValue) -> Option<PyValue> {
    Some(match value {
        PyValue::List(items) | PyValue::Tuple(items) => {
            PyValue::List(items.iter().map(through_json).collect::<Option<_>>()?)
        }
        PyValue::Dict(pairs) => {
            let mut read = HashMap::new();
            for (key, value) in pairs {
                let key = match key {
                    PyValue::Str(key) => key.clone().into_bytes(),
                    PyValue::BrokenStr(key) => key.clone(),
                    other => scalar(other)?.into_bytes(),
                };
                // Of keys that are written alike, the last is read.
                read.insert(key, through_json(value)?);
            }
            let key = |bytes| {
                String::from_utf8(bytes)
                    .map_or_else(|error| PyValue::BrokenStr(error.into_bytes()), PyValue::Str)
            };
            PyValue::Dict(read.into_iter().map(|(bytes, value)| (key(bytes), value)).collect())
        }
        PyValue::Int(number) => {
            decimal(number)?;
            value.clone()
        }
        other => other.clone(),
    })
}

#[cfg(test)]
mod tests {
    use num_bigint::BigInt;
    use serde_json::json;

    use super::{dumps, loads, repr_float, through_json};
    use crate::PyValue;

    /// What Python 3.11 says.
    #[test]
    fn floats() {
        for (number, expected) in [
            (1.0, "1.0"),
            (1e16, "1e+16"),
            (123_456_789_012_345_680.0, "1.2345678901234568e+17"),
            (0.0001, "0.0001"),
            (0.00001, "1e-05"),
            (1.5e-7, "1.5e-07"),
            (-0.0, "-0.0"),
            (1e22, "1e+22"),
            (1e100, "1e+100"),
            (9_999_999_999_999_998.0, "9999999999999998.0"),
            (0.1, "0.1"),
            (5e-324, "5e-324"),
            (f64::NEG_INFINITY, "-inf"),
            (f64::NAN, "nan"),
        ] {
            assert_eq!(repr_float(number), expected);
        }
    }

    fn int(number: i32) -> PyValue {
        PyValue::Int(BigInt::from(number))
    }

    #[test]
    fn what_dumps_writes() {
        let value = PyValue::Tuple(vec![
            PyValue::None,
            PyValue::Bool(true),
            int(-3),
            PyValue::Float(f64::INFINITY),
            PyValue::Float(1e16),
            PyValue::Str("a\"\\\n\x7f\u{e9}\u{1f600}/".to_owned()),
            PyValue::Dict(vec![(int(1), PyValue::List(vec![])), (PyValue::None, int(2))]),
        ]);
        assert_eq!(
            dumps(&value).unwrap(),
            r#"[null, true, -3, Infinity, 1e+16, "a\"\\\n\u007f\u00e9\ud83d\ude00/", {"1": [], "null": 2}]"#
        );
        assert_eq!(dumps(&PyValue::Dict(vec![(PyValue::Tuple(vec![]), int(1))])), None);
    }

    #[test]
    fn integers_have_at_most_4300_digits() {
        let most: serde_json::Value = serde_json::from_str(&"9".repeat(4300)).unwrap();
        let more: serde_json::Value = serde_json::from_str(&"9".repeat(4301)).unwrap();
        assert!(loads(&json!([most])).is_some());
        assert!(loads(&json!([more])).is_none());
        assert!(dumps(&PyValue::from_json(&most)).is_some());
        assert!(dumps(&PyValue::from_json(&more)).is_none());
        // Far too long to be written out at all.
        assert!(dumps(&PyValue::Int(BigInt::from(1) << (1 << 24))).is_none());
    }

    #[test]
    fn through_json_and_back() {
        let read = through_json(&PyValue::Dict(vec![
            (int(1), PyValue::Tuple(vec![int(2)])),
            (PyValue::Str("1".to_owned()), int(3)),
        ]));
        let expected = PyValue::Dict(vec![(PyValue::Str("1".to_owned()), int(3))]);
        assert_eq!(read, Some(expected));
        assert_eq!(through_json(&PyValue::Dict(vec![(PyValue::List(vec![]), int(1))])), None);
    }
}
