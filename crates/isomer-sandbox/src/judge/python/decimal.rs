//! `decimal.Decimal`.

use super::number::to_ascii;
use super::text::strip;

/// Exponents that `Decimal` can hold.
const EXPONENTS: std::ops::RangeInclusive<i64> =
    -1_999_999_999_999_999_997..=999_999_999_999_999_999;

/// A decimal number read from a text, as `Decimal(text)` reads it.
#[derive(Clone, Debug)]
pub(in crate::judge) enum Decimal {
    /// Finite.
    Finite(Finite),
    /// Infinite, and whether negative.
    Infinite(bool),
    /// Not a number: equal to nothing, and an error when ordered.
    Nan,
}

/// A number `±0.d₁d₂d₃… · 10^scale` whose first and last digits are not zero; zero has no digits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::judge) struct Finite {
    negative: bool,
    digits: Vec<u8>,
    scale: i64,
}

impl Decimal {
    /// `Decimal(text)`, or `None` where that is an error.
    pub(in crate::judge) fn parse(text: &str) -> Option<Self> {
        let text = to_ascii(strip(text))?.replace('_', "");
        let negative = text.starts_with('-');
        let unsigned = text.strip_prefix(['+', '-']).unwrap_or(&text);
        let lower = unsigned.to_ascii_lowercase();
        if matches!(lower.as_str(), "inf" | "infinity") {
            return Some(Self::Infinite(negative));
        }
        if let Some(payload) = lower.strip_prefix("nan").or_else(|| lower.strip_prefix("snan")) {
            return payload.bytes().all(|byte| byte.is_ascii_digit()).then_some(Self::Nan);
        }
        Finite::parse(negative, &lower).map(Self::Finite)
    }

    /// Whether `self == other`.
    pub(in crate::judge) fn equals(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Finite(left), Self::Finite(right)) => left == right,
            (Self::Infinite(left), Self::Infinite(right)) => left == right,
            _ => false,
        }
    }

    /// Whether `abs(self - other) <= Decimal(1e-3)`; `false` where that is an error.
    pub(in crate::judge) fn is_within_a_thousandth(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Finite(left), Self::Finite(right)) => left.is_within_a_thousandth(right),
            _ => false,
        }
    }
}

impl Finite {
    fn parse(negative: bool, text: &str) -> Option<Self> {
        let (mantissa, exponent) = text.split_once('e').unwrap_or((text, "0"));
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        let unsigned = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
        if whole.len() + fraction.len() == 0
            || !all_digits(whole)
            || !all_digits(fraction)
            || unsigned.is_empty()
            || !all_digits(unsigned)
        {
            return None;
        }
        let exponent: i64 = exponent.parse().ok()?;
        let last = exponent.checked_sub(i64::try_from(fraction.len()).ok()?)?;
        let all: Vec<u8> = whole.bytes().chain(fraction.bytes()).collect();
        let leading = all.iter().take_while(|digit| **digit == b'0').count();
        let significant = all.len() - leading;
        let scale = last.checked_add(i64::try_from(significant).ok()?)?;
        if last < *EXPONENTS.start() || scale - 1 > *EXPONENTS.end() {
            return None;
        }
        let trailing = all[leading..].iter().rev().take_while(|digit| **digit == b'0').count();
        let digits: Vec<u8> = all[leading..all.len() - trailing].to_vec();
        if digits.is_empty() {
            return Some(Self { negative: false, digits, scale: 0 });
        }
        Some(Self { negative, digits, scale })
    }

    /// The digit with the value of `10^place`.
    fn digit(&self, place: i64) -> i128 {
        let index = usize::try_from(self.scale - 1 - place).ok();
        let byte = index.and_then(|index| self.digits.get(index));
        let digit = byte.map_or(0, |byte| i128::from(byte - b'0'));
        if self.negative { -digit } else { digit }
    }

    /// The place of the last digit.
    fn last(&self) -> i64 {
        self.scale - i64::try_from(self.digits.len()).unwrap_or(i64::MAX)
    }

    /// Subtracts from the first digit on and stops as soon as the rest cannot matter, so that it
    /// takes no more steps than there are digits, whatever the exponents.
    fn is_within_a_thousandth(&self, other: &Self) -> bool {
        // `Decimal(1e-3)` is a little more than a thousandth, and a difference is rounded to 28
        // digits before it is compared: the least that fails is this many times `10^LAST`.
        const LIMIT: i128 = 10_000_000_000_000_000_208_166_817_115;
        const LAST: i64 = -31;
        let bottom = self.last().min(other.last());
        let mut place = self.scale.max(other.scale);
        if place < -4 {
            return true;
        }
        let mut sum = 0_i128;
        while place > bottom.max(LAST) {
            place -= 1;
            sum = sum * 10 + self.digit(place) - other.digit(place);
            // All digits that follow are less than two units of this place.
            let (least, most) = (sum.abs() - 2, sum.abs() + 2);
            if place >= 0 && least >= 1 {
                return false;
            }
            if let Some(unit) = unit(place - LAST).filter(|_| place < 0) {
                if most * unit <= LIMIT {
                    return true;
                }
                if least * unit >= LIMIT {
                    return false;
                }
            }
        }
        if place > LAST {
            return sum == 0 || unit(place - LAST).is_some_and(|unit| sum.abs() * unit < LIMIT);
        }
        let sign = sum.signum();
        let mut excess = sum.abs() - LIMIT;
        while place > bottom && excess.abs() < 2 {
            place -= 1;
            excess = excess * 10 + sign * (self.digit(place) - other.digit(place));
        }
        excess < 0
    }
}

/// A power of ten, unless it is larger than any difference that matters.
fn unit(exponent: i64) -> Option<i128> {
    u32::try_from(exponent)
        .ok()
        .filter(|exponent| *exponent <= 31)
        .map(|exponent| 10_i128.pow(exponent))
}

#[cfg(test)]
mod tests {
    use super::Decimal;

    /// What Python 3.11 says.
    #[test]
    fn what_can_be_read() {
        for text in [
            "1e999999999999999999",
            "1e-1999999999999999997",
            "_1__0_",
            "1_",
            "nan",
            "-nan1",
            "sNaN5",
            "+inf",
            "i_nf",
            "1.",
            ".1",
            "1e+5",
            "１.５",
            " 1 ",
            "\x1f1\x1f",
            "1e1_0",
            "nan_1",
            "nan１",
            "0.1e1000000000000000000",
            "1E5",
        ] {
            assert!(Decimal::parse(text).is_some(), "{text:?}");
        }
        for text in [
            "1e1000000000000000000",
            "1e9999999999999999999999",
            "0e9999999999999999999999",
            "1e-1999999999999999998",
            "_",
            "",
            "infin",
            ".",
            "1e",
            "1e+",
            "1 2",
            "²",
            "1\0",
            "1.5.5",
            "10e999999999999999999",
            "+-1",
            "- 1",
            "0x1",
            "e5",
            "1e5.0",
            "nanx",
        ] {
            assert!(Decimal::parse(text).is_none(), "{text:?}");
        }
    }

    fn decimals(left: &str, right: &str) -> (Decimal, Decimal) {
        (Decimal::parse(left).unwrap(), Decimal::parse(right).unwrap())
    }

    #[test]
    fn equality_is_exact() {
        for (left, right) in [
            ("007", "7"),
            ("3.0", "3"),
            ("1e5", "100000"),
            ("-0", "0e7"),
            ("1_0", "10"),
            ("inf", "Infinity"),
            ("0.10e1", "1"),
            ("-12.50", "-1.25e1"),
        ] {
            let (left, right) = decimals(left, right);
            assert!(left.equals(&right), "{left:?} {right:?}");
        }
        for (left, right) in [
            ("1", "-1"),
            ("nan", "nan"),
            ("inf", "-inf"),
            ("1", "1.0000000000000000000000000000001"),
            ("1e999999999999999999", "1e999999999999999998"),
            ("1", "inf"),
        ] {
            let (left, right) = decimals(left, right);
            assert!(!left.equals(&right), "{left:?} {right:?}");
        }
    }

    /// What Python 3.11 says of `abs(left - right) <= Decimal(1e-3)`.
    #[test]
    fn a_thousandth() {
        for (left, right, within) in [
            ("1", "1", true),
            ("0", "-0.0", true),
            ("0", "0.001", true),
            ("0", "0.00100000000000000002", true),
            ("0", "0.0010000000000000000208166817114", true),
            ("0", "0.00100000000000000002081668171149999999999", true),
            ("0", "0.0010000000000000000208166817115", false),
            ("0", "0.00100000000000000002081668171150000000001", false),
            ("0", "0.0010000000000000001", false),
            ("0", "0.002", false),
            ("0.0005", "-0.0005", true),
            ("0.0005", "-0.0006", false),
            ("1", "0.9995", true),
            ("1", "0.9989", false),
            ("100", "99.9999", true),
            ("1e1000000", "1e1000000", true),
            ("1e1000000", "1", false),
            ("1e1000000", "9.99e999999", false),
            ("1e-1000000000", "0", true),
            ("1e-1000000000", "-1e-1000000001", true),
            ("1", "1e-1000000000", false),
            ("10", "9", false),
            ("3", "5", false),
            ("20", "18", false),
            ("inf", "inf", false),
            ("nan", "1", false),
            ("50000.0009", "50000.0", true),
            ("123456789012345678901234567890.0005", "123456789012345678901234567890", true),
            ("123456789012345678901234567890.0015", "123456789012345678901234567890", false),
        ] {
            let (left, right) = decimals(left, right);
            assert_eq!(left.is_within_a_thousandth(&right), within, "{left:?} {right:?}");
            assert_eq!(right.is_within_a_thousandth(&left), within, "{right:?} {left:?}");
        }
    }
}
