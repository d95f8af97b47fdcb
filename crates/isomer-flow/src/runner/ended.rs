//! How a run is asked to stop, and how it ended.

use isomer_model::ModelError;
use isomer_record::Boundary;
use isomer_store::Pending;

/// What whoever watches wants of a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum StopLevel {
    /// Go on.
    #[default]
    Run,
    /// Finish what is in flight and claim nothing more.
    Drain,
    /// Give everything back at once. What was paid for is in the ledger.
    Now,
}

/// How one start of a run ended.
#[derive(Debug)]
pub struct Ended {
    /// Why it ended.
    pub reason: EndReason,
    /// What is left to do for the next start.
    pub pending: Pending,
    /// Hardened tasks in `tasks.jsonl`.
    pub tasks: u64,
}

/// Why a start of a run ended.
#[derive(Debug)]
pub enum EndReason {
    /// Every item has ended.
    Complete,
    /// Nothing more can be done now: items failed, or wait for one that did.
    Incomplete,
    /// It was asked to drain.
    Drained,
    /// It was asked to stop at once.
    Stopped,
    /// The budget is spent.
    Budget,
    /// The endpoint refuses every request.
    PermanentModelError(Box<ModelError>),
    /// Item after item failed at the same boundary.
    KeepsFailing {
        /// Whose failure it is.
        boundary: Boundary,
        /// Failures in a row.
        failures: u32,
        /// The last one in words.
        last: String,
    },
}
