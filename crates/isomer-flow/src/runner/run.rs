//! The loop: claim, run, settle, until nothing is left or somebody wants it to end.

use std::collections::HashMap;
use std::sync::Arc;

use isomer_record::{Event, Id, Stage};
use isomer_store::{Claim, Store};
use tokio::sync::mpsc::UnboundedSender;
use tokio::sync::watch;
use tokio::task::{self, JoinError, JoinSet};

use super::births;
use super::failures::Failures;
use super::schedule::Capacity;
use super::step::{Done, Step};
use super::{EndReason, Ended, FlowError, StopLevel};
use crate::dataset::{Dataset, RunFacts};
use crate::flow::{Class, row};
use crate::stages::{Cx, Halt};

/// Runs all items of `store` to their end, or until `stop` says otherwise.
///
/// Hardened tasks are appended to `tasks.jsonl` in the run's folder as they come; at the end the
/// file is complete and sorted by id.
///
/// # Errors
/// Failures that no item could escape, the store's above all. What was committed before is safe and
/// the next start goes on from there.
pub async fn run(
    cx: Cx,
    store: Store,
    events: UnboundedSender<Event>,
    mut stop: watch::Receiver<StopLevel>,
) -> Result<Ended, FlowError> {
    let mut crew = Crew::assemble(cx, store, events).await?;
    loop {
        let level = *stop.borrow_and_update();
        if level == StopLevel::Now {
            crew.give_back().await?;
            crew.reason = Some(EndReason::Stopped);
        } else if level == StopLevel::Drain {
            crew.reason.get_or_insert(EndReason::Drained);
        }
        if crew.reason.is_none() {
            crew.claim().await?;
        }
        if crew.tasks.is_empty() {
            break;
        }
        tokio::select! {
            Ok(()) = stop.changed() => {}
            Some(joined) = crew.tasks.join_next_with_id() => crew.settle(joined)?,
        }
        // All that have ended by now are settled before the next claim, which is a commit.
        while let Some(joined) = crew.tasks.try_join_next_with_id() {
            crew.settle(joined)?;
        }
    }
    crew.disband().await
}

/// Everything in flight.
struct Crew {
    step: Arc<Step>,
    tasks: JoinSet<Result<Done, FlowError>>,
    flying: HashMap<task::Id, (Id, Stage)>,
    capacity: Capacity,
    /// Whether the last claim of the class left nothing behind and nothing has changed since.
    dry: [bool; 2],
    open_chains: u64,
    failures: Failures,
    dataset: Dataset,
    reason: Option<EndReason>,
}

impl Crew {
    async fn assemble(
        cx: Cx,
        store: Store,
        events: UnboundedSender<Event>,
    ) -> Result<Self, FlowError> {
        let seeds = store.seal().await?.ok_or(FlowError::NoSeeds)?;
        births::catch_up(&cx, &store, seeds).await?;
        let reader = store.reader()?;
        let facts = RunFacts::of(&cx);
        let (open_chains, dataset) = task::spawn_blocking(move || {
            let tallies = reader.tallies()?;
            let chains = tallies.stages.iter().filter(|row| row.stage != Stage::Decompose);
            let open = chains.map(|row| row.ready + row.leased + row.parked).sum();
            Ok::<_, FlowError>((open, Dataset::open(&reader, &facts)?))
        })
        .await??;
        Ok(Self {
            capacity: Capacity::of(&cx.settings),
            step: Arc::new(Step { cx, store, events, seeds }),
            tasks: JoinSet::new(),
            flying: HashMap::new(),
            dry: [false; 2],
            open_chains,
            failures: Failures::default(),
            dataset,
            reason: None,
        })
    }

    /// Fills the free places of both classes.
    async fn claim(&mut self) -> Result<(), FlowError> {
        for class in [Class::Sandbox, Class::Model] {
            let busy = self.flying.values().filter(|(_, stage)| row(*stage).class == class).count();
            let wanted = self.capacity.claim(class, busy);
            if wanted == 0 || self.dry[class as usize] {
                continue;
            }
            let stages = self.capacity.order(class, self.open_chains);
            let claims = self.step.store.claim(stages, wanted).await?;
            self.dry[class as usize] = claims.len() < wanted;
            for claim in claims {
                self.send_out(claim);
            }
        }
        Ok(())
    }

    fn send_out(&mut self, claim: Claim) {
        let place = (claim.item.clone(), claim.stage);
        let handle = self.tasks.spawn(Arc::clone(&self.step).run(claim));
        self.flying.insert(handle.id(), place);
    }

    fn settle(
        &mut self,
        joined: Result<(task::Id, Result<Done, FlowError>), JoinError>,
    ) -> Result<(), FlowError> {
        let (id, done) = joined?;
        let done = done?;
        let Some((_, stage)) = self.flying.remove(&id) else { return Ok(()) };
        // Whatever left its stage may have made other items ready.
        self.dry = [false; 2];
        match done {
            Done::Kept { spawned, line } => {
                self.failures.went_well(row(stage).class);
                self.open_chains += spawned;
                if let Some(line) = line {
                    self.close_chain(stage);
                    self.dataset.append(&line)?;
                }
            }
            Done::Dropped => {
                self.failures.went_well(row(stage).class);
                self.close_chain(stage);
            }
            Done::Failed(boundary, last) => {
                self.close_chain(stage);
                if let Some(failures) = self.failures.failed(boundary) {
                    self.end(EndReason::KeepsFailing { boundary, failures, last });
                }
            }
            Done::Parked => {}
            Done::Halted(Halt::Budget) => self.end(EndReason::Budget),
            Done::Halted(Halt::Model(error)) => self.end(EndReason::PermanentModelError(error)),
            Done::Halted(Halt::Pack(error)) => return Err(FlowError::Pack(*error)),
        }
        Ok(())
    }

    fn close_chain(&mut self, stage: Stage) {
        if stage != Stage::Decompose {
            self.open_chains = self.open_chains.saturating_sub(1);
        }
    }

    /// Claims nothing more; the first reason is the one that is told.
    fn end(&mut self, reason: EndReason) {
        self.reason.get_or_insert(reason);
    }

    /// Drops all tasks and their leases.
    async fn give_back(&mut self) -> Result<(), FlowError> {
        self.tasks.shutdown().await;
        let items: Vec<Id> = self.flying.drain().map(|(_, (item, _))| item).collect();
        Ok(self.step.store.release(&items).await?)
    }

    async fn disband(self) -> Result<Ended, FlowError> {
        let store = &self.step.store;
        let pending = store.pending().await?;
        let reader = store.reader()?;
        let facts = RunFacts::of(&self.step.cx);
        let dataset = task::spawn_blocking(move || Dataset::open(&reader, &facts)).await??;
        let reason = self.reason.unwrap_or(if pending.is_complete() {
            EndReason::Complete
        } else {
            EndReason::Incomplete
        });
        Ok(Ended { reason, pending, tasks: dataset.tasks() })
    }
}
