//! Fingerprints that two values share exactly when they are equal.
//!
//! Comparing a dictionary or an unordered list pair by pair would let a hostile answer cost the
//! square of its size; a fingerprint costs reading it once.

use num_bigint::{BigInt, Sign};

use super::fingerprint::Keys;
use crate::PyValue;

/// What equality means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Equality {
    /// A tuple equals a list, a bool no number, NaN itself.
    Ours,
    /// As `==` of Python has it: a tuple equals no list, `True` equals 1, NaN nothing.
    Python,
}

/// Takes the fingerprints of one comparison.
pub(super) struct Fingerprints {
    equality: Equality,
    keys: Keys,
    /// What was written of the value at hand.
    bytes: Vec<u8>,
}

/// Whether `left == right` in Python.
pub(super) fn equal_in_python(left: &PyValue, right: &PyValue) -> bool {
    let mut fingerprints = Fingerprints::new(Equality::Python);
    let left = fingerprints.of(left);
    left.is_some() && left == fingerprints.of(right)
}

impl Fingerprints {
    /// Starts a comparison.
    pub(super) fn new(equality: Equality) -> Self {
        Self { equality, keys: Keys::default(), bytes: Vec::new() }
    }

    /// The fingerprint of `value`, or `None` if it does not even equal itself.
    pub(super) fn of(&mut self, value: &PyValue) -> Option<u128> {
        self.bytes.clear();
        self.write(value).then(|| self.keys.of(&self.bytes))
    }

    /// The fingerprint of a multiset.
    pub(super) fn of_all(&mut self, values: &[PyValue]) -> Option<u128> {
        values.iter().try_fold(0_u128, |sum, value| Some(sum.wrapping_add(self.of(value)?)))
    }

    /// Appends what tells `value` from all that do not equal it; `false` if it does not equal
    /// itself.
    fn write(&mut self, value: &PyValue) -> bool {
        match value {
            PyValue::None => self.bytes.push(b'n'),
            PyValue::Bool(flag) => match self.equality {
                Equality::Ours => self.bytes.extend_from_slice(&[b'b', u8::from(*flag)]),
                Equality::Python => self.write_integer(&BigInt::from(u8::from(*flag))),
            },
            PyValue::Int(number) => self.write_integer(number),
            PyValue::Float(number) if number.is_nan() => {
                self.bytes.push(b'?');
                return self.equality == Equality::Ours;
            }
            PyValue::Float(number) => {
                if let Some(integer) = integer_of(*number) {
                    self.write_integer(&integer);
                } else {
                    self.bytes.push(b'f');
                    self.bytes.extend_from_slice(&number.to_be_bytes());
                }
            }
            PyValue::Str(text) => self.write_sized(b's', text.as_bytes()),
            PyValue::BrokenStr(text) => self.write_sized(b'x', text),
            PyValue::List(items) => return self.write_items(b'l', items),
            PyValue::Tuple(items) => {
                let tag = if self.equality == Equality::Ours { b'l' } else { b't' };
                return self.write_items(tag, items);
            }
            PyValue::Dict(pairs) => return self.write_pairs(pairs),
        }
        true
    }

    fn write_integer(&mut self, number: &BigInt) {
        match i64::try_from(number) {
            Ok(small) => {
                self.bytes.push(b'i');
                self.bytes.extend_from_slice(&small.to_be_bytes());
            }
            Err(_) => self.write_sized(b'j', &number.to_signed_bytes_le()),
        }
    }

    fn write_head(&mut self, tag: u8, size: usize) {
        self.bytes.push(tag);
        self.bytes.extend_from_slice(&size.to_be_bytes());
    }

    fn write_sized(&mut self, tag: u8, content: &[u8]) {
        self.write_head(tag, content.len());
        self.bytes.extend_from_slice(content);
    }

    fn write_items(&mut self, tag: u8, items: &[PyValue]) -> bool {
        self.write_head(tag, items.len());
        items.iter().all(|item| self.write(item))
    }

    /// Writes the sum of the fingerprints of all pairs, which does not depend on their order.
    fn write_pairs(&mut self, pairs: &[(PyValue, PyValue)]) -> bool {
        let start = self.bytes.len();
        let mut sum = 0_u128;
        for (key, value) in pairs {
            if !self.write(key) || !self.write(value) {
                return false;
            }
            sum = sum.wrapping_add(self.keys.of(&self.bytes[start..]));
            self.bytes.truncate(start);
        }
        self.write_head(b'd', pairs.len());
        self.bytes.extend_from_slice(&sum.to_be_bytes());
        true
    }
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

    use super::{Equality, Fingerprints, equal_in_python, integer_of};
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
        let mut fingerprints = Fingerprints::new(Equality::Ours);
        let mut differ = |left: &PyValue, right: &PyValue| {
            assert_ne!(fingerprints.of(left), fingerprints.of(right), "{left:?} {right:?}");
        };
        differ(&list(&["ab", "c"]), &list(&["a", "bc"]));
        differ(
            &PyValue::List(vec![list(&[]), list(&["a"])]),
            &PyValue::List(vec![list(&["a"]), list(&[])]),
        );
        differ(&PyValue::Bool(true), &int(1));
        let nested = |inner: PyValue| PyValue::Dict(vec![(int(1), inner)]);
        differ(&nested(nested(int(1))), &nested(nested(int(2))));
        differ(&nested(nested(int(1))), &nested(PyValue::List(vec![int(1), int(1)])));
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

        /// What is written, and so the time, is bounded by the size of the value.
        #[test]
        fn the_size_is_linear(value in any_value()) {
            let mut marshalled = Vec::new();
            crate::marshal::encode(&value, &mut marshalled);
            let mut fingerprints = Fingerprints::new(Equality::Ours);
            prop_assert!(fingerprints.of(&value).is_some());
            prop_assert!(fingerprints.bytes.len() <= 32 * marshalled.len());
        }
    }
}
