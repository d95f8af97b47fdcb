//! `float`, `int` and `str.isdigit`.

use std::borrow::Cow;

use num_bigint::BigInt;

use super::text::is_space;
use crate::value::MOST_DIGITS;

/// The zeros of all decimal digits of Unicode 14; each is followed by its other nine.
const ZEROS: [u32; 66] = [
    0x30, 0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66,
    0xde6, 0xe50, 0xed0, 0xf20, 0x1040, 0x1090, 0x17e0, 0x1810, 0x1946, 0x19d0, 0x1a80, 0x1a90,
    0x1b50, 0x1bb0, 0x1c40, 0x1c50, 0xa620, 0xa8d0, 0xa900, 0xa9d0, 0xa9f0, 0xaa50, 0xabf0, 0xff10,
    0x104a0, 0x10d30, 0x11066, 0x110f0, 0x11136, 0x111d0, 0x112f0, 0x11450, 0x114d0, 0x11650,
    0x116c0, 0x11730, 0x118e0, 0x11950, 0x11c50, 0x11d50, 0x11da0, 0x16a60, 0x16ac0, 0x16b50,
    0x1d7ce, 0x1d7d8, 0x1d7e2, 0x1d7ec, 0x1d7f6, 0x1e140, 0x1e2f0, 0x1e950, 0x1fbf0,
];

/// The ASCII form of a decimal digit of any script.
fn digit(character: char) -> Option<char> {
    if character.is_ascii() {
        return character.is_ascii_digit().then_some(character);
    }
    let code = u32::from(character);
    let before = ZEROS.partition_point(|zero| *zero <= code).checked_sub(1)?;
    char::from_digit(code - ZEROS[before], 10)
}

/// Whether a text consists of decimal digits alone, as `str.isdigit` has it; the digits that are no
/// decimals (superscripts and the like) are missing, and no number can be read from those anyway.
pub(in crate::judge) fn is_decimal(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|character| digit(character).is_some())
}

/// A number with digits in ASCII, or `None` if other characters remain.
pub(super) fn to_ascii(text: &str) -> Option<Cow<'_, str>> {
    if text.is_ascii() {
        return Some(Cow::Borrowed(text));
    }
    text.chars()
        .map(|character| digit(character).or_else(|| Some(character).filter(char::is_ascii)))
        .collect::<Option<String>>()
        .map(Cow::Owned)
}

/// Removes underscores, or `None` if one is not between two digits.
fn without_underscores(text: Cow<'_, str>) -> Option<Cow<'_, str>> {
    if !text.contains('_') {
        return Some(text);
    }
    let bytes = text.as_bytes();
    let is_digit =
        |at: Option<usize>| at.and_then(|at| bytes.get(at)).is_some_and(u8::is_ascii_digit);
    let fine = (0..bytes.len())
        .filter(|at| bytes[*at] == b'_')
        .all(|at| is_digit(at.checked_sub(1)) && is_digit(Some(at + 1)));
    fine.then(|| Cow::Owned(text.replace('_', "")))
}

/// `float(text)`, or `None` where that is an error.
pub(in crate::judge) fn float(text: &str) -> Option<f64> {
    let stripped = if text.is_ascii() {
        // Of ASCII, `float` itself strips less than `str.strip` does.
        text.trim_matches(|character: char| matches!(character, ' ' | '\t'..='\r'))
    } else {
        text.trim_matches(is_space)
    };
    without_underscores(to_ascii(stripped)?)?.parse().ok()
}

/// `int(text)`, or `None` where that is an error.
pub(in crate::judge) fn integer(text: &str) -> Option<BigInt> {
    let text = without_underscores(to_ascii(text.trim_matches(is_space))?)?;
    let digits = text.strip_prefix(['+', '-']).unwrap_or(&text);
    let fine = digits.bytes().all(|byte| byte.is_ascii_digit()) && digits.len() <= MOST_DIGITS;
    if fine { text.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use num_bigint::BigInt;

    use super::{float, integer, is_decimal};

    /// What Python 3.11 says.
    #[test]
    fn floats() {
        for (text, expected) in [
            ("1_0", 10.0),
            ("1e1_0", 1e10),
            ("１２", 12.0),
            ("٣", 3.0),
            ("iNf", f64::INFINITY),
            ("-infinity", f64::NEG_INFINITY),
            ("1e400", f64::INFINITY),
            (".5", 0.5),
            ("5.", 5.0),
            ("1.e3", 1000.0),
            ("+.5e-3", 0.0005),
            ("3\u{3000}", 3.0),
            ("\u{a0}5", 5.0),
            (" 7\n", 7.0),
        ] {
            assert_eq!(float(text), Some(expected), "{text:?}");
        }
        assert!(float("-NaN").is_some_and(f64::is_nan));
        for text in [
            "",
            "_",
            "1__0",
            "_1",
            "1_",
            "1_.0",
            "1._0",
            "1e_5",
            "in_f",
            "\x1f3",
            "1\u{3000}2",
            "0x10",
            ".",
            "²",
            "1e",
            "+-1",
            "- 1",
            "1,5",
            "true",
        ] {
            assert_eq!(float(text), None, "{text:?}");
        }
    }

    #[test]
    fn integers() {
        assert_eq!(integer(" -1_000 "), Some(BigInt::from(-1000)));
        assert_eq!(integer("００７"), Some(BigInt::from(7)));
        for text in ["", "+", "1.0", "1__0", "a", "--1", &"1".repeat(4301)] {
            assert_eq!(integer(text), None, "{text:?}");
        }
    }

    #[test]
    fn digits() {
        assert!(is_decimal("007") && is_decimal("１٣"));
        assert!(!is_decimal("") && !is_decimal("-1") && !is_decimal("1 ") && !is_decimal("½"));
    }
}
