//! Standard output.

use isomer_record::Comparison;

use super::close::close;
use super::fingerprint::Keys;

/// Whether a text is the expected one; see [`super::judge`] for the rules.
pub(super) fn equal(comparison: Comparison, expected: &str, actual: &str) -> bool {
    if expected == actual {
        return true;
    }
    match comparison {
        Comparison::Exact => lines(expected).eq(lines(actual)),
        Comparison::Float => close_tokens(expected, actual),
        Comparison::Token => expected.split_whitespace().eq(actual.split_whitespace()),
        Comparison::Unordered => same_lines(expected, actual),
    }
}

/// Lines without white space at their ends and at the end.
fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.trim_end().split('\n').map(str::trim_end)
}

/// The same lines in any order.
fn same_lines(expected: &str, actual: &str) -> bool {
    let keys = Keys::default();
    let all = |text| keys.of_all(lines(text).map(str::as_bytes));
    all(expected) == all(actual)
}

/// Token by token, with a tolerance between numbers of which one has a fraction or an exponent.
fn close_tokens(expected: &str, actual: &str) -> bool {
    let (mut left, mut right) = (expected.split_whitespace(), actual.split_whitespace());
    loop {
        match (left.next(), right.next()) {
            (None, None) => return true,
            (Some(left), Some(right)) if close_token(left, right) => {}
            _ => return false,
        }
    }
}

fn close_token(left: &str, right: &str) -> bool {
    if left == right {
        return true;
    }
    match (number(left), number(right)) {
        (Some(Token::Integer(left)), Some(Token::Integer(right))) => left == right,
        (Some(left), Some(right)) => close(left.float(), right.float()),
        _ => false,
    }
}

enum Token<'text> {
    /// Whether it is negative, and its digits without leading zeros: never computed with, because a
    /// program can print millions of digits.
    Integer((bool, &'text str)),
    Float(f64),
}

impl Token<'_> {
    fn float(&self) -> f64 {
        match *self {
            Self::Integer((negative, digits)) => {
                let size = digits.parse().unwrap_or(0.0);
                if negative { -size } else { size }
            }
            Self::Float(float) => float,
        }
    }
}

/// Reads a number as programs print it. Words that Rust takes for floats (`nan`, `infinity`) stay
/// words: they must be spelt the same.
fn number(text: &str) -> Option<Token<'_>> {
    if !text.bytes().all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte)) {
        return None;
    }
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    if !unsigned.is_empty() && unsigned.bytes().all(|byte| byte.is_ascii_digit()) {
        let digits = unsigned.trim_start_matches('0');
        return Some(Token::Integer((text.starts_with('-') && !digits.is_empty(), digits)));
    }
    text.parse().ok().map(Token::Float)
}

#[cfg(test)]
mod tests {
    use isomer_record::Comparison::{self, Exact, Float, Token, Unordered};
    use proptest::prelude::*;

    use super::equal;

    #[test]
    fn white_space_at_ends_is_forgiven() {
        for comparison in [Exact, Float, Token, Unordered] {
            assert!(equal(comparison, "1 2\n3\n", "1 2 \r\n3\t\n\n \n"), "{comparison:?}");
            assert!(equal(comparison, "", "\n\n"), "{comparison:?}");
        }
        for comparison in [Exact, Unordered] {
            assert!(!equal(comparison, "1 2", "1  2"), "{comparison:?}");
            assert!(!equal(comparison, "1\n2", " 1\n2"), "{comparison:?}");
            assert!(!equal(comparison, "1\n2", "1\n\n2"), "{comparison:?}");
        }
    }

    #[test]
    fn missing_and_extra_lines_are_wrong() {
        for comparison in [Exact, Float, Token, Unordered] {
            assert!(!equal(comparison, "3\n4\n5", "3"), "{comparison:?}");
            assert!(!equal(comparison, "3", "3\n9\n10"), "{comparison:?}");
            assert!(!equal(comparison, "3 4", "3"), "{comparison:?}");
            assert!(!equal(comparison, "3", "3 4"), "{comparison:?}");
            assert!(!equal(comparison, "3", ""), "{comparison:?}");
            assert!(!equal(comparison, "Yes", "YES"), "{comparison:?}");
        }
    }

    #[test]
    fn integers_are_exact_and_fractions_close() {
        assert!(equal(Float, "0.333333333333", "0.3333333333334"));
        assert!(equal(Float, "1000000000000", "1000000000000.0"));
        assert!(equal(Float, "1e-3", "0.001"));
        assert!(!equal(Float, "1000000000000", "1000000000001"));
        assert!(!equal(Float, "nan", "NaN"));
        assert!(!equal(Float, "inf", "1e999"));
        assert!(equal(Float, "yes 1.5", "yes\n1.50"));
        assert!(!equal(Float, "yes", "no"));
        assert!(equal(Float, "007", "7"));
    }

    #[test]
    fn tokens_are_words_in_order() {
        assert!(equal(Token, "1 2\n3", "1\n\n 2\t3"));
        assert!(!equal(Token, "1 2", "2 1"));
        assert!(!equal(Token, "12", "1 2"));
        assert!(!equal(Token, "1.0", "1"));
    }

    #[test]
    fn unordered_lines_are_counted() {
        assert!(equal(Unordered, "a\nb\na", "b\na\na\n"));
        assert!(!equal(Unordered, "a\nb\na", "b\na\nb"));
        assert!(!equal(Unordered, "a b", "b a"));
        assert!(!equal(Unordered, "a\nbb", "aa\nb"));
    }

    /// Sizes at which anything worse than sorting would not come to an end.
    #[test]
    fn long_outputs() {
        let one = "1\n".repeat(1 << 20);
        let numbered = |range: &mut dyn Iterator<Item = u32>| {
            range.map(|number| number.to_string()).collect::<Vec<_>>().join("\n")
        };
        let (up, down) = (numbered(&mut (0..300_000)), numbered(&mut (0..300_000).rev()));
        assert!(equal(Unordered, &up, &down));
        assert!(!equal(Unordered, &up, &one));
        let digits = "7".repeat(1 << 22);
        for comparison in [Exact, Float, Token, Unordered] {
            assert!(equal(comparison, &one, &one));
            assert!(!equal(comparison, &one, &one[2..]));
            assert!(equal(comparison, &digits, &digits));
            assert!(!equal(comparison, &digits[1..], &digits));
        }
        assert!(equal(Float, &format!("{digits}.0"), &format!("{digits}.00")));
    }

    fn any_comparison() -> impl Strategy<Value = Comparison> {
        prop::sample::select(vec![Exact, Float, Token, Unordered])
    }

    proptest! {
        #[test]
        fn reflexive_and_symmetric(
            comparison in any_comparison(),
            left in "[0-9eE+. \n-]{0,12}|\\PC{0,12}",
            right in "[0-9eE+. \n-]{0,12}",
        ) {
            prop_assert!(equal(comparison, &left, &left));
            prop_assert_eq!(equal(comparison, &left, &right), equal(comparison, &right, &left));
        }

        #[test]
        fn exact_is_the_strictest(
            comparison in any_comparison(),
            left in "[0-9. \n]{0,8}",
            right in "[0-9. \n]{0,8}",
        ) {
            if equal(Exact, &left, &right) {
                prop_assert!(equal(comparison, &left, &right));
            }
        }

        #[test]
        fn any_order_of_lines_will_do(mut lines in prop::collection::vec("[a-c]{1,2}", 0..6)) {
            let expected = lines.join("\n");
            lines.reverse();
            prop_assert!(equal(Unordered, &expected, &lines.join("\n")));
        }
    }
}
