//! One item through one stage, and the outcome into the store.

use std::sync::Arc;
use std::time::Instant;

use isomer_record::{Boundary, DropReason, Event, Id, Seed, Stage};
use isomer_store::{Claim, Finish, Finished, Store};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use tokio::sync::mpsc::UnboundedSender;

use super::FlowError;
use super::births;
use super::meter::{Bill, Meter};
use super::partners::{Family, family};
use crate::dataset;
use crate::stages::{Cx, Exit, Halt, Item, decompose, design, harden, recombine, solve, verify};

/// Key under which the bill travels beside the product of a stage.
pub(crate) const BILL: &str = "bill";

/// What every step needs.
pub(super) struct Step {
    pub(super) cx: Cx,
    pub(super) store: Store,
    pub(super) events: UnboundedSender<Event>,
    /// Number of seeds in the run.
    pub(super) seeds: u64,
}

/// How a step ended.
pub(super) enum Done {
    /// The stage has its product.
    Kept {
        /// Blueprints born of it.
        spawned: u64,
        /// The finished task as a line of the dataset.
        line: Option<String>,
    },
    /// The item is rejected.
    Dropped,
    /// The item could not be judged.
    Failed(Boundary, String),
    /// The item waits for another one.
    Parked,
    /// The item was given back because nothing can go on.
    Halted(Halt),
}

enum Interrupt {
    Exit(Exit),
    Parked(Id),
    Fatal(FlowError),
}

impl From<Exit> for Interrupt {
    fn from(exit: Exit) -> Self {
        Self::Exit(exit)
    }
}

impl From<FlowError> for Interrupt {
    fn from(error: FlowError) -> Self {
        Self::Fatal(error)
    }
}

impl Step {
    /// Runs the claimed stage and commits what came of it.
    pub(super) async fn run(self: Arc<Self>, claim: Claim) -> Result<Done, FlowError> {
        let started = Instant::now();
        self.tell(Event::Started { stage: claim.stage, item: claim.item.clone() });
        let result = match self.product(&claim).await {
            Ok(output) => Finished::Kept { output, next: next(claim.stage) },
            Err(Interrupt::Exit(Exit::Dropped { reason, detail, evidence })) => {
                Finished::Dropped { reason, detail, evidence: evidence.map(|value| *value) }
            }
            Err(Interrupt::Exit(Exit::Failed { boundary, error })) => {
                Finished::Failed { boundary, error }
            }
            Err(Interrupt::Exit(Exit::Halt(halt))) => {
                self.store.release(std::slice::from_ref(&claim.item)).await?;
                return Ok(Done::Halted(halt));
            }
            Err(Interrupt::Parked(on)) => {
                self.store.park(&claim.item, &on).await?;
                return Ok(Done::Parked);
            }
            Err(Interrupt::Fatal(error)) => return Err(error),
        };
        let elapsed_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.commit(claim, result, elapsed_ms).await
    }

    async fn commit(
        &self,
        claim: Claim,
        result: Finished,
        elapsed_ms: u64,
    ) -> Result<Done, FlowError> {
        let (stage, item) = (claim.stage, claim.item.clone());
        let kept = matches!(result, Finished::Kept { .. });
        let spawn = if kept && stage == Stage::Decompose {
            births::blueprints(&self.cx, &claim.item, claim.position, self.seeds)
        } else {
            vec![]
        };
        let (done, event) = match &result {
            Finished::Kept { output, .. } => {
                let spawned = spawn.len() as u64;
                let line = self.line(&claim, output).await?;
                (Done::Kept { spawned, line }, Event::Kept { stage, item })
            }
            Finished::Dropped { reason, .. } => {
                (Done::Dropped, Event::Dropped { stage, item, reason: *reason })
            }
            Finished::Failed { boundary, error } => {
                let (boundary, error) = (*boundary, error.clone());
                (
                    Done::Failed(boundary, error.clone()),
                    Event::Failed { stage, item, boundary, error },
                )
            }
        };
        self.store.finish(Finish { item: claim.item, stage, result, spawn, elapsed_ms }).await?;
        self.tell(event);
        Ok(done)
    }

    /// The product as it is stored: the record itself, with the bill so far beside its fields.
    async fn product(&self, claim: &Claim) -> Result<Value, Interrupt> {
        let bill: Bill = match claim.input.get(BILL) {
            Some(bill) => {
                serde_json::from_value(bill.clone()).map_err(FlowError::record("a bill"))?
            }
            None => Bill::default(),
        };
        let meter = Arc::new(Meter::new(
            Arc::clone(&self.cx.model),
            claim.stage,
            self.events.clone(),
            bill,
        ));
        let cx = Cx { model: Arc::clone(&meter) as _, ..self.cx.clone() };
        let mut output = self.stage(&cx, claim).await?;
        // An element set is a map of the user's own names and has no room for a bill; what seeds
        // cost is shared by all blueprints that draw on them.
        if claim.stage != Stage::Decompose
            && let Some(fields) = output.as_object_mut()
        {
            fields.insert(BILL.to_owned(), written("a bill", &meter.bill())?);
        }
        Ok(output)
    }

    async fn stage(&self, cx: &Cx, claim: &Claim) -> Result<Value, Interrupt> {
        let item = Item { id: claim.item.clone(), sample: claim.sample, stage: claim.stage };
        let output = match claim.stage {
            Stage::Decompose => {
                let seed: Seed = input("a seed", claim)?;
                written("elements", &decompose::run(cx, &item, seed).await?)
            }
            Stage::Recombine => {
                let parents = self.parents(claim).await?;
                written("a blueprint", &recombine::run(cx, &item, parents).await?)
            }
            Stage::Design => {
                let blueprint = input("a blueprint", claim)?;
                written("a design", &design::run(cx, &item, blueprint).await?)
            }
            Stage::Solve => {
                let design = input("a design", claim)?;
                written("a candidate", &solve::run(cx, &item, design).await?)
            }
            Stage::Verify => {
                let candidate = input("a candidate", claim)?;
                written("a verified task", &verify::run(cx, &item, candidate).await?)
            }
            Stage::Harden => {
                let verified = input("a verified task", claim)?;
                written("a hardened task", &harden::run(cx, &item, verified).await?)
            }
        };
        Ok(output?)
    }

    async fn parents(&self, claim: &Claim) -> Result<recombine::Parents, Interrupt> {
        match family(&self.store, claim.position, claim.sample, self.seeds).await? {
            Family::Complete(parents) => Ok(parents),
            Family::WaitsFor(seed) => Err(Interrupt::Parked(seed)),
            Family::NoOwn => Err(Exit::dropped(
                DropReason::SeedWithoutElements,
                "the seed that should give the core elements was dropped",
            )
            .into()),
            Family::TooFew(others) => Err(Exit::dropped(
                DropReason::TooFewReferences,
                format!("{others} other seeds have element sets, 3 are needed"),
            )
            .into()),
        }
    }

    async fn line(&self, claim: &Claim, output: &Value) -> Result<Option<String>, FlowError> {
        if claim.stage != Stage::Harden {
            return Ok(None);
        }
        let blueprint = self.store.output(&claim.item, Stage::Recombine).await?;
        let blueprint = blueprint.unwrap_or_default();
        dataset::RunFacts::of(&self.cx)
            .line(&claim.item, claim.sample, blueprint, output.clone())
            .map(Some)
    }

    fn tell(&self, event: Event) {
        // A watcher that has gone away must not stop the run.
        let _ = self.events.send(event);
    }
}

const fn next(stage: Stage) -> Option<Stage> {
    match stage {
        // A seed ends with its element set; its blueprints are items of their own.
        Stage::Decompose | Stage::Harden => None,
        Stage::Recombine => Some(Stage::Design),
        Stage::Design => Some(Stage::Solve),
        Stage::Solve => Some(Stage::Verify),
        Stage::Verify => Some(Stage::Harden),
    }
}

fn input<T: DeserializeOwned>(what: &'static str, claim: &Claim) -> Result<T, FlowError> {
    T::deserialize(&claim.input).map_err(FlowError::record(what))
}

fn written<T: Serialize>(what: &'static str, record: &T) -> Result<Value, FlowError> {
    serde_json::to_value(record).map_err(FlowError::record(what))
}
