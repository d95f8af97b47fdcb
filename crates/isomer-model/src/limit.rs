//! Calls and tokens per minute, and the layer that passes the gate.

use std::num::NonZeroU32;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use governor::clock::{Clock, Reference};
use governor::nanos::Nanos;
use governor::state::{InMemoryState, NotKeyed};
use governor::{Quota, RateLimiter};
use tokio::sync::Mutex;
use tokio::time::{Instant, sleep};

use crate::endpoint::Call;
use crate::estimate;
use crate::failure::{Failure, Layer, Outcome, Spent};
use crate::treatment::{Health, Treatment};

const MINUTE: Duration = Duration::from_secs(60);
/// Part of a minute's quota that may be used at once: servers count in short windows too.
const BURST: u32 = 10;
/// Likely answer when nothing is known yet.
const FIRST_ANSWER: i64 = 1024;

/// Tokio's clock, so that waiting and counting agree (and tests can stop the time).
#[derive(Clone, Debug)]
struct TokioClock {
    start: Instant,
}

impl Clock for TokioClock {
    type Instant = Nanos;

    fn now(&self) -> Nanos {
        self.start.elapsed().into()
    }
}

#[derive(Debug)]
struct PerMinute {
    limiter: RateLimiter<
        NotKeyed,
        InMemoryState,
        TokioClock,
        governor::middleware::NoOpMiddleware<Nanos>,
    >,
    clock: TokioClock,
    burst: NonZeroU32,
    /// Held while waiting, so that calls go in order and only one of them watches the clock.
    turn: Mutex<()>,
}

impl PerMinute {
    fn new(count: u32) -> Option<Self> {
        let count = NonZeroU32::new(count)?;
        let burst = NonZeroU32::new(count.get() / BURST).unwrap_or(NonZeroU32::MIN);
        let clock = TokioClock { start: Instant::now() };
        let quota = Quota::with_period(MINUTE / count.get())?.allow_burst(burst);
        let limiter = RateLimiter::direct_with_clock(quota, clock.clone());
        Some(Self { limiter, clock, burst, turn: Mutex::new(()) })
    }

    /// Waits until `wanted` may be used; tells how many were, for a burst is all that can be had at
    /// once.
    async fn take(&self, wanted: u32) -> u32 {
        let Some(wanted) = NonZeroU32::new(wanted.min(self.burst.get())) else { return 0 };
        let _turn = self.turn.lock().await;
        loop {
            match self.limiter.check_n(wanted) {
                Ok(Ok(())) | Err(_) => return wanted.get(),
                Ok(Err(not_until)) => {
                    let now = self.clock.now();
                    let wait: Duration = not_until.earliest_possible().duration_since(now).into();
                    // A timer has millisecond steps: never spin within one.
                    sleep(wait.max(Duration::from_millis(1))).await;
                }
            }
        }
    }
}

/// The limits per minute of one model at one endpoint.
#[derive(Debug)]
pub(crate) struct Rates {
    requests: Option<PerMinute>,
    tokens: Option<PerMinute>,
    /// Tokens used but not yet taken from the quota; negative when too many were taken.
    debt: AtomicI64,
    /// Moving average of the answers' lengths, for the estimate of the next.
    answer: AtomicI64,
}

impl Rates {
    pub(crate) fn new(requests: Option<u32>, tokens: Option<u32>) -> Self {
        Self {
            requests: requests.and_then(PerMinute::new),
            tokens: tokens.and_then(PerMinute::new),
            debt: AtomicI64::new(0),
            answer: AtomicI64::new(FIRST_ANSWER),
        }
    }

    /// Waits for the quota of one call with a question of so many tokens; tells the estimate that
    /// [`Rates::used`] must correct.
    async fn take(&self, prompt_tokens: u64) -> i64 {
        if let Some(requests) = &self.requests {
            requests.take(1).await;
        }
        let Some(tokens) = &self.tokens else { return 0 };
        let prompt = i64::try_from(prompt_tokens).unwrap_or(i64::MAX / 4);
        let estimate = prompt + self.answer.load(Ordering::Relaxed);
        let wanted = self.debt.load(Ordering::Relaxed) + estimate;
        let taken = tokens.take(u32::try_from(wanted.max(0)).unwrap_or(u32::MAX)).await;
        self.debt.fetch_add(estimate - i64::from(taken), Ordering::Relaxed);
        estimate
    }

    /// Puts what a call really used in place of the estimate.
    fn used(&self, estimate: i64, spent: Option<&Spent>) {
        if self.tokens.is_none() {
            return;
        }
        let usage = spent.map(|spent| spent.usage).unwrap_or_default();
        let total = i64::try_from(usage.total()).unwrap_or(i64::MAX / 4);
        self.debt.fetch_add(total - estimate, Ordering::Relaxed);
        if let (Some(_), Ok(answer)) = (spent, i64::try_from(usage.completion_tokens)) {
            let before = self.answer.load(Ordering::Relaxed);
            self.answer.store((before * 7 + answer) / 8, Ordering::Relaxed);
        }
    }
}

/// Lets a call through the gate of its model and endpoint.
#[derive(Debug)]
pub(crate) struct Limited<L> {
    pub(crate) inner: L,
}

impl<L: Layer> Layer for Limited<L> {
    async fn call(&self, call: &Call, attempt: u32) -> Outcome {
        let lane = &call.endpoint.lane;
        let permit = lane.enter().await.map_err(Failure::new)?;
        let estimate = lane.rates.take(estimate::likely_prompt(&call.request.messages)).await;
        lane.unpaused().await;
        let outcome = self.inner.call(call, attempt).await;
        lane.rates.used(estimate, Spent::of(&outcome).as_ref());
        match &outcome {
            Ok(_) => permit.finish(Health::Answering, None, None),
            Err(failure) => {
                let health = Treatment::of(&failure.error).health;
                permit.finish(health, failure.retry_after, Some(&failure.error));
            }
        }
        outcome
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reply::Usage;

    #[tokio::test(start_paused = true)]
    async fn requests_keep_to_the_minute() {
        let (rates, start) = (Rates::new(Some(60), None), Instant::now());
        for _ in 0..66 {
            rates.take(1).await;
        }
        // A burst of six at once, then one a second.
        let elapsed = start.elapsed().as_secs_f64();
        assert!((59.9..61.0).contains(&elapsed), "{elapsed}");
    }

    #[tokio::test(start_paused = true)]
    async fn tokens_keep_to_the_minute_once_corrected() {
        let (rates, start) = (Rates::new(None, Some(6000)), Instant::now());
        let usage = Usage { prompt_tokens: 10, completion_tokens: 290, ..Usage::default() };
        for _ in 0..200 {
            let estimate = rates.take(10).await;
            rates.used(estimate, Some(&Spent { usage, cost_usd: None }));
        }
        // 60 000 tokens at 6 000 a minute.
        let minutes = start.elapsed().as_secs_f64() / 60.0;
        assert!((9.5..10.5).contains(&minutes), "{minutes}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_call_larger_than_the_quota_passes_and_is_paid_for_later() {
        let (rates, start) = (Rates::new(None, Some(600)), Instant::now());
        let estimate = rates.take(100_000).await;
        assert!(start.elapsed() < MINUTE);
        rates.used(estimate, None);
        let estimate = rates.take(10).await;
        rates.used(estimate, None);
        assert!(start.elapsed() < 2 * MINUTE);
    }
}
