//! Limits as the sandbox takes them.

use isomer_sandbox::Limits;
use serde_json::Value;

const DAY_MS: u64 = 86_400_000;
/// Most output that the sandbox takes, in bytes.
const MOST_OUTPUT: u64 = 1 << 30;
/// Smallest address space that an interpreter starts in, in bytes.
const LEAST_MEMORY: u64 = 64 << 20;

/// A time in seconds as ms, at least 1 and at most a day.
pub(crate) fn milliseconds(seconds: f64) -> u64 {
    let ms = (seconds * 1000.0).clamp(1.0, 86_400_000.0);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped")]
    let whole = ms as u64;
    whole
}

/// The limits that stand for a time limit in seconds.
///
/// Peers measure time on the clock, which fails right programs on a loaded machine. Here processor
/// time decides; a program that sleeps is stopped later, but soon enough for clients that give up
/// 10 s after the limits they named.
pub(crate) fn limits(run_seconds: f64, memory_bytes: Option<u64>) -> Limits {
    let cpu_ms = milliseconds(run_seconds);
    let limits = Limits::default();
    Limits {
        cpu_ms,
        wall_ms: (cpu_ms + cpu_ms.clamp(2_000, 10_000)).min(DAY_MS),
        memory_bytes: memory_bytes.map_or(limits.memory_bytes, memory),
        output_bytes: 64 << 20,
        ..limits
    }
}

/// Most output of a program that is to answer one of `expected`: a right answer always fits, and what
/// is larger than any is not kept for nothing.
pub(crate) fn output_bytes(expected: &[Value]) -> u64 {
    let longest = expected.iter().filter_map(Value::as_str).map(str::len).max().unwrap_or(0) as u64;
    longest.saturating_mul(2).clamp(Limits::default().output_bytes, MOST_OUTPUT)
}

/// An amount of memory that the sandbox takes.
pub(crate) fn memory(bytes: u64) -> u64 {
    bytes.clamp(LEAST_MEMORY, 1 << 40)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{limits, memory, output_bytes};

    #[test]
    fn right_answers_always_fit() {
        assert_eq!(output_bytes(&[json!(1), json!("x")]), 16 << 20);
        assert_eq!(output_bytes(&[json!("x".repeat(10 << 20))]), 20 << 20);
    }

    #[test]
    fn a_guard_on_the_clock_leaves_room_above_processor_time() {
        for (seconds, cpu_ms, wall_ms) in [
            (0.1, 100, 2_100),
            (10.0, 10_000, 20_000),
            (30.0, 30_000, 40_000),
            (f64::INFINITY, 86_400_000, 86_400_000),
        ] {
            let limits = limits(seconds, None);
            assert_eq!((limits.cpu_ms, limits.wall_ms), (cpu_ms, wall_ms));
        }
        assert_eq!(memory(1), 64 << 20);
        assert_eq!(memory(1 << 30), 1 << 30);
    }
}
