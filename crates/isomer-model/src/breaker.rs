//! Leaves an endpoint alone that keeps failing, and looks now and then whether it works again.

use std::time::Duration;

use tokio::time::Instant;

use crate::settings::BreakerSettings;

/// The longest pause between two probes.
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// Whether a call may be made now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Make it.
    Pass,
    /// Make it as the probe: others wait for its outcome.
    Probe,
    /// Wait until then, or for the probe's outcome when there is no time.
    Wait(Option<Instant>),
    /// The endpoint has been failing for so long that waiting is no use.
    GiveUp(Duration),
}

#[derive(Debug)]
enum State {
    Closed,
    Open { until: Instant },
    Probing,
}

/// The breaker of one model at one endpoint: a state machine without any waiting of its own.
#[derive(Debug)]
pub(crate) struct Breaker {
    settings: BreakerSettings,
    state: State,
    failures: u32,
    pause: Duration,
    /// Start of the present row of failures.
    since: Option<Instant>,
    proven: bool,
}

impl Breaker {
    pub(crate) fn new(settings: BreakerSettings) -> Self {
        let pause = settings.pause;
        Self { settings, state: State::Closed, failures: 0, pause, since: None, proven: false }
    }

    /// May a call be made? [`Verdict::Probe`] changes the state: the caller must then report.
    pub(crate) fn admit(&mut self, now: Instant) -> Verdict {
        match self.state {
            State::Closed => Verdict::Pass,
            State::Open { until } if now >= until => {
                self.state = State::Probing;
                Verdict::Probe
            }
            State::Open { until } => match self.outage(now) {
                Some(outage) => Verdict::GiveUp(outage),
                None => Verdict::Wait(Some(until)),
            },
            State::Probing => Verdict::Wait(None),
        }
    }

    /// The present outage, when it is too long to go on waiting.
    fn outage(&self, now: Instant) -> Option<Duration> {
        let limit = if self.proven {
            self.settings.give_up_after
        } else {
            self.settings.give_up_unproven_after
        };
        self.since.map(|since| now.saturating_duration_since(since)).filter(|age| *age > limit)
    }

    /// The endpoint answered, if only to refuse.
    pub(crate) fn succeeded(&mut self) {
        self.state = State::Closed;
        self.failures = 0;
        self.pause = self.settings.pause;
        self.since = None;
        self.proven = true;
    }

    /// A call failed through the endpoint's fault.
    pub(crate) fn failed(&mut self, now: Instant, was_probe: bool) {
        self.failures = self.failures.saturating_add(1);
        self.since.get_or_insert(now);
        match self.state {
            State::Closed if self.failures >= self.settings.failures => {}
            State::Probing if was_probe => self.pause = (self.pause * 2).min(LONGEST_PAUSE),
            // Calls that were under way when it opened say nothing new.
            _ => return,
        }
        self.state = State::Open { until: now + self.pause };
    }

    /// The probe was called off: the next call is the probe.
    pub(crate) fn abandoned(&mut self, now: Instant) {
        if matches!(self.state, State::Probing) {
            self.state = State::Open { until: now };
        }
    }

    /// End of the present pause.
    pub(crate) fn paused_until(&self) -> Option<Instant> {
        match self.state {
            State::Open { until } => Some(until),
            State::Closed | State::Probing => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn breaker() -> Breaker {
        Breaker::new(BreakerSettings { failures: 3, ..BreakerSettings::default() })
    }

    const fn seconds(count: u64) -> Duration {
        Duration::from_secs(count)
    }

    #[test]
    fn it_opens_probes_once_and_closes() {
        let (mut breaker, start) = (breaker(), Instant::now());
        for _ in 0..3 {
            assert_eq!(breaker.admit(start), Verdict::Pass);
            breaker.failed(start, false);
        }
        let until = start + seconds(5);
        assert_eq!(breaker.admit(start), Verdict::Wait(Some(until)));
        assert_eq!(breaker.admit(until), Verdict::Probe);
        assert_eq!(breaker.admit(until), Verdict::Wait(None));
        breaker.succeeded();
        assert_eq!(breaker.admit(until), Verdict::Pass);
    }

    #[test]
    fn failed_probes_lengthen_the_pause_to_a_minute() {
        let (mut breaker, mut now) = (breaker(), Instant::now());
        breaker.succeeded();
        for _ in 0..3 {
            breaker.failed(now, false);
        }
        let mut pauses = Vec::new();
        for _ in 0..5 {
            let Verdict::Wait(Some(until)) = breaker.admit(now) else { panic!("not open") };
            pauses.push((until - now).as_secs());
            now = until;
            assert_eq!(breaker.admit(now), Verdict::Probe);
            breaker.failed(now, true);
        }
        assert_eq!(pauses, [5, 10, 20, 40, 60]);
    }

    #[test]
    fn an_endpoint_that_never_answered_is_given_up_early() {
        for (proven, expected) in [(false, 35), (true, 615)] {
            let (mut breaker, start) = (breaker(), Instant::now());
            if proven {
                breaker.succeeded();
            }
            for _ in 0..3 {
                breaker.failed(start, false);
            }
            let mut now = start;
            let outage = loop {
                match breaker.admit(now) {
                    Verdict::Wait(Some(until)) => now = until,
                    Verdict::Probe => breaker.failed(now, true),
                    Verdict::GiveUp(outage) => break outage,
                    other => panic!("{other:?}"),
                }
            };
            assert_eq!(outage.as_secs(), expected);
        }
    }

    #[test]
    fn a_probe_called_off_does_not_block_the_others() {
        let (mut breaker, now) = (breaker(), Instant::now());
        for _ in 0..3 {
            breaker.failed(now, false);
        }
        let later = now + seconds(6);
        assert_eq!(breaker.admit(later), Verdict::Probe);
        breaker.abandoned(later);
        assert_eq!(breaker.admit(later), Verdict::Probe);
    }

    #[test]
    fn stragglers_do_not_prolong_a_pause() {
        let (mut breaker, now) = (breaker(), Instant::now());
        for _ in 0..3 {
            breaker.failed(now, false);
        }
        breaker.failed(now + seconds(4), false);
        assert_eq!(breaker.admit(now + seconds(5)), Verdict::Probe);
        breaker.failed(now + seconds(5), false);
        assert_eq!(breaker.admit(now + seconds(5)), Verdict::Wait(None));
    }
}
