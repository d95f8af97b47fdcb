//! Figures of a client at work, for a progress line.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::failure::Spent;

/// What a client is doing and has done. Figures of the lanes are summed over all models and
/// endpoints in use.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Stats {
    /// Calls at an endpoint now.
    pub in_flight: usize,
    /// Calls at once that the endpoints bear now.
    pub concurrency_limit: usize,
    /// Calls waiting for a place.
    pub waiting: usize,
    /// How long the longest pause of an endpoint still lasts.
    pub paused_for: Option<Duration>,
    /// Questions asked since the client was made.
    pub calls: u64,
    /// Questions answered from the ledger.
    pub ledger_hits: u64,
    /// Attempts after the first of a call.
    pub retries: u64,
    /// Questions that got no usable reply in the end.
    pub failed: u64,
    /// Tokens of questions paid for since the client was made.
    pub prompt_tokens: u64,
    /// Tokens of answers paid for since the client was made.
    pub completion_tokens: u64,
    /// US dollars spent since the client was made, as far as prices are known.
    pub cost_usd: f64,
    /// US dollars spent by this and earlier starts of the run.
    pub total_usd: f64,
    /// Tokens spent by this and earlier starts of the run.
    pub total_tokens: u64,
}

/// What the layers count.
#[derive(Debug, Default)]
pub(crate) struct Counters {
    pub(crate) calls: AtomicU64,
    pub(crate) ledger_hits: AtomicU64,
    pub(crate) retries: AtomicU64,
    pub(crate) failed: AtomicU64,
    prompt_tokens: AtomicU64,
    completion_tokens: AtomicU64,
    cost_usd: Mutex<f64>,
}

impl Counters {
    pub(crate) fn spent(&self, spent: &Spent) {
        self.prompt_tokens.fetch_add(spent.usage.prompt_tokens, Ordering::Relaxed);
        self.completion_tokens.fetch_add(spent.usage.completion_tokens, Ordering::Relaxed);
        *self.cost_usd.lock().unwrap_or_else(PoisonError::into_inner) +=
            spent.cost_usd.unwrap_or_default();
    }

    /// The counted part of the figures.
    pub(crate) fn stats(&self) -> Stats {
        let get = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        Stats {
            calls: get(&self.calls),
            ledger_hits: get(&self.ledger_hits),
            retries: get(&self.retries),
            failed: get(&self.failed),
            prompt_tokens: get(&self.prompt_tokens),
            completion_tokens: get(&self.completion_tokens),
            cost_usd: *self.cost_usd.lock().unwrap_or_else(PoisonError::into_inner),
            ..Stats::default()
        }
    }
}
