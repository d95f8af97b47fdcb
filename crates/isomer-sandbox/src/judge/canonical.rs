//! Bytes that two values share exactly when they are equal.
//!
//! Comparing a dictionary or an unordered list pair by pair would let a hostile answer cost the
//! square of its size; by these bytes it costs sorting it.

use num_bigint::{BigInt, Sign};

use crate::PyValue;

/// What equality means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Equality {
    /// A tuple equals a list, a bool no number, NaN itself.
    Ours,
    /// As `==` of Python has it: a tuple equals no list, `True` equals 1, NaN nothing.
    Python,
}

/// The bytes of `value`, or `None` if it does not even equal itself.
pub(super) fn bytes(equality: Equality, value: &PyValue) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    write(equality, value, &mut bytes).then_some(bytes)
}

/// Whether `left == right` in Python.
pub(super) fn equal_in_python(left: &PyValue, right: &PyValue) -> bool {
    let bytes = |value| bytes(Equality::Python, value);
    bytes(left).is_some_and(|left| bytes(right) == Some(left))
}

/// Appends the bytes; `false` if the value does not equal itself.
fn write(equality: Equality, value: &PyValue, bytes: &mut Vec<u8>) -> bool {
    match value {
        PyValue::None => bytes.push(b'n'),
        PyValue::Bool(flag) => match equality {
            Equality::Ours => bytes.extend_from_slice(if *flag { b"bt" } else { b"bf" }),
            Equality::Python => write_integer(&BigInt::from(u8::from(*flag)), bytes),
        },
        PyValue::Int(number) => write_integer(number, bytes),
        PyValue::Float(number) if number.is_nan() => {
            bytes.push(b'?');
            return equality == Equality::Ours;
        }
        PyValue::Float(number) => {
            if let Some(integer) = integer_of(*number) {
                write_integer(&integer, bytes);
            } else {
                bytes.push(b'f');
                bytes.extend_from_slice(&number.to_be_bytes());
            }
        }
        PyValue::Str(text) => write_sized(b's', text.as_bytes(), bytes),
        PyValue::BrokenStr(text) => write_sized(b'x', text, bytes),
        PyValue::List(items) => return write_items(equality, b'l', items, bytes),
        PyValue::Tuple(items) => {
            let tag = if equality == Equality::Ours { b'l' } else { b't' };
            return write_items(equality, tag, items, bytes);
        }
        PyValue::Dict(pairs) => return write_pairs(equality, pairs, bytes),
    }
    true
}

fn write_integer(number: &BigInt, bytes: &mut Vec<u8>) {
    write_sized(b'i', &number.to_signed_bytes_le(), bytes);
}

fn write_sized(tag: u8, content: &[u8], bytes: &mut Vec<u8>) {
    bytes.push(tag);
    bytes.extend_from_slice(&content.len().to_be_bytes());
    bytes.extend_from_slice(content);
}

fn write_items(equality: Equality, tag: u8, items: &[PyValue], bytes: &mut Vec<u8>) -> bool {
    bytes.push(tag);
    bytes.extend_from_slice(&items.len().to_be_bytes());
    items.iter().all(|item| write(equality, item, bytes))
}

fn write_pairs(equality: Equality, pairs: &[(PyValue, PyValue)], bytes: &mut Vec<u8>) -> bool {
    let mut sorted = Vec::with_capacity(pairs.len());
    for (key, value) in pairs {
        let mut pair = Vec::new();
        if !write(equality, key, &mut pair) || !write(equality, value, &mut pair) {
            return false;
        }
        sorted.push(pair);
    }
    sorted.sort_unstable();
    bytes.push(b'd');
    bytes.extend_from_slice(&pairs.len().to_be_bytes());
    for pair in sorted {
        bytes.extend_from_slice(&pair);
    }
    true
}

/// The integer that a float is exactly, if it is one.
#[expect(clippy::float_cmp, reason = "a float without fraction equals its truncation exactly")]
pub(super) fn integer_of(float: f64) -> Option<BigInt> {
    const FRACTION_BITS: u32 = 52;
    if !float.is_finite() || float.trunc() != float {
        return None;
    }
    if float == 0.0 {
        return Some(BigInt::ZERO);
    }
    let bits = float.to_bits();
    let fraction = (bits & ((1 << FRACTION_BITS) - 1)) | (1 << FRACTION_BITS);
    // A whole number other than zero is at least 1 and so has a normal exponent.
    let exponent = (bits >> FRACTION_BITS) & 0x7ff;
    let magnitude = BigInt::from(fraction);
    let magnitude = match exponent.checked_sub(1023 + u64::from(FRACTION_BITS)) {
        Some(left) => magnitude << left,
        None => magnitude >> (1023 + u64::from(FRACTION_BITS) - exponent),
    };
    let sign = if float.is_sign_negative() { Sign::Minus } else { Sign::Plus };
    Some(BigInt::from_biguint(sign, magnitude.into_parts().1))
}

#[cfg(test)]
mod tests {
    use num_bigint::BigInt;
    use proptest::prelude::*;

    use super::{Equality, bytes, equal_in_python, integer_of};
    use crate::{PyValue, testing::any_value};

    fn int(number: i32) -> PyValue {
        PyValue::Int(BigInt::from(number))
    }

    #[test]
    fn equality_of_python() {
        assert!(equal_in_python(&int(1), &PyValue::Bool(true)));
        assert!(equal_in_python(&int(0), &PyValue::Float(-0.0)));
        assert!(!equal_in_python(&PyValue::Tuple(vec![]), &PyValue::List(vec![])));
        assert!(!equal_in_python(&PyValue::Float(f64::NAN), &PyValue::Float(f64::NAN)));
        let dict = |pairs| PyValue::Dict(pairs);
        let left = dict(vec![(int(1), int(2)), (PyValue::None, int(3))]);
        let right = dict(vec![(PyValue::None, PyValue::Float(3.0)), (PyValue::Bool(true), int(2))]);
        assert!(equal_in_python(&left, &right));
        assert!(!equal_in_python(&left, &dict(vec![(int(1), int(2))])));
    }

    #[test]
    fn neighbours_do_not_run_together() {
        let list = |texts: &[&str]| {
            PyValue::List(texts.iter().map(|text| PyValue::Str((*text).to_owned())).collect())
        };
        let ours = |value: &PyValue| bytes(Equality::Ours, value);
        assert_ne!(ours(&list(&["ab", "c"])), ours(&list(&["a", "bc"])));
        assert_ne!(
            ours(&PyValue::List(vec![list(&[]), list(&["a"])])),
            ours(&PyValue::List(vec![list(&["a"]), list(&[])]))
        );
        assert_ne!(ours(&PyValue::Bool(true)), ours(&int(1)));
    }

    proptest! {
        #[test]
        fn whole_floats_are_integers(number in any::<i64>(), shift in 0_i32..900) {
            #[expect(clippy::cast_precision_loss, reason = "any float will do")]
            let float = number as f64 * 2_f64.powi(shift);
            let printed: BigInt = format!("{float:.0}").parse().unwrap();
            prop_assert_eq!(integer_of(float), Some(printed));
        }

        #[test]
        fn fractions_are_no_integers(float in any::<f64>()) {
            prop_assert_eq!(integer_of(float).is_some(), float.is_finite() && float.fract() == 0.0);
        }

        /// Deep nesting and many small elements cost a fixed number of bytes each.
        #[test]
        fn the_size_is_linear(value in any_value()) {
            let mut marshalled = Vec::new();
            crate::marshal::encode(&value, &mut marshalled);
            prop_assert!(bytes(Equality::Ours, &value).unwrap().len() <= 16 * marshalled.len());
        }
    }
}
