//! From requests to the sandbox and back: limits, jobs, and suites judged while they run.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use isomer_record::{JudgeMode, Verdict};
use isomer_sandbox::{Entry, Execution, Job, Limits, Sandbox, SandboxError, Stop};
use serde_json::Value;
use tokio::sync::Notify;

use crate::compare::Compare;

const DAY_MS: u64 = 86_400_000;
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

/// An amount of memory that the sandbox takes.
pub(crate) fn memory(bytes: u64) -> u64 {
    bytes.clamp(LEAST_MEMORY, 1 << 40)
}

/// A program with the tests it is judged by.
pub(crate) struct Suite {
    /// The program on all inputs.
    pub(crate) job: Job,
    /// What it must answer to each.
    pub(crate) expected: Vec<Value>,
    /// How answers are compared.
    pub(crate) compare: Compare,
    /// Whether to leave the rest alone after the first test that fails.
    pub(crate) stop_at_first: bool,
    /// How long all tests together may take.
    pub(crate) patience: Duration,
}

/// How far a suite came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reached {
    /// The end.
    End,
    /// The first test that failed.
    FirstFailure,
    /// The end of its time.
    Timeout,
}

impl Suite {
    /// Judges test after test, telling of each in order.
    pub(crate) async fn judge_each(
        mut self,
        sandbox: &Sandbox,
        mut on: impl FnMut(usize, &Execution, Verdict) + Send,
    ) -> Result<Reached, SandboxError> {
        let mode = match self.job.entry {
            Entry::Stdio => JudgeMode::Stdio,
            Entry::Call { .. } => JudgeMode::Call,
        };
        if self.stop_at_first {
            self.job.stop = Stop::AfterFirst;
        }
        let failed = Notify::new();
        // Outside of the closure, which is borrowed for as long as the job runs.
        let over = AtomicBool::new(false);
        let run = sandbox.run_each(self.job, |index, execution| {
            if over.load(Ordering::Relaxed) {
                return;
            }
            let verdict = self.compare.verdict(mode, &self.expected[index], execution);
            on(index, execution, verdict);
            if self.stop_at_first && verdict != Verdict::Accepted {
                over.store(true, Ordering::Relaxed);
                failed.notify_one();
            }
        });
        tokio::select! {
            biased;
            () = failed.notified() => Ok(Reached::FirstFailure),
            done = run => {
                done?;
                let failed = over.load(Ordering::Relaxed);
                Ok(if failed { Reached::FirstFailure } else { Reached::End })
            }
            () = tokio::time::sleep(self.patience) => Ok(Reached::Timeout),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{limits, memory};

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
