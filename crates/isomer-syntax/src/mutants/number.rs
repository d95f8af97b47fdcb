//! Numbers as Python writes them.

/// The numbers beside a literal, as source; none for those that are too large, or that stand for a
/// tolerance or an infinity, as those with an exponent do.
pub(super) fn neighbours(literal: &str) -> Vec<String> {
    let plain: String = literal.chars().filter(|letter| *letter != '_').collect();
    if let Some(number) = integer(&plain) {
        let near = [number.checked_add(1), number.checked_sub(1)];
        return near.into_iter().flatten().map(|number| number.to_string()).collect();
    }
    match plain.parse::<f64>() {
        Ok(number) if !plain.contains(['e', 'E']) && number.abs() < 1e9 => {
            [number + 1.0, number - 1.0].map(|number| format!("{number:?}")).into()
        }
        _ => Vec::new(),
    }
}

fn integer(plain: &str) -> Option<i128> {
    let lower = plain.to_ascii_lowercase();
    for (prefix, radix) in [("0x", 16), ("0o", 8), ("0b", 2)] {
        if let Some(digits) = lower.strip_prefix(prefix) {
            return i128::from_str_radix(digits, radix).ok();
        }
    }
    lower.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::neighbours;

    #[test]
    fn numbers_have_neighbours() {
        for (literal, expected) in [
            ("0", &["1", "-1"][..]),
            ("1_000", &["1001", "999"]),
            ("0xFF", &["256", "254"]),
            ("0b1", &["2", "0"]),
            ("0o17", &["16", "14"]),
            ("1.5", &["2.5", "0.5"]),
            (".5", &["1.5", "-0.5"]),
            ("2.", &["3.0", "1.0"]),
            ("1e-9", &[]),
            ("1E18", &[]),
            ("2j", &[]),
            ("10L", &[]),
            ("999999999999999999999999999999999999999999", &[]),
        ] {
            assert_eq!(neighbours(literal), expected, "{literal}");
        }
    }
}
