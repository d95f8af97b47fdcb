//! All servers together: who is asked next, and who waits.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use isomer_sandbox::{Language, SandboxError};
use tokio::sync::Notify;
use tokio::time::{Instant, sleep_until};

use crate::detect::{Found, Protocol, detect};
use crate::failure::{Failure, none_works};
use crate::health::Health;
use crate::limit::Limit;
use crate::server::Server;
use crate::settings::RemoteSettings;

/// Requests at once to a server that does not say how many it works on.
const USUAL_JOBS: usize = 8;
/// Requests at once that such a server may turn out to bear.
const MOST_JOBS: usize = 64;
/// Longest time that a full server is left alone.
const LONGEST_REST: Duration = Duration::from_secs(60);
/// How long one is left alone that does not say for how long.
const USUAL_REST: Duration = Duration::from_secs(1);

/// All servers.
pub(crate) struct Pool {
    members: Vec<Arc<Server>>,
    states: Mutex<Vec<State>>,
    /// Something is free, or has come back.
    changed: Notify,
    settings: RemoteSettings,
}

struct State {
    found: Option<Found>,
    health: Health,
    limit: Limit,
    in_flight: usize,
    /// A full server is left alone until then.
    resting: Option<Instant>,
}

/// What is to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Work {
    /// A program in this language.
    Program(Language),
    /// A file of pytest tests.
    Tests,
}

/// What to do next.
enum Choice {
    Take(usize),
    /// Until something changes, or this moment.
    Wait(Option<Instant>),
    Lost(SandboxError),
}

impl Pool {
    /// A pool of servers as they were found.
    pub(crate) fn new(
        found: Vec<(Arc<Server>, Result<Found, String>)>,
        settings: RemoteSettings,
    ) -> Arc<Self> {
        let now = Instant::now();
        let (members, states) =
            found.into_iter().map(|(server, found)| (server, State::new(found, now))).unzip();
        Arc::new(Self { members, states: Mutex::new(states), changed: Notify::new(), settings })
    }

    fn states(&self) -> MutexGuard<'_, Vec<State>> {
        self.states.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The settings.
    pub(crate) const fn settings(&self) -> &RemoteSettings {
        &self.settings
    }

    /// Each server, with what it is or what is wrong with it.
    pub(crate) fn members(&self) -> Vec<(Arc<Server>, Result<Found, String>)> {
        let states = self.states();
        let state = |state: &State| match (state.health.problem(), &state.found) {
            (None, Some(found)) => Ok(found.clone()),
            (problem, _) => Err(problem.unwrap_or("not asked yet").to_owned()),
        };
        self.members.iter().cloned().zip(states.iter().map(state)).collect()
    }

    /// How many jobs at once keep the working servers busy.
    pub(crate) fn slots(&self) -> usize {
        let states = self.states();
        let up = states.iter().filter(|state| state.health.is_up());
        let all: usize = up.map(|state| state.limit.now()).sum();
        self.settings.slots.map_or(all, |most| most.min(all)).max(1)
    }

    /// Waits for a server that can take this work; one of `avoid` only if there is no other.
    ///
    /// # Errors
    ///
    /// When no such server has worked for too long.
    pub(crate) async fn acquire(
        self: &Arc<Self>,
        work: Work,
        avoid: &BTreeSet<usize>,
    ) -> Result<Permit, SandboxError> {
        loop {
            let changed = self.changed.notified();
            tokio::pin!(changed);
            // Before looking, so that no change is missed in between.
            changed.as_mut().enable();
            match self.choose(work, avoid) {
                Choice::Take(index) => return Ok(self.permit(index)),
                Choice::Lost(error) => return Err(error),
                Choice::Wait(None) => changed.await,
                Choice::Wait(Some(until)) => {
                    tokio::select! {
                        () = changed => {}
                        () = sleep_until(until) => {}
                    }
                }
            }
        }
    }

    fn choose(self: &Arc<Self>, work: Work, avoid: &BTreeSet<usize>) -> Choice {
        let now = Instant::now();
        let mut states = self.states();
        for index in 0..states.len() {
            if states[index].health.claim_probe(now) {
                tokio::spawn(Arc::clone(self).probe(index));
            }
        }
        let in_flight: usize = states.iter().map(|state| state.in_flight).sum();
        if self.settings.slots.is_some_and(|most| in_flight >= most.max(1)) {
            return Choice::Wait(None);
        }
        let up = |index: &usize| states[*index].health.is_up() && states[*index].does(work);
        let preferred = |index: &usize| !avoid.contains(index);
        let mut candidates: Vec<usize> = (0..states.len()).filter(up).collect();
        if candidates.iter().any(preferred) {
            candidates.retain(preferred);
        }
        let free = candidates.into_iter().filter(|index| states[*index].is_free(now));
        // The share of its limit that a server is busy with, compared without dividing.
        let least = free.min_by(|one, other| {
            let (one, other) = (&states[*one], &states[*other]);
            (one.in_flight * other.limit.now()).cmp(&(other.in_flight * one.limit.now()))
        });
        match least {
            Some(index) => {
                states[index].in_flight += 1;
                Choice::Take(index)
            }
            None => self.nobody(&states, work, now),
        }
    }

    fn nobody(&self, states: &[State], work: Work, now: Instant) -> Choice {
        let fit = states.iter().filter(|state| state.does(work));
        let out = fit.map(|state| state.health.out_since()).collect::<Option<Vec<_>>>();
        if out.as_ref().is_some_and(Vec::is_empty) {
            let detail = match work {
                Work::Program(language) => {
                    format!("none of the sandboxes runs {}", language.title())
                }
                Work::Tests => "none of the sandboxes judges by pytest".to_owned(),
            };
            return Choice::Lost(SandboxError::Job { detail });
        }
        let lost_at = out.and_then(|since| since.into_iter().max());
        let lost_at = lost_at.map(|since| since + self.settings.outage);
        if lost_at.is_some_and(|at| at <= now) {
            return Choice::Lost(self.lost(states));
        }
        let wakes = states.iter().flat_map(|state| [state.health.next_probe(), state.resting]);
        Choice::Wait(wakes.flatten().chain(lost_at).filter(|at| *at > now).min())
    }

    fn lost(&self, states: &[State]) -> SandboxError {
        let before = format!("no sandbox has worked for {} s: ", self.settings.outage.as_secs());
        let problem = |state: &State| state.health.problem().unwrap_or_default().to_owned();
        let all = self.members.iter().zip(states);
        none_works(&before, all.map(|(server, state)| (server.address.to_string(), problem(state))))
    }

    async fn probe(self: Arc<Self>, index: usize) {
        let found = detect(&self.members[index], self.settings.isolation).await;
        {
            let state = &mut self.states()[index];
            let result = found.map(|found| {
                if state.found.as_ref() != Some(&found) {
                    state.limit = limit(&found);
                }
                state.found = Some(found);
            });
            state.health.probed(Instant::now(), result);
        }
        self.changed.notify_waiters();
    }

    fn permit(self: &Arc<Self>, index: usize) -> Permit {
        let epoch = self.states()[index].limit.epoch();
        Permit { pool: Arc::clone(self), index, epoch }
    }
}

fn limit(found: &Found) -> Limit {
    match found.jobs {
        // A few more than it works on, so that none of its slots waits for the network.
        Some(jobs) => Limit::new(jobs + jobs / 2 + 1, jobs + jobs / 2 + 1),
        None => Limit::new(USUAL_JOBS, MOST_JOBS),
    }
}

impl State {
    fn new(found: Result<Found, String>, now: Instant) -> Self {
        let (found, health) = match found {
            Ok(found) => (Some(found), Health::default()),
            Err(problem) => (None, Health::out(now, problem)),
        };
        let limit = found.as_ref().map_or_else(|| Limit::new(1, 1), limit);
        Self { found, health, limit, in_flight: 0, resting: None }
    }

    /// Whether it does this work, as far as is known. The harness for servers of others is one for
    /// programs in Python.
    fn does(&self, work: Work) -> bool {
        let protocol = self.found.as_ref().map(|found| found.protocol);
        work == Work::Program(Language::PYTHON) || protocol != Some(Protocol::RunCode)
    }

    fn is_free(&self, now: Instant) -> bool {
        self.in_flight < self.limit.now() && self.resting.is_none_or(|until| until <= now)
    }
}

/// The right to send a request to a server, given back when dropped.
pub(crate) struct Permit {
    pool: Arc<Pool>,
    index: usize,
    epoch: u64,
}

impl Permit {
    /// Which server.
    pub(crate) const fn index(&self) -> usize {
        self.index
    }

    /// The server.
    pub(crate) fn server(&self) -> &Server {
        &self.pool.members[self.index]
    }

    /// What it is; a server that takes part was asked.
    pub(crate) fn found(&self) -> Option<Found> {
        self.pool.states()[self.index].found.clone()
    }

    /// The request was answered.
    pub(crate) fn succeeded(&self) {
        let state = &mut self.pool.states()[self.index];
        state.limit.succeeded(state.in_flight);
    }

    /// The request failed.
    pub(crate) fn failed(&self, failure: &Failure) {
        let now = Instant::now();
        let state = &mut self.pool.states()[self.index];
        match failure {
            Failure::Job(_) => {}
            Failure::Busy(wait) => {
                state.limit.overloaded(self.epoch);
                let rest = wait.unwrap_or(USUAL_REST).min(LONGEST_REST);
                state.resting = state.resting.max(Some(now + rest));
            }
            Failure::Slow(detail) => {
                state.limit.overloaded(self.epoch);
                state.health.failed(now, detail);
            }
            Failure::Missing(detail) | Failure::Broken(detail) => state.health.failed(now, detail),
        }
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        self.pool.states()[self.index].in_flight -= 1;
        self.pool.changed.notify_waiters();
    }
}
