//! What the mock was asked and how it answered: the evidence that nothing is paid for twice.

use std::collections::{BTreeMap, HashMap};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use serde::Serialize;

use super::recognise::Kind;

/// How a request ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Ending {
    /// No answer was sent (yet): still in flight, or the client went away first.
    Open,
    /// A complete answer was sent.
    Answered,
    /// A fault was sent instead.
    Faulty,
    /// The key was refused.
    Unauthorized,
}

/// One request.
#[derive(Clone, Debug, Serialize)]
pub struct Asked {
    /// First 16 hexadecimal digits of the body's BLAKE3 digest. The answer's text names it too.
    pub body: String,
    /// What was asked for.
    pub kind: Kind,
    /// How it ended.
    pub ending: Ending,
    /// The fault that was sent, if any.
    pub fault: Option<&'static str>,
    /// Milliseconds since the mock started.
    pub at_ms: u64,
}

/// Counters of one kind of question.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct StageStats {
    /// Requests that arrived.
    pub requests: u64,
    /// Complete answers.
    pub answered: u64,
    /// Faults, by name.
    pub faults: BTreeMap<&'static str, u64>,
}

/// Counters of a mock since its start.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Stats {
    /// Requests that arrived.
    pub requests: u64,
    /// Complete answers.
    pub answered: u64,
    /// Requests with a key that is not accepted.
    pub unauthorized: u64,
    /// Different bodies among the requests.
    pub distinct: u64,
    /// Complete answers to a body that had been answered completely before.
    pub answered_again: u64,
    /// Latency of all complete answers together, in ms.
    pub latency_ms: u64,
    /// Most requests in flight at once.
    pub peak_in_flight: u64,
    /// By kind of question.
    pub kinds: BTreeMap<&'static str, StageStats>,
}

#[derive(Debug)]
pub(crate) struct Journal {
    started: Instant,
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    asked: Vec<Asked>,
    times: HashMap<String, u32>,
    answered: HashMap<String, u32>,
    latency: Duration,
    in_flight: u64,
    peak_in_flight: u64,
}

impl Journal {
    pub(crate) fn new() -> Self {
        Self { started: Instant::now(), inner: Mutex::default() }
    }

    /// A poisoned lock still holds a usable journal: nothing here leaves it half written.
    fn inner(&self) -> std::sync::MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// Notes a request; gives its number and how often the same body came before.
    pub(crate) fn open(&self, body: &str, kind: Kind) -> (usize, u32) {
        let at_ms = u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX);
        let mut inner = self.inner();
        let body = body.to_owned();
        let times = inner.times.entry(body.clone()).or_default();
        let before = *times;
        *times += 1;
        inner.in_flight += 1;
        inner.peak_in_flight = inner.peak_in_flight.max(inner.in_flight);
        inner.asked.push(Asked { body, kind, ending: Ending::Open, fault: None, at_ms });
        (inner.asked.len() - 1, before)
    }

    /// Notes how the request ended.
    pub(crate) fn close(
        &self,
        number: usize,
        ending: Ending,
        fault: Option<&'static str>,
        latency: Duration,
    ) {
        let mut inner = self.inner();
        let Some(asked) = inner.asked.get_mut(number) else { return };
        asked.ending = ending;
        asked.fault = fault;
        let body = asked.body.clone();
        if ending == Ending::Answered {
            inner.latency += latency;
            *inner.answered.entry(body).or_default() += 1;
        }
    }

    /// Notes that the request is no longer in flight, whether or not it was answered.
    pub(crate) fn leave(&self) {
        let mut inner = self.inner();
        inner.in_flight = inner.in_flight.saturating_sub(1);
    }

    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.inner().asked.clone()
    }

    pub(crate) fn stats(&self) -> Stats {
        let inner = self.inner();
        let mut stats = Stats {
            requests: inner.asked.len() as u64,
            distinct: inner.times.len() as u64,
            answered_again: inner.answered.values().map(|times| u64::from(times - 1)).sum(),
            latency_ms: u64::try_from(inner.latency.as_millis()).unwrap_or(u64::MAX),
            peak_in_flight: inner.peak_in_flight,
            ..Stats::default()
        };
        for asked in &inner.asked {
            let kind = stats.kinds.entry(asked.kind.as_str()).or_default();
            kind.requests += 1;
            match asked.ending {
                Ending::Answered => {
                    kind.answered += 1;
                    stats.answered += 1;
                }
                Ending::Unauthorized => stats.unauthorized += 1,
                Ending::Open | Ending::Faulty => {}
            }
            if let Some(fault) = asked.fault {
                *kind.faults.entry(fault).or_default() += 1;
            }
        }
        stats
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Ending, Journal, Kind};

    #[test]
    fn answers_to_the_same_body_are_counted_again() {
        let journal = Journal::new();
        for (body, ending) in [
            ("a", Ending::Faulty),
            ("a", Ending::Answered),
            ("a", Ending::Answered),
            ("b", Ending::Open),
        ] {
            let (number, _) = journal.open(body, Kind::Solve);
            journal.close(number, ending, None, Duration::from_millis(5));
        }
        let stats = journal.stats();
        assert_eq!((stats.requests, stats.answered, stats.distinct), (4, 2, 2));
        assert_eq!((stats.answered_again, stats.latency_ms, stats.peak_in_flight), (1, 10, 4));
        assert_eq!(journal.open("a", Kind::Solve).1, 3);
    }
}
