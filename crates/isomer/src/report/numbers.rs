//! Numbers for people.

/// A count with thin groups of three: 12 345.
pub(crate) fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(' ');
        }
        text.push(digit);
    }
    text
}

/// US dollars, with as many decimals as small amounts need.
pub(crate) fn dollars(amount: f64) -> String {
    if amount == 0.0 {
        "$0".to_owned()
    } else if amount < 0.01 {
        format!("${amount:.5}")
    } else if amount < 10.0 {
        format!("${amount:.3}")
    } else {
        format!("${amount:.2}")
    }
}

/// A share as a percentage.
pub(crate) fn percent(share: f64) -> String {
    format!("{:.1} %", share * 100.0)
}

/// A time span in its two largest units.
pub(crate) fn duration(milliseconds: u64) -> String {
    let seconds = milliseconds / 1000;
    let (minutes, hours, days) = (seconds / 60, seconds / 3600, seconds / 86_400);
    if days > 0 {
        format!("{days}d {}h", hours % 24)
    } else if hours > 0 {
        format!("{hours}h {}m", minutes % 60)
    } else if minutes > 0 {
        format!("{minutes}m {}s", seconds % 60)
    } else if seconds > 0 {
        format!("{seconds}s")
    } else {
        format!("{milliseconds} ms")
    }
}

/// `1 task`, `2 tasks`, `2 branches`.
pub(crate) fn plural(number: u64, one: &str) -> String {
    let ending = match number {
        1 => "",
        _ if one.ends_with(['s', 'h']) => "es",
        _ => "s",
    };
    format!("{} {one}{ending}", count(number))
}

/// `part` of `whole`, 0 of nothing.
#[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^52")]
pub(crate) fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

#[cfg(test)]
mod tests {
    use super::{count, dollars, duration, plural};

    #[test]
    fn numbers_are_short_and_readable() {
        assert_eq!(
            [count(0), count(999), count(1000), count(1_234_567)],
            ["0", "999", "1 000", "1 234 567"]
        );
        assert_eq!(
            [dollars(0.0), dollars(0.000_12), dollars(0.5), dollars(12.345)],
            ["$0", "$0.00012", "$0.500", "$12.35"]
        );
        assert_eq!(
            [duration(12), duration(61_000), duration(7_500_000), duration(90_000_000)],
            ["12 ms", "1m 1s", "2h 5m", "1d 1h"]
        );
        assert_eq!([plural(1, "task"), plural(0, "task")], ["1 task", "0 tasks"]);
        assert_eq!([plural(2, "branch"), plural(2, "near-miss")], ["2 branches", "2 near-misses"]);
    }
}
