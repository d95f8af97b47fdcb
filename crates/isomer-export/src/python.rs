//! Values as Python writes them.

use std::fmt::Write as _;

use serde_json::Value;

/// `json.dumps(value)`: `, ` and `: ` between parts, nothing but ASCII.
pub(crate) fn dumps(value: &Value) -> String {
    let mut text = String::new();
    write(value, &mut text);
    text
}

fn write(value: &Value, text: &mut String) {
    match value {
        Value::Null => text.push_str("null"),
        Value::Bool(flag) => text.push_str(if *flag { "true" } else { "false" }),
        Value::Number(number) => {
            text.push_str(&number_text(number.as_str()).unwrap_or_else(str::to_owned));
        }
        Value::String(string) => quote(string, text),
        Value::Array(items) => {
            text.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    text.push_str(", ");
                }
                write(item, text);
            }
            text.push(']');
        }
        Value::Object(members) => {
            text.push('{');
            for (index, (name, item)) in members.iter().enumerate() {
                if index > 0 {
                    text.push_str(", ");
                }
                quote(name, text);
                text.push_str(": ");
                write(item, text);
            }
            text.push('}');
        }
    }
}

fn quote(string: &str, text: &mut String) {
    text.push('"');
    for letter in string.chars() {
        match letter {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            '\t' => text.push_str("\\t"),
            '\u{8}' => text.push_str("\\b"),
            '\u{c}' => text.push_str("\\f"),
            ' '..='~' => text.push(letter),
            other => {
                for unit in other.encode_utf16(&mut [0; 2]) {
                    let _ = write!(text, "\\u{unit:04x}");
                }
            }
        }
    }
    text.push('"');
}

/// A number as `repr` has it after JSON was read; the error is the name JSON of Python has for a
/// number beyond all floats.
fn number_text(number: &str) -> Result<String, &'static str> {
    if number.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-') {
        return Ok(if number == "-0" { "0".to_owned() } else { number.to_owned() });
    }
    match number.parse::<f64>() {
        Ok(float) if float.is_finite() => Ok(repr(float)),
        Ok(float) if float < 0.0 => Err("-Infinity"),
        Ok(float) if float > 0.0 => Err("Infinity"),
        _ => Err("NaN"),
    }
}

/// `repr(float)` of a finite float.
fn repr(float: f64) -> String {
    let shortest = format!("{float:e}");
    let (mantissa, exponent) = shortest.split_once('e').unwrap_or((&shortest, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if (-4..16).contains(&exponent) {
        let plain = format!("{float}");
        return if plain.contains('.') { plain } else { plain + ".0" };
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{mantissa}e{sign}{:02}", exponent.abs())
}

/// The value as `ast.literal_eval` reads it, on one line; `None` for what no literal says.
pub(crate) fn literal(value: &Value) -> Option<String> {
    Some(match value {
        Value::Null => "None".to_owned(),
        Value::Bool(true) => "True".to_owned(),
        Value::Bool(false) => "False".to_owned(),
        Value::Number(number) => number_text(number.as_str()).ok()?,
        Value::String(string) => string_literal(string),
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(literal).collect::<Option<_>>()?;
            format!("[{}]", items.join(", "))
        }
        Value::Object(members) => {
            let pairs = members
                .iter()
                .map(|(name, item)| Some(format!("{}: {}", string_literal(name), literal(item)?)));
            format!("{{{}}}", pairs.collect::<Option<Vec<_>>>()?.join(", "))
        }
    })
}

/// As JSON has it, but for letters beyond 16 bits, which Python writes in eight digits.
fn string_literal(string: &str) -> String {
    let mut text = String::from("\"");
    for letter in string.chars() {
        match letter {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            '\n' => text.push_str("\\n"),
            ' '..='~' => text.push(letter),
            other => {
                let _ = write!(text, "\\U{:08x}", u32::from(other));
            }
        }
    }
    text.push('"');
    text
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{dumps, literal};

    fn value(text: &str) -> Value {
        serde_json::from_str(text).unwrap()
    }

    /// What Python 3.11 says.
    #[test]
    fn json_has_spaces_and_ascii_alone() {
        assert_eq!(
            dumps(&value(
                r#"[1,-0,1.0,1e3,1e22,1E-7,123456789012345678901,{"é":[true,null,"a\n\u0000😀"]}]"#
            )),
            r#"[1, 0, 1.0, 1000.0, 1e+22, 1e-07, 123456789012345678901, {"\u00e9": [true, null, "a\n\u0000\ud83d\ude00"]}]"#
        );
        assert_eq!(
            dumps(&value("[0.1,1e15,1e16,0.0001,0.00001,-1e400]")),
            "[0.1, 1000000000000000.0, 1e+16, 0.0001, 1e-05, -Infinity]"
        );
    }

    #[test]
    fn literals_are_one_line_of_python() {
        assert_eq!(
            literal(&json!([null, true, {"a\u{2028}": "😀\r\n"}])).unwrap(),
            "[None, True, {\"a\\U00002028\": \"\\U0001f600\\U0000000d\\n\"}]"
        );
        assert_eq!(literal(&value("[1e999]")), None);
    }
}
