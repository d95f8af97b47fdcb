//! Whether a server takes part, and when to ask one that does not: pure decisions.

use std::time::Duration;

use tokio::time::Instant;

/// Longest pause between two probes.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// A server's health.
#[derive(Clone, Debug, Default)]
pub(crate) struct Health {
    out: Option<Out>,
}

#[derive(Clone, Debug)]
struct Out {
    since: Instant,
    /// When to probe next; `None` while a probe is under way.
    probe: Option<Instant>,
    /// Probes that failed.
    failures: u32,
    problem: String,
}

impl Health {
    /// A server that does not work, and is to be asked again at once.
    pub(crate) fn out(now: Instant, problem: String) -> Self {
        Self { out: Some(Out { since: now, probe: Some(now), failures: 0, problem }) }
    }

    /// Whether it takes part.
    pub(crate) const fn is_up(&self) -> bool {
        self.out.is_none()
    }

    /// Since when it does not take part.
    pub(crate) fn out_since(&self) -> Option<Instant> {
        self.out.as_ref().map(|out| out.since)
    }

    /// When it is to be asked again, if nobody is asking.
    pub(crate) fn next_probe(&self) -> Option<Instant> {
        self.out.as_ref().and_then(|out| out.probe)
    }

    /// What is wrong with it.
    pub(crate) fn problem(&self) -> Option<&str> {
        self.out.as_ref().map(|out| out.problem.as_str())
    }

    /// A job failed there. Stragglers of a server that is left out already say nothing new.
    pub(crate) fn failed(&mut self, now: Instant, problem: &str) {
        if self.out.is_none() {
            *self = Self::out(now, problem.to_owned());
        }
    }

    /// Whether a probe is due; whoever is told so has to make it.
    pub(crate) fn claim_probe(&mut self, now: Instant) -> bool {
        let Some(out) = &mut self.out else { return false };
        let due = out.probe.is_some_and(|at| at <= now);
        if due {
            out.probe = None;
        }
        due
    }

    /// The probe has ended.
    pub(crate) fn probed(&mut self, now: Instant, result: Result<(), String>) {
        let Some(out) = &mut self.out else { return };
        match result {
            Ok(()) => self.out = None,
            Err(problem) => {
                out.problem = problem;
                let seconds = 1_u64 << out.failures.min(6);
                out.failures += 1;
                out.probe = Some(now + Duration::from_secs(seconds).min(LONGEST_PAUSE));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::Instant;

    use super::Health;

    #[test]
    fn pauses_grow_until_a_probe_succeeds() {
        let (mut health, mut now) = (Health::default(), Instant::now());
        health.failed(now, "refused");
        let mut pauses = Vec::new();
        for _ in 0..7 {
            assert!(health.claim_probe(now));
            assert!(!health.claim_probe(now), "one probe at a time");
            health.probed(now, Err("still refused".to_owned()));
            let next = health.next_probe().unwrap();
            pauses.push((next - now).as_secs());
            now = next;
        }
        assert_eq!(pauses, [1, 2, 4, 8, 16, 30, 30]);
        assert!(health.claim_probe(now));
        health.probed(now, Ok(()));
        assert!(health.is_up() && health.problem().is_none());
    }

    #[test]
    fn stragglers_change_nothing() {
        let (mut health, now) = (Health::default(), Instant::now());
        health.failed(now, "first");
        assert!(health.claim_probe(now));
        health.failed(now, "second");
        assert_eq!(health.problem(), Some("first"));
        assert!(health.next_probe().is_none(), "the probe is still under way");
    }
}
