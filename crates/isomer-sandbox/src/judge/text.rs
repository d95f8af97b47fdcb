//! Standard output.

use super::close;

/// Line by line, without white space at line ends and at the end.
pub(super) fn equal_lines(expected: &str, actual: &str) -> bool {
    fn lines(text: &str) -> impl Iterator<Item = &str> {
        text.trim_end().split('\n').map(str::trim_end)
    }
    lines(expected).eq(lines(actual))
}

/// Token by token, with a tolerance between numbers of which one has a fraction or an exponent.
pub(super) fn close_tokens(expected: &str, actual: &str) -> bool {
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
    use proptest::prelude::*;

    use super::{close_tokens, equal_lines};

    #[test]
    fn white_space_at_ends_is_forgiven() {
        assert!(equal_lines("1 2\n3\n", "1 2 \r\n3\t\n\n \n"));
        assert!(equal_lines("", "\n\n"));
        assert!(!equal_lines("1 2", "1  2"));
        assert!(!equal_lines("1\n2", " 1\n2"));
        assert!(!equal_lines("1\n2", "1\n\n2"));
    }

    #[test]
    fn missing_and_extra_lines_are_wrong() {
        assert!(!equal_lines("3\n4\n5", "3"));
        assert!(!equal_lines("3", "3\n9\n10"));
        assert!(!close_tokens("3 4", "3"));
        assert!(!close_tokens("3", "3 4"));
        assert!(!close_tokens("3", ""));
    }

    #[test]
    fn integers_are_exact_and_fractions_close() {
        assert!(close_tokens("0.333333333333", "0.3333333333334"));
        assert!(close_tokens("1000000000000", "1000000000000.0"));
        assert!(close_tokens("1e-3", "0.001"));
        assert!(!close_tokens("1000000000000", "1000000000001"));
        assert!(!close_tokens("nan", "NaN"));
        assert!(!close_tokens("inf", "1e999"));
        assert!(close_tokens("yes 1.5", "yes\n1.50"));
        assert!(!close_tokens("yes", "no"));
        assert!(close_tokens("007", "7"));
    }

    proptest! {
        #[test]
        fn reflexive_and_symmetric(left in "[0-9eE+. \n-]{0,12}|\\PC{0,12}", right in "[0-9eE+. \n-]{0,12}") {
            prop_assert!(equal_lines(&left, &left));
            prop_assert!(close_tokens(&left, &left));
            prop_assert_eq!(equal_lines(&left, &right), equal_lines(&right, &left));
            prop_assert_eq!(close_tokens(&left, &right), close_tokens(&right, &left));
        }

        #[test]
        fn equal_lines_are_close_tokens(left in "[0-9. \n]{0,12}", right in "[0-9. \n]{0,12}") {
            if equal_lines(&left, &right) {
                prop_assert!(close_tokens(&left, &right));
            }
        }
    }
}
