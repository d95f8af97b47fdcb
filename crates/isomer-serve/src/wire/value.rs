//! Python values in JSON, exactly.
//!
//! What JSON says without doubt is itself: `null`, booleans, strings, arrays (lists), numbers
//! without a fraction and an exponent (`int`, of any size) and numbers with one (finite `float`, in
//! the shortest form that reads back the same). Everything else is an object of one field:
//! `{"float": "nan" | "inf" | "-inf"}`, `{"tuple": [items]}`, `{"dict": [[key, value], ...]}` in the
//! dictionary's own order, and `{"str": base64}` for a string with lone surrogates, in Python's
//! `surrogatepass` form of UTF-8.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use isomer_sandbox::PyValue;
use serde_json::{Number, Value, json};

use super::WireError;

/// The value in JSON.
pub fn value_to_json(value: &PyValue) -> Value {
    match value {
        PyValue::None => Value::Null,
        PyValue::Bool(flag) => Value::Bool(*flag),
        PyValue::Int(number) => Value::Number(Number::from_string_unchecked(number.to_string())),
        PyValue::Float(number) => float_to_json(*number),
        PyValue::Str(text) => Value::String(text.clone()),
        PyValue::BrokenStr(bytes) => json!({"str": STANDARD.encode(bytes)}),
        PyValue::List(items) => items.iter().map(value_to_json).collect(),
        PyValue::Tuple(items) => {
            json!({"tuple": items.iter().map(value_to_json).collect::<Vec<_>>()})
        }
        PyValue::Dict(pairs) => {
            let pairs =
                pairs.iter().map(|(key, value)| json!([value_to_json(key), value_to_json(value)]));
            json!({"dict": pairs.collect::<Vec<_>>()})
        }
    }
}

fn float_to_json(number: f64) -> Value {
    if number.is_finite() {
        // Debug form: the shortest that reads back the same, always with a fraction or an exponent.
        return Value::Number(Number::from_string_unchecked(format!("{number:?}")));
    }
    let name = match (number.is_nan(), number.is_sign_negative()) {
        (true, _) => "nan",
        (false, false) => "inf",
        (false, true) => "-inf",
    };
    json!({"float": name})
}

/// The value of what [`value_to_json`] made.
pub fn value_from_json(json: &Value) -> Result<PyValue, WireError> {
    let Value::Object(object) = json else {
        return match json {
            Value::Array(items) => Ok(PyValue::List(values(items)?)),
            other => Ok(PyValue::from_json(other)),
        };
    };
    let mut fields = object.iter();
    let (Some((tag, content)), None) = (fields.next(), fields.next()) else {
        return Err(WireError::new("value", "an object of one field was expected"));
    };
    match (tag.as_str(), content) {
        ("float", Value::String(name)) => match name.as_str() {
            "nan" => Ok(PyValue::Float(f64::NAN)),
            "inf" => Ok(PyValue::Float(f64::INFINITY)),
            "-inf" => Ok(PyValue::Float(f64::NEG_INFINITY)),
            _ => Err(WireError::new("float", "`nan`, `inf` or `-inf` was expected")),
        },
        ("str", Value::String(text)) => STANDARD
            .decode(text)
            .map(PyValue::BrokenStr)
            .map_err(|_| WireError::new("str", "base64 was expected")),
        ("tuple", Value::Array(items)) => Ok(PyValue::Tuple(values(items)?)),
        ("dict", Value::Array(pairs)) => {
            pairs.iter().map(pair).collect::<Result<_, _>>().map(PyValue::Dict)
        }
        _ => Err(WireError::new("value", "`float`, `str`, `tuple` or `dict` was expected")),
    }
}

fn values(items: &[Value]) -> Result<Vec<PyValue>, WireError> {
    items.iter().map(value_from_json).collect()
}

fn pair(json: &Value) -> Result<(PyValue, PyValue), WireError> {
    match json.as_array().map(Vec::as_slice) {
        Some([key, value]) => Ok((value_from_json(key)?, value_from_json(value)?)),
        _ => Err(WireError::new("dict", "an array of key and value was expected")),
    }
}

#[cfg(test)]
mod tests {
    use isomer_sandbox::PyValue;
    use num_bigint::BigInt;
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::{value_from_json, value_to_json};

    fn any_value() -> impl Strategy<Value = PyValue> {
        let leaf = prop_oneof![
            Just(PyValue::None),
            any::<bool>().prop_map(PyValue::Bool),
            any::<i128>().prop_map(|number| PyValue::Int(BigInt::from(number))),
            any::<f64>().prop_map(PyValue::Float),
            (-9_i32..9).prop_map(|number| PyValue::Float(f64::from(number))),
            ".{0,6}".prop_map(PyValue::Str),
            prop::collection::vec(any::<u8>(), 0..6).prop_map(PyValue::BrokenStr),
        ];
        leaf.prop_recursive(4, 32, 5, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..5).prop_map(PyValue::List),
                prop::collection::vec(inner.clone(), 0..5).prop_map(PyValue::Tuple),
                prop::collection::vec((inner.clone(), inner), 0..4).prop_map(PyValue::Dict),
            ]
        })
    }

    #[test]
    fn the_form_is_what_the_documentation_says() {
        let value = PyValue::Tuple(vec![
            PyValue::Int(BigInt::from(1)),
            PyValue::Float(1.0),
            PyValue::Float(-0.0),
            PyValue::Float(1e300),
            PyValue::Float(f64::NEG_INFINITY),
            PyValue::Dict(vec![(PyValue::Int(BigInt::from(2)), PyValue::Str("a".to_owned()))]),
        ]);
        let text = r#"{"tuple":[1,1.0,-0.0,1e+300,{"float":"-inf"},{"dict":[[2,"a"]]}]}"#;
        assert_eq!(value_to_json(&value).to_string(), text);
    }

    #[test]
    fn other_objects_are_refused() {
        for json in [
            json!({}),
            json!({"a": 1}),
            json!({"tuple": 1}),
            json!({"dict": [[1]]}),
            json!({"float": "x"}),
        ] {
            assert!(value_from_json(&json).is_err(), "{json}");
        }
    }

    proptest! {
        #[test]
        fn values_survive_the_round(value in any_value()) {
            let text = value_to_json(&value).to_string();
            let read: Value = serde_json::from_str(&text).unwrap();
            // Compared as text, because NaN equals nothing and -0.0 equals 0.0.
            prop_assert_eq!(format!("{:?}", value_from_json(&read)), format!("Ok({value:?})"));
        }
    }
}
