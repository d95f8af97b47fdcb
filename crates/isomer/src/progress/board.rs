//! The running figures behind the progress lines, made from events alone.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use isomer_record::{Boundary, Event, Stage, Tally};
use isomer_store::{Reader, StoreError};

/// Figures of one stage.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Row {
    /// How items left.
    pub(super) tally: Tally,
    /// Items being worked on.
    pub(super) in_flight: u64,
}

/// The running figures.
#[derive(Debug)]
pub(super) struct Board {
    pub(super) rows: BTreeMap<Stage, Row>,
    working: BTreeMap<Stage, BTreeSet<String>>,
    pub(super) seeds: Option<u64>,
    samples: u32,
    pub(super) replayed: bool,
    pub(super) calls: u64,
    pub(super) tokens: u64,
    pub(super) cost_usd: f64,
    failures: Vec<Boundary>,
    pub(super) warnings: u64,
    started: Instant,
    ended_before: u64,
}

impl Board {
    /// Begins with what earlier starts did.
    pub(super) fn begin(reader: &Reader, samples: u32, replayed: bool) -> Result<Self, StoreError> {
        let mut board = Self::empty(samples, replayed);
        board.seeds = reader.seeds()?;
        for stage in reader.tallies()?.stages {
            // What failed before is tried again now.
            let tally = Tally { failed: 0, ..stage.tally };
            board.rows.insert(stage.stage, Row { tally, in_flight: 0 });
        }
        let spent = reader.spent()?.total;
        board.calls = spent.calls;
        board.tokens = spent.prompt_tokens + spent.completion_tokens;
        board.cost_usd = spent.cost_usd;
        board.ended_before = board.ended();
        Ok(board)
    }

    /// A board of a run that has just begun.
    pub(super) fn empty(samples: u32, replayed: bool) -> Self {
        Self {
            rows: Stage::ALL.into_iter().map(|stage| (stage, Row::default())).collect(),
            working: BTreeMap::new(),
            seeds: None,
            samples,
            replayed,
            calls: 0,
            tokens: 0,
            cost_usd: 0.0,
            failures: Vec::new(),
            warnings: 0,
            started: Instant::now(),
            ended_before: 0,
        }
    }

    /// Takes an event in.
    pub(super) fn add(&mut self, event: &Event) {
        match event {
            Event::SeedsRead { seeds, .. } => self.seeds = Some(*seeds),
            Event::Started { stage, item } => {
                self.working.entry(*stage).or_default().insert(item.to_string());
            }
            Event::Kept { stage, item } => {
                self.left(*stage, item.as_str());
                self.row(*stage).tally.kept += 1;
            }
            Event::Dropped { stage, item, .. } => {
                self.left(*stage, item.as_str());
                self.row(*stage).tally.dropped += 1;
            }
            Event::Failed { stage, item, .. } => {
                self.left(*stage, item.as_str());
                self.row(*stage).tally.failed += 1;
            }
            Event::Called { prompt_tokens, completion_tokens, cost_usd, .. } => {
                self.calls += 1;
                self.tokens += prompt_tokens + completion_tokens;
                self.cost_usd += cost_usd.unwrap_or_default();
            }
            Event::Warning { .. } => self.warnings += 1,
        }
        for (stage, items) in &self.working {
            if let Some(row) = self.rows.get_mut(stage) {
                row.in_flight = items.len() as u64;
            }
        }
    }

    fn row(&mut self, stage: Stage) -> &mut Row {
        self.rows.entry(stage).or_default()
    }

    fn left(&mut self, stage: Stage, item: &str) {
        self.working.entry(stage).or_default().remove(item);
    }

    /// Items being worked on.
    pub(super) fn in_flight(&self) -> u64 {
        self.rows.values().map(|row| row.in_flight).sum()
    }

    /// Whether this boundary fails for the first time; one report a boundary is enough.
    pub(super) fn first_failure(&mut self, boundary: Boundary) -> bool {
        let first = !self.failures.contains(&boundary);
        if first {
            self.failures.push(boundary);
        }
        first
    }

    /// Blueprints that have come to an end, one way or another.
    fn ended(&self) -> u64 {
        let chains = self.rows.iter().filter(|(stage, _)| **stage != Stage::Decompose);
        let lost: u64 = chains.map(|(_, row)| row.tally.dropped).sum();
        lost + self.rows.get(&Stage::Harden).map_or(0, |row| row.tally.kept)
    }

    /// Time since this start.
    pub(super) fn elapsed(&self) -> Duration {
        self.started.elapsed()
    }

    /// Time left at the pace so far; unknown before some blueprints have ended.
    pub(super) fn time_left(&self) -> Option<Duration> {
        let seeds = self.seeds?;
        let decompose = self.rows.get(&Stage::Decompose)?.tally;
        let total = seeds.saturating_sub(decompose.dropped) * u64::from(self.samples);
        let done = self.ended().saturating_sub(self.ended_before);
        let left = total.saturating_sub(self.ended());
        if done < 3 || left == 0 {
            return None;
        }
        let pace = self.elapsed().checked_div(u32::try_from(done).ok()?)?;
        pace.checked_mul(u32::try_from(left).ok()?)
    }
}

#[cfg(test)]
mod tests {
    use isomer_record::{Event, Id, Stage};

    use super::Board;

    #[test]
    fn an_item_is_in_flight_until_it_leaves_and_parked_ones_count_once() {
        let mut board = Board::empty(1, false);
        let item = Id::from_stored("a");
        let started = Event::Started { stage: Stage::Recombine, item: item.clone() };
        board.add(&started);
        // A parked item starts its stage again later.
        board.add(&started);
        assert_eq!(board.in_flight(), 1);
        board.add(&Event::Kept { stage: Stage::Recombine, item });
        assert_eq!(board.in_flight(), 0);
        assert_eq!(board.rows[&Stage::Recombine].tally.kept, 1);
    }

    #[test]
    fn time_left_needs_some_evidence() {
        let mut board = Board::empty(1, false);
        board.add(&Event::SeedsRead { seeds: 10, skipped: 0 });
        for number in 0..4 {
            assert_eq!(board.time_left().is_some(), number >= 3, "{number}");
            let item = Id::derive([number.to_string()]);
            board.add(&Event::Kept { stage: Stage::Harden, item });
        }
    }
}
