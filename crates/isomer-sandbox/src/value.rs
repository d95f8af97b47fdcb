//! Plain Python values, as they cross the wall.

use num_bigint::BigInt;
use serde_json::{Map, Number, Value};

/// A plain Python value. Objects of any other type, subclasses of these included, never cross the
/// wall.
#[derive(Clone, Debug, PartialEq)]
pub enum PyValue {
    /// `None`.
    None,
    /// `True` or `False`; never equal to a number.
    Bool(bool),
    /// An integer of any size.
    Int(BigInt),
    /// A float, NaN and the infinities included.
    Float(f64),
    /// A string.
    Str(String),
    /// A string with lone surrogates, which no other language can hold, in Python's
    /// `surrogatepass` form of UTF-8.
    BrokenStr(Vec<u8>),
    /// A list.
    List(Vec<PyValue>),
    /// A tuple.
    Tuple(Vec<PyValue>),
    /// A dictionary in its own order.
    Dict(Vec<(PyValue, PyValue)>),
}

/// Why a value has no JSON form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotJson {
    /// NaN or an infinity.
    #[error("a float is not finite")]
    NotFinite,
    /// A dictionary key that is not a string.
    #[error("a dictionary has a key that is not a string")]
    Key,
    /// A string with lone surrogates.
    #[error("a string has lone surrogates")]
    Surrogates,
    /// An integer that Python's own JSON reader refuses. Writing it out may also take very long.
    #[error("an integer has more than {MOST_DIGITS} digits")]
    Digits,
}

/// The most digits that Python reads or writes as one integer.
pub(crate) const MOST_DIGITS: usize = 4300;

/// The digits of an integer, or `None` if they are too many for Python.
pub(crate) fn decimal(number: &BigInt) -> Option<String> {
    // No integer that is written takes four bits a digit, and others are not even converted.
    if number.bits() > 4 * MOST_DIGITS as u64 {
        return None;
    }
    let text = number.to_string();
    (text.trim_start_matches('-').len() <= MOST_DIGITS).then_some(text)
}

impl PyValue {
    /// The value as JSON; tuples become arrays and integers keep all their digits, unless they have
    /// more than other readers take.
    pub fn to_json(&self) -> Result<Value, NotJson> {
        Ok(match self {
            Self::None => Value::Null,
            Self::Bool(flag) => Value::Bool(*flag),
            Self::Int(number) => Value::Number(integer_number(number)?),
            Self::Float(number) => {
                Value::Number(Number::from_f64(*number).ok_or(NotJson::NotFinite)?)
            }
            Self::Str(text) => Value::String(text.clone()),
            Self::BrokenStr(_) => return Err(NotJson::Surrogates),
            Self::List(items) | Self::Tuple(items) => {
                Value::Array(items.iter().map(Self::to_json).collect::<Result<_, _>>()?)
            }
            Self::Dict(pairs) => {
                let mut object = Map::new();
                for (key, value) in pairs {
                    let Self::Str(key) = key else { return Err(NotJson::Key) };
                    object.insert(key.clone(), value.to_json()?);
                }
                Value::Object(object)
            }
        })
    }

    /// What Python's own JSON reader makes of the value: a number with a fraction or an exponent is
    /// a float, any other an integer.
    pub fn from_json(value: &Value) -> Self {
        match value {
            Value::Null => Self::None,
            Value::Bool(flag) => Self::Bool(*flag),
            Value::Number(number) => Self::from_number(number.as_str()),
            Value::String(text) => Self::Str(text.clone()),
            Value::Array(items) => Self::List(items.iter().map(Self::from_json).collect()),
            Value::Object(object) => Self::Dict(
                object
                    .iter()
                    .map(|(key, value)| (Self::Str(key.clone()), Self::from_json(value)))
                    .collect(),
            ),
        }
    }

    fn from_number(text: &str) -> Self {
        match text.parse::<BigInt>() {
            Ok(number) => Self::Int(number),
            // A number too large for a float is infinite, as it is in Python.
            Err(_) => Self::Float(text.parse().unwrap_or(f64::NAN)),
        }
    }
}

fn integer_number(number: &BigInt) -> Result<Number, NotJson> {
    match i64::try_from(number) {
        Ok(small) => Ok(Number::from(small)),
        Err(_) => decimal(number).map(Number::from_string_unchecked).ok_or(NotJson::Digits),
    }
}

#[cfg(test)]
mod tests {
    use num_bigint::BigInt;
    use serde_json::json;

    use super::{NotJson, PyValue};

    #[test]
    fn numbers_keep_their_kind_and_digits() {
        let text = "[1, 1.0, 1e3, -0, 123456789012345678901234567890]";
        let value: serde_json::Value = serde_json::from_str(text).unwrap();
        let PyValue::List(items) = PyValue::from_json(&value) else { panic!("not a list") };
        assert_eq!(items[0], PyValue::Int(BigInt::from(1)));
        assert_eq!(items[1], PyValue::Float(1.0));
        assert_eq!(items[2], PyValue::Float(1000.0));
        assert_eq!(items[3], PyValue::Int(BigInt::from(0)));
        assert_eq!(items[4].to_json().unwrap().to_string(), "123456789012345678901234567890");
    }

    #[test]
    fn what_json_cannot_say_is_refused() {
        assert_eq!(PyValue::Float(f64::NAN).to_json(), Err(NotJson::NotFinite));
        assert_eq!(PyValue::BrokenStr(vec![0xed, 0xa0, 0x80]).to_json(), Err(NotJson::Surrogates));
        let keyed = PyValue::Dict(vec![(PyValue::Bool(true), PyValue::None)]);
        assert_eq!(keyed.to_json(), Err(NotJson::Key));
        let power = |exponent| PyValue::Int(BigInt::from(10).pow(exponent));
        assert_eq!(power(4299).to_json().unwrap().to_string().len(), 4300);
        assert_eq!(power(4300).to_json(), Err(NotJson::Digits));
        assert_eq!(PyValue::Int(BigInt::from(1) << (1 << 26)).to_json(), Err(NotJson::Digits));
    }

    #[test]
    fn tuples_become_arrays() {
        let tuple = PyValue::Tuple(vec![PyValue::None, PyValue::Float(0.5)]);
        assert_eq!(tuple.to_json().unwrap(), json!([null, 0.5]));
    }
}
