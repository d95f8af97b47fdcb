//! Totals of a run, read from the running counts and never by counting.

use isomer_record::{DropReason, Stage, Tally};

use super::Reader;
use super::rows::{ItemState, reason, stage};
use crate::{Pending, Spent, StoreError, read};

/// How many items are where, and how they left.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tallies {
    /// One for each stage, in order.
    pub stages: Vec<StageTally>,
    /// Reasons of dropped items that occurred, by stage and reason.
    pub reasons: Vec<(Stage, DropReason, u64)>,
}

/// One stage in [`Tallies`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StageTally {
    /// The stage.
    pub stage: Stage,
    /// How items left it. `failed` are those that wait for the next start.
    pub tally: Tally,
    /// Waiting to be claimed.
    pub ready: u64,
    /// Being worked on.
    pub leased: u64,
    /// Waiting for another item.
    pub parked: u64,
}

/// What a run has spent, by stage. Stages are as the ledger names them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Spending {
    /// All calls.
    pub total: Spent,
    /// Calls by stage, in the order of the names.
    pub stages: Vec<(String, Spent)>,
}

/// When things happened, in ms since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Times {
    /// The run was created.
    pub created_ms: u64,
    /// An item left a stage for the last time so far.
    pub last_outcome_ms: Option<u64>,
    /// The same, if every item of the run has ended: then it is when the run finished.
    pub finished_ms: Option<u64>,
}

/// Time that went into a stage, added up over its items.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Work {
    /// Between the claim of an item and its outcome, in ms: calls, programs and their queues.
    pub stage_ms: u64,
    /// Time of its calls, in ms; where they were replayed, as it was recorded.
    pub call_ms: u64,
}

impl Reader {
    /// The time that went into a stage. Reads a row for each outcome and call of the stage.
    pub fn work(&self, stage: Stage) -> Result<Work, StoreError> {
        let sum = |sql: &str| -> Result<u64, StoreError> {
            Ok(self
                .connection
                .prepare_cached(sql)?
                .query_row([stage.as_str()], |row| row.get(0))?)
        };
        Ok(Work {
            stage_ms: sum("SELECT coalesce(sum(elapsed_ms), 0) FROM outcomes WHERE stage = ?1")?,
            call_ms: sum("SELECT coalesce(sum(elapsed_ms), 0) FROM calls WHERE stage = ?1")?,
        })
    }

    /// How many items are where, and how they left each stage.
    pub fn tallies(&self) -> Result<Tallies, StoreError> {
        let mut tallies =
            Tallies { stages: Stage::ALL.into_iter().map(empty).collect(), reasons: Vec::new() };
        let mut statement = self
            .connection
            .prepare_cached("SELECT stage, state, reason, n FROM counts WHERE n > 0")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let stage = stage(&row.get::<_, String>(0)?)?;
            let (name, why): (String, String) = (row.get(1)?, row.get(2)?);
            let count: u64 = row.get(3)?;
            for entry in tallies.stages.iter_mut().filter(|entry| entry.stage == stage) {
                add(entry, ItemState::from_name(&name), count);
            }
            if !why.is_empty() {
                tallies.reasons.push((stage, reason(&why)?, count));
            }
        }
        tallies.reasons.sort_unstable();
        Ok(tallies)
    }

    /// What the run has spent.
    pub fn spent(&self) -> Result<Spending, StoreError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT stage, calls, prompt_tokens, completion_tokens, cached_tokens, cost_usd,
                    unpriced_calls FROM spending ORDER BY stage",
        )?;
        let rows = statement.query_map([], |row| Ok((row.get(0)?, read::read_spent(row, 1)?)))?;
        Ok(Spending {
            stages: rows.collect::<Result<_, _>>()?,
            total: read::spent(&self.connection)?,
        })
    }

    /// Where the unfinished items are.
    pub fn pending(&self) -> Result<Pending, StoreError> {
        read::pending(&self.connection)
    }

    /// Number of seeds, or `None` while they are still being read.
    pub fn seeds(&self) -> Result<Option<u64>, StoreError> {
        read::sealed(&self.connection)
    }

    /// When things happened.
    pub fn times(&self) -> Result<Times, StoreError> {
        let created_ms = read::meta(&self.connection, "created_at")?.unwrap_or_default();
        let last_outcome_ms = self
            .connection
            .prepare_cached("SELECT (SELECT at FROM outcomes ORDER BY num DESC LIMIT 1)")?
            .query_row([], |row| row.get(0))?;
        let ended = self.seeds()?.is_some() && self.pending()?.is_complete();
        let finished_ms = if ended { last_outcome_ms } else { None };
        Ok(Times { created_ms, last_outcome_ms, finished_ms })
    }
}

fn empty(stage: Stage) -> StageTally {
    StageTally { stage, tally: Tally::default(), ready: 0, leased: 0, parked: 0 }
}

fn add(entry: &mut StageTally, state: Option<ItemState>, count: u64) {
    match state {
        Some(ItemState::Ready) => entry.ready += count,
        Some(ItemState::Leased) => entry.leased += count,
        Some(ItemState::Parked) => entry.parked += count,
        Some(ItemState::Failed) => entry.tally.failed += count,
        Some(ItemState::Kept) => entry.tally.kept += count,
        Some(ItemState::Dropped) => entry.tally.dropped += count,
        None => {}
    }
}
