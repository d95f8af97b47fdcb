//! Returned values.

use isomer_record::Comparison;
use num_bigint::{BigInt, Sign};

use super::close;
use crate::PyValue;

/// Whether two plain values are equal; see [`super::judge`] for the rules.
pub(super) fn equal(comparison: Comparison, left: &PyValue, right: &PyValue) -> bool {
    use PyValue::{Bool, BrokenStr, Dict, Float, Int, List, None, Str, Tuple};
    match (left, right) {
        (None, None) => true,
        (Bool(left), Bool(right)) => left == right,
        (Int(left), Int(right)) => left == right,
        (Float(left), Float(right)) => equal_floats(comparison, *left, *right),
        (Int(integer), Float(float)) | (Float(float), Int(integer)) => {
            integer_of(*float).as_ref() == Some(integer)
                || (comparison == Comparison::Float && close(nearest_float(integer), *float))
        }
        (Str(left), Str(right)) => left == right,
        (BrokenStr(left), BrokenStr(right)) => left == right,
        (List(left) | Tuple(left), List(right) | Tuple(right)) => {
            left.len() == right.len()
                && left.iter().zip(right).all(|(left, right)| equal(comparison, left, right))
        }
        (Dict(left), Dict(right)) => equal_dicts(comparison, left, right),
        _ => false,
    }
}

fn equal_floats(comparison: Comparison, left: f64, right: f64) -> bool {
    if comparison == Comparison::Float {
        return close(left, right);
    }
    #[expect(clippy::float_cmp, reason = "exact comparison is what was asked for")]
    let same = left == right;
    same || (left.is_nan() && right.is_nan())
}

/// The integer that a float is exactly, if it is one.
#[expect(clippy::float_cmp, reason = "a float without fraction equals its truncation exactly")]
fn integer_of(float: f64) -> Option<BigInt> {
    if !float.is_finite() || float.trunc() != float {
        return None;
    }
    // A whole float prints all its digits and no exponent.
    format!("{float:.0}").parse().ok()
}

fn nearest_float(integer: &BigInt) -> f64 {
    // Writing out a huge integer takes long, and the result is known.
    if integer.bits() > 1100 {
        return if integer.sign() == Sign::Minus { f64::NEG_INFINITY } else { f64::INFINITY };
    }
    integer.to_string().parse().unwrap_or(f64::NAN)
}

/// The same keys with equal values. Keys are compared exactly, by a text that equal keys share, so
/// that a hostile dictionary costs no more than sorting it.
fn equal_dicts(
    comparison: Comparison,
    left: &[(PyValue, PyValue)],
    right: &[(PyValue, PyValue)],
) -> bool {
    fn sorted(pairs: &[(PyValue, PyValue)]) -> Vec<(String, &PyValue)> {
        let mut sorted: Vec<_> =
            pairs.iter().map(|(key, value)| (format!("{:?}", exact(key)), value)).collect();
        sorted.sort_by(|left, right| left.0.cmp(&right.0));
        sorted
    }
    left.len() == right.len()
        && sorted(left)
            .iter()
            .zip(sorted(right))
            .all(|(left, right)| left.0 == right.0 && equal(comparison, left.1, right.1))
}

/// The one spelling of a key among all that equal it exactly.
fn exact(key: &PyValue) -> PyValue {
    match key {
        PyValue::Float(float) => integer_of(*float).map_or(PyValue::Float(*float), PyValue::Int),
        PyValue::List(items) | PyValue::Tuple(items) => {
            PyValue::Tuple(items.iter().map(exact).collect())
        }
        PyValue::Dict(pairs) => {
            PyValue::Dict(pairs.iter().map(|(key, value)| (exact(key), exact(value))).collect())
        }
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use isomer_record::Comparison::{Exact, Float};
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::equal;
    use crate::{PyValue, testing::any_value};

    fn check(comparison: isomer_record::Comparison, left: &Value, right: &Value) -> bool {
        equal(comparison, &PyValue::from_json(left), &PyValue::from_json(right))
    }

    #[test]
    fn kinds_are_kept_apart() {
        assert!(!check(Exact, &json!(1), &json!(true)));
        assert!(!check(Float, &json!(0), &json!(false)));
        assert!(!check(Exact, &json!("1"), &json!(1)));
        assert!(!check(Exact, &json!(null), &json!([])));
        assert!(check(Exact, &json!(2), &json!(2.0)));
        assert!(!check(Exact, &json!(2), &json!(2.000_000_000_1)));
        assert!(check(Float, &json!(2), &json!(2.000_000_000_1)));
    }

    #[test]
    fn big_integers_are_exact() {
        let parse = |text: &str| serde_json::from_str::<Value>(text).unwrap();
        let big = parse("1000000000000000000000000000001");
        assert!(!check(Exact, &big, &parse("1e30")));
        assert!(!check(Float, &big, &parse("1000000000000000000000000000002")));
        assert!(check(Exact, &parse("9007199254740992"), &parse("9007199254740992.0")));
        assert!(!check(Exact, &parse("9007199254740993"), &parse("9007199254740992.0")));
    }

    #[test]
    fn tuples_are_lists_and_order_of_keys_is_free() {
        let one = || PyValue::from_json(&json!(1));
        assert!(equal(Exact, &PyValue::Tuple(vec![one()]), &PyValue::List(vec![one()])));
        assert!(check(Exact, &json!({"a": 1, "b": [2]}), &json!({"b": [2], "a": 1})));
        assert!(!check(Exact, &json!({"a": 1}), &json!({"a": 1, "b": 2})));
        assert!(!check(Exact, &json!([1, 2]), &json!([2, 1])));
        // One key cannot serve two partners.
        let double = PyValue::Dict(vec![(one(), one()), (one(), one())]);
        let distinct = PyValue::Dict(vec![(one(), one()), (PyValue::None, one())]);
        assert!(!equal(Exact, &double, &distinct));
        assert!(!equal(Exact, &distinct, &double));
    }

    proptest! {
        #[test]
        fn reflexive_and_symmetric(left in any_value(), right in any_value()) {
            for comparison in [Exact, Float] {
                prop_assert!(equal(comparison, &left, &left));
                let forth = equal(comparison, &left, &right);
                prop_assert_eq!(forth, equal(comparison, &right, &left));
            }
            if equal(Exact, &left, &right) {
                prop_assert!(equal(Float, &left, &right));
            }
        }
    }
}
