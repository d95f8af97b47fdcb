//! Moving items through the stages: what is claimed, in which order, and how a run ends.
//!
//! An item in a stage is one task. There are no barriers: which seeds a blueprint draws on is known
//! from the start (see [`crate::draw`]), so it starts as soon as its own four are decomposed. Memory
//! is bounded by what is in flight.

mod births;
mod ended;
mod error;
mod failures;
mod identity;
mod ingest;
mod ledger;
mod meter;
mod partners;
mod run;
mod schedule;
mod step;

pub use ended::{EndReason, Ended, StopLevel};
pub use error::FlowError;
pub use identity::{blueprint_id, seed_id};
pub use ingest::{Ingested, ingest};
pub use ledger::StoreLedger;
pub use meter::Bill;
pub use run::run;
