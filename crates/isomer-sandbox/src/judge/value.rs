//! Returned values.

use isomer_record::Comparison;
use num_bigint::{BigInt, Sign};

use super::canonical::{Equality, Fingerprints, integer_of};
use super::close::close;
use crate::PyValue;

/// Whether a value is the expected one; see [`super::judge`] for the rules.
pub(super) fn equal(comparison: Comparison, left: &PyValue, right: &PyValue) -> bool {
    use PyValue::{List, Tuple};
    match (comparison, left, right) {
        (Comparison::Unordered, List(left) | Tuple(left), List(right) | Tuple(right)) => {
            let mut fingerprints = Fingerprints::new(Equality::Ours);
            left.len() == right.len() && fingerprints.of_all(left) == fingerprints.of_all(right)
        }
        (Comparison::Float, ..) => equal_within(Tolerance::Small, left, right),
        _ => equal_within(Tolerance::None, left, right),
    }
}

/// Whether floats may differ.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Tolerance {
    None,
    Small,
}

fn equal_within(tolerance: Tolerance, left: &PyValue, right: &PyValue) -> bool {
    use PyValue::{Bool, BrokenStr, Dict, Float, Int, List, None, Str, Tuple};
    match (left, right) {
        (None, None) => true,
        (Bool(left), Bool(right)) => left == right,
        (Int(left), Int(right)) => left == right,
        (Float(left), Float(right)) => equal_floats(tolerance, *left, *right),
        (Int(integer), Float(float)) | (Float(float), Int(integer)) => {
            integer_of(*float).as_ref() == Some(integer)
                || (tolerance == Tolerance::Small && close(nearest_float(integer), *float))
        }
        (Str(left), Str(right)) => left == right,
        (BrokenStr(left), BrokenStr(right)) => left == right,
        (List(left) | Tuple(left), List(right) | Tuple(right)) => {
            left.len() == right.len()
                && left.iter().zip(right).all(|(left, right)| equal_within(tolerance, left, right))
        }
        (Dict(left), Dict(right)) => equal_dicts(tolerance, left, right),
        _ => false,
    }
}

fn equal_floats(tolerance: Tolerance, left: f64, right: f64) -> bool {
    if tolerance == Tolerance::Small {
        return close(left, right);
    }
    #[expect(clippy::float_cmp, reason = "exact comparison is what was asked for")]
    let same = left == right;
    same || (left.is_nan() && right.is_nan())
}

fn nearest_float(integer: &BigInt) -> f64 {
    if let Ok(small) = i32::try_from(integer) {
        return f64::from(small);
    }
    // Writing out a huge integer takes long, and the result is known.
    if integer.bits() > 1100 {
        return if integer.sign() == Sign::Minus { f64::NEG_INFINITY } else { f64::INFINITY };
    }
    integer.to_string().parse().unwrap_or(f64::NAN)
}

/// The same keys, exactly, with equal values.
fn equal_dicts<'pairs>(
    tolerance: Tolerance,
    left: &'pairs [(PyValue, PyValue)],
    right: &'pairs [(PyValue, PyValue)],
) -> bool {
    let mut fingerprints = Fingerprints::new(Equality::Ours);
    let mut sorted = |pairs: &'pairs [(PyValue, PyValue)]| {
        let mut sorted: Vec<_> =
            pairs.iter().map(|(key, value)| (fingerprints.of(key), value)).collect();
        sorted.sort_by_key(|(key, _)| *key);
        sorted
    };
    left.len() == right.len()
        && sorted(left)
            .iter()
            .zip(sorted(right))
            .all(|(left, right)| left.0 == right.0 && equal_within(tolerance, left.1, right.1))
}

#[cfg(test)]
mod tests {
    use isomer_record::Comparison::{Exact, Float, Token, Unordered};
    use num_bigint::BigInt;
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

    #[test]
    fn unordered_is_about_the_outer_list() {
        assert!(check(Unordered, &json!([1, [2, 3], 1]), &json!([[2, 3], 1, 1.0])));
        assert!(!check(Unordered, &json!([1, [2, 3], 1]), &json!([[2, 3], [2, 3], 1])));
        assert!(!check(Unordered, &json!([[2, 3]]), &json!([[3, 2]])));
        assert!(!check(Unordered, &json!([0.3]), &json!([0.300_000_000_01])));
        assert!(check(Unordered, &json!({"a": [1]}), &json!({"a": [1]})));
        assert!(!check(Unordered, &json!("ab"), &json!("ba")));
        let tuple = PyValue::Tuple(vec![PyValue::None, PyValue::Bool(true)]);
        assert!(equal(Unordered, &PyValue::from_json(&json!([true, null])), &tuple));
        assert!(!check(Token, &json!([1, 2]), &json!([2, 1])));
    }

    /// Sizes at which anything worse than sorting would not come to an end.
    #[test]
    fn large_values() {
        let numbers = |range: &mut dyn Iterator<Item = i32>| {
            PyValue::List(range.map(|number| PyValue::Int(number.into())).collect())
        };
        let (up, down) = (numbers(&mut (0..200_000)), numbers(&mut (0..200_000).rev()));
        assert!(equal(Unordered, &up, &down));
        assert!(!equal(Exact, &up, &down));
        let keyed = |range: &mut dyn Iterator<Item = i32>| {
            PyValue::Dict(range.map(|key| (PyValue::Int(key.into()), PyValue::None)).collect())
        };
        assert!(equal(Float, &keyed(&mut (0..200_000)), &keyed(&mut (0..200_000).rev())));
        let huge = PyValue::Int(BigInt::from(1) << (1 << 24));
        for comparison in [Exact, Float, Token, Unordered] {
            let keyed = PyValue::Dict(vec![(huge.clone(), huge.clone())]);
            assert!(equal(comparison, &keyed, &keyed));
            assert!(!equal(comparison, &huge, &PyValue::Float(f64::MAX)));
        }
    }

    proptest! {
        #[test]
        fn reflexive_and_symmetric(left in any_value(), right in any_value()) {
            for comparison in [Exact, Float, Token, Unordered] {
                prop_assert!(equal(comparison, &left, &left));
                let forth = equal(comparison, &left, &right);
                prop_assert_eq!(forth, equal(comparison, &right, &left));
                prop_assert!(forth || !equal(Exact, &left, &right));
            }
        }
    }
}
