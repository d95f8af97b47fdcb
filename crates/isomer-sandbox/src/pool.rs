//! Warm jails between jobs: taken by kind, given back when they are as good as new.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::jail::{Jail, Kind};

/// Inputs after which a jail is replaced, so that nothing can pile up in one.
const MOST_RUNS: u32 = 5_000;

/// Age at which a jail is replaced.
const OLDEST: Duration = Duration::from_secs(1_800);

/// Jails that no job is using, the longest unused first.
pub(crate) struct Pool {
    idle: Mutex<Vec<Jail>>,
    most: usize,
}

impl Pool {
    /// An empty pool that keeps at most `most` jails.
    pub(crate) const fn new(most: usize) -> Self {
        Self { idle: Mutex::new(Vec::new()), most }
    }

    /// The jail of this kind that was used last.
    pub(crate) fn take(&self, kind: &Kind) -> Option<Jail> {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        let at = idle.iter().rposition(|jail| jail.kind == *kind)?;
        Some(idle.remove(at))
    }

    /// Keeps a jail for the next job of its kind; returns one that is no longer wanted.
    pub(crate) fn give_back(&self, jail: Jail) -> Option<Jail> {
        if jail.runs >= MOST_RUNS || jail.started.elapsed() >= OLDEST {
            return Some(jail);
        }
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        idle.push(jail);
        (idle.len() > self.most).then(|| idle.remove(0))
    }
}
