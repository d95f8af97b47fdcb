//! One model at one endpoint, as all calls to it share it: who may go now.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::{Instant, sleep_until};

use crate::adapt::Adapt;
use crate::breaker::{Breaker, Verdict};
use crate::error::ModelError;
use crate::settings::{BreakerSettings, ClientSettings};
use crate::treatment::Health;

/// The gate to one model at one endpoint.
#[derive(Debug)]
pub(crate) struct Lane {
    pub(crate) rates: crate::limit::Rates,
    endpoint: String,
    state: Mutex<State>,
    changed: Notify,
    waiting: AtomicUsize,
}

#[derive(Debug)]
struct State {
    adapt: Adapt,
    breaker: Breaker,
    in_flight: usize,
    paused_until: Option<Instant>,
    last_failure: String,
}

/// What the gate looks like from outside.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct View {
    pub(crate) in_flight: usize,
    pub(crate) limit: usize,
    pub(crate) waiting: usize,
    pub(crate) paused_for: Option<Duration>,
}

enum Admission {
    Enter { probe: bool, epoch: u64 },
    Wait(Option<Instant>),
    GiveUp(ModelError),
}

impl Lane {
    pub(crate) fn new(endpoint: String, settings: &ClientSettings) -> Self {
        let rates =
            crate::limit::Rates::new(settings.requests_per_minute, settings.tokens_per_minute);
        Self::with(endpoint, settings.jobs, settings.breaker, rates)
    }

    fn with(
        endpoint: String,
        jobs: usize,
        breaker: BreakerSettings,
        rates: crate::limit::Rates,
    ) -> Self {
        let state = State {
            adapt: Adapt::new(jobs),
            breaker: Breaker::new(breaker),
            in_flight: 0,
            paused_until: None,
            last_failure: String::new(),
        };
        Self {
            rates,
            endpoint,
            state: Mutex::new(state),
            changed: Notify::new(),
            waiting: AtomicUsize::new(0),
        }
    }

    /// Waits for a place. The permit is a place until it is finished or dropped.
    pub(crate) async fn enter(self: &Arc<Self>) -> Result<Permit, ModelError> {
        let _waiting = Waiting::count(&self.waiting);
        loop {
            let changed = self.changed.notified();
            tokio::pin!(changed);
            // Registered before looking, so that no change is missed in between.
            changed.as_mut().enable();
            match self.admit(Instant::now()) {
                Admission::Enter { probe, epoch } => {
                    return Ok(Permit { lane: Some(Arc::clone(self)), probe, epoch });
                }
                Admission::GiveUp(error) => return Err(error),
                Admission::Wait(None) => changed.await,
                Admission::Wait(Some(until)) => tokio::select! {
                    () = changed => {}
                    () = sleep_until(until) => {}
                },
            }
        }
    }

    /// Waits for the end of a pause that began after the permit was given out.
    pub(crate) async fn unpaused(&self) {
        loop {
            let until = self.state().paused_until.filter(|until| *until > Instant::now());
            let Some(until) = until else { return };
            sleep_until(until).await;
        }
    }

    fn admit(&self, now: Instant) -> Admission {
        let mut state = self.state();
        if let Some(until) = state.paused_until.filter(|until| *until > now) {
            return Admission::Wait(Some(until));
        }
        if state.in_flight >= state.adapt.limit() {
            return Admission::Wait(None);
        }
        let probe = match state.breaker.admit(now) {
            Verdict::Pass => false,
            Verdict::Probe => true,
            Verdict::Wait(until) => return Admission::Wait(until),
            Verdict::GiveUp(outage) => {
                return Admission::GiveUp(ModelError::BreakerOpen {
                    endpoint: self.endpoint.clone(),
                    seconds: outage.as_secs(),
                    last: state.last_failure.clone(),
                });
            }
        };
        state.in_flight += 1;
        Admission::Enter { probe, epoch: state.adapt.epoch() }
    }

    pub(crate) fn view(&self) -> View {
        let (now, state) = (Instant::now(), self.state());
        let until = state.paused_until.into_iter().chain(state.breaker.paused_until()).max();
        View {
            in_flight: state.in_flight,
            limit: state.adapt.limit(),
            waiting: self.waiting.load(Ordering::Relaxed),
            paused_for: until.and_then(|until| until.checked_duration_since(now)),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // The state is plain numbers, whole at every moment.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A place among the calls at once.
#[derive(Debug)]
pub(crate) struct Permit {
    lane: Option<Arc<Lane>>,
    probe: bool,
    epoch: u64,
}

impl Permit {
    /// Gives the place back and says how the call went; `wait` is what the server asked for.
    pub(crate) fn finish(
        mut self,
        health: Health,
        wait: Option<Duration>,
        failure: Option<&ModelError>,
    ) {
        let Some(lane) = self.lane.take() else { return };
        let now = Instant::now();
        let mut state = lane.state();
        let in_flight = state.in_flight;
        state.in_flight -= 1;
        match health {
            Health::Answering => {
                state.adapt.succeeded();
                state.breaker.succeeded();
            }
            Health::Busy => {
                state.adapt.overloaded(self.epoch, in_flight);
                state.breaker.succeeded();
            }
            Health::Choking => {
                state.adapt.overloaded(self.epoch, in_flight);
                state.breaker.failed(now, self.probe);
            }
            Health::Failing => state.breaker.failed(now, self.probe),
            Health::Unasked if self.probe => state.breaker.abandoned(now),
            Health::Unasked => {}
        }
        if matches!(health, Health::Choking | Health::Failing)
            && let Some(error) = failure
        {
            state.last_failure = error.to_string();
        }
        if let Some(wait) = wait {
            state.paused_until = state.paused_until.max(Some(now + wait));
        }
        drop(state);
        lane.changed.notify_waiters();
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        let Some(lane) = self.lane.take() else { return };
        let mut state = lane.state();
        state.in_flight -= 1;
        if self.probe {
            state.breaker.abandoned(Instant::now());
        }
        drop(state);
        lane.changed.notify_waiters();
    }
}

/// Counts someone who waits, also if the waiting is called off.
pub(crate) struct Waiting<'a>(&'a AtomicUsize);

impl<'a> Waiting<'a> {
    pub(crate) fn count(counter: &'a AtomicUsize) -> Self {
        counter.fetch_add(1, Ordering::Relaxed);
        Self(counter)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limit::Rates;

    fn lane(jobs: usize) -> Arc<Lane> {
        let rates = Rates::new(None, None);
        Arc::new(Lane::with("http://a/v1".into(), jobs, BreakerSettings::default(), rates))
    }

    fn busy() -> ModelError {
        ModelError::RateLimited { message: "slow down".into(), retry_after_s: None }
    }

    #[tokio::test(start_paused = true)]
    async fn places_are_limited_and_come_back_when_dropped() {
        let lane = lane(2);
        let first = lane.enter().await.unwrap();
        let _second = lane.enter().await.unwrap();
        let mut third = Box::pin(lane.enter());
        assert!(futures::poll!(&mut third).is_pending());
        assert_eq!(lane.view().waiting, 1);
        drop(first);
        third.await.unwrap();
        assert_eq!((lane.view().waiting, lane.view().in_flight), (0, 1));
    }

    #[tokio::test(start_paused = true)]
    async fn one_call_told_to_wait_holds_back_all() {
        let (lane, start) = (lane(4), Instant::now());
        let wait = Some(Duration::from_secs(90));
        lane.enter().await.unwrap().finish(Health::Busy, wait, Some(&busy()));
        assert!(lane.view().paused_for.is_some());
        lane.enter().await.unwrap().finish(Health::Answering, None, None);
        assert_eq!(start.elapsed().as_secs(), 90);
    }

    #[tokio::test(start_paused = true)]
    async fn endless_refusals_never_stall_the_lane() {
        let lane = lane(64);
        for _ in 0..500 {
            lane.enter().await.unwrap().finish(Health::Busy, None, Some(&busy()));
        }
        assert_eq!((lane.view().limit, lane.view().in_flight), (1, 0));
        for _ in 0..2000 {
            lane.enter().await.unwrap().finish(Health::Answering, None, None);
        }
        assert_eq!(lane.view().limit, 64);
    }

    #[tokio::test(start_paused = true)]
    async fn a_dead_endpoint_is_given_up_with_its_last_error() {
        let (lane, start) = (lane(4), Instant::now());
        let error = ModelError::Connection { endpoint: "a".into(), message: "refused".into() };
        let given_up = loop {
            match lane.enter().await {
                Ok(permit) => permit.finish(Health::Failing, None, Some(&error)),
                Err(error) => break error,
            }
        };
        assert!(given_up.is_permanent());
        assert!(given_up.to_string().contains("refused"), "{given_up}");
        assert!(start.elapsed() < Duration::from_secs(60));
    }
}
