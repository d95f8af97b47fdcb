//! How TACO compares standard output: `compare_std_results` of `metrics/testing_util.py`, read at
//! commit 2ba6235.
//!
//! Text is right when it equals the expected one after stripping. The steps after that were written
//! for lists of lines and are given a text, whose letters they take for lines; what comes of it is
//! kept here as it is: an answer also passes when its words, each a set of letters, are the same sets
//! as the expected lines, each a set of words.

use std::collections::BTreeSet;

use isomer_sandbox::{Ending, Execution, Output};
use serde_json::Value;

/// Whether a program's output passes.
pub(super) fn accepts(expected: &Value, execution: &Execution) -> bool {
    match (&execution.ending, expected, &execution.output) {
        (Ending::Finished, Value::String(expected), Output::Text(actual)) => {
            equal(expected, actual)
        }
        _ => false,
    }
}

fn equal(expected: &str, actual: &str) -> bool {
    if expected.trim() == actual.trim() {
        return true;
    }
    let lines: Vec<&str> =
        expected.split('\n').filter(|line| !line.is_empty()).map(str::trim).collect();
    digits_are_lines(&lines, actual)
        || letters_are_words(&lines, actual)
        || digits_are_words(&lines, actual)
}

/// Every letter of the answer is taken for a number.
fn digits_are_lines(lines: &[&str], actual: &str) -> bool {
    let digits: Option<Vec<f64>> = actual.chars().map(digit).collect();
    let numbers: Option<Vec<f64>> = lines.iter().map(|line| line.parse().ok()).collect();
    let (Some(digits), Some(numbers)) = (digits, numbers) else { return false };
    digits.len() == numbers.len()
        && digits
            .iter()
            .zip(&numbers)
            .all(|(digit, number)| (digit - number).abs() <= 1e-8 + 1e-5 * number.abs())
}

fn letters_are_words(lines: &[&str], actual: &str) -> bool {
    let answered: BTreeSet<BTreeSet<String>> =
        actual.split_whitespace().map(|word| word.chars().map(String::from).collect()).collect();
    let wanted: BTreeSet<BTreeSet<String>> =
        lines.iter().map(|line| line.split_whitespace().map(str::to_owned).collect()).collect();
    answered == wanted
}

fn digits_are_words(lines: &[&str], actual: &str) -> bool {
    let answered: Option<BTreeSet<BTreeSet<i64>>> = actual
        .split_whitespace()
        .map(|word| word.chars().map(|letter| digit(letter).map(thousandths)).collect())
        .collect();
    let wanted: Option<BTreeSet<BTreeSet<i64>>> = lines
        .iter()
        .map(|line| {
            let numbers = line.split_whitespace();
            numbers.map(|word| word.parse().ok().map(thousandths)).collect()
        })
        .collect();
    answered.is_some() && answered == wanted
}

fn digit(letter: char) -> Option<f64> {
    letter.to_digit(10).map(f64::from)
}

/// Good enough to tell digits apart, which is all that is compared.
#[expect(clippy::cast_possible_truncation, reason = "larger numbers equal no digit")]
fn thousandths(number: f64) -> i64 {
    (number * 1000.0).round() as i64
}

#[cfg(test)]
mod tests {
    use super::equal;

    /// What the function itself says.
    #[test]
    fn as_taco_has_it() {
        for (expected, actual, right) in [
            ("3\n", "3", true),
            ("3\n4\n", "3\n4\n", true),
            ("3 4", "3  4\n", false),
            ("1\n2\n", "2\n1\n", true),
            ("3\n", "3 3 3\n", true),
            ("0 1\n", "10\n", true),
            ("ab\n", "ba\n", false),
            ("a b\n", "ba\n", true),
            ("1\n2\n", "12", true),
            ("7.0\n", "7\n", true),
            ("17\n", "71\n", false),
        ] {
            assert_eq!(equal(expected, actual), right, "{expected:?} {actual:?}");
        }
    }
}
