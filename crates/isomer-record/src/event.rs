//! What happens in a run, for whoever watches: terminal, log or a later viewer.

use serde::{Deserialize, Serialize};

use crate::{Boundary, DropReason, Id, Stage};

/// The closed set of things a watcher may see. Events carry no state that is not also in the store.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "event")]
pub enum Event {
    /// Seeds were read into the run.
    SeedsRead {
        /// Usable seeds.
        seeds: u64,
        /// Rows that were not usable.
        skipped: u64,
    },
    /// An item entered a stage.
    Started {
        /// The stage.
        stage: Stage,
        /// The item.
        item: Id,
    },
    /// An item left a stage with its product.
    Kept {
        /// The stage.
        stage: Stage,
        /// The item.
        item: Id,
    },
    /// An item was rejected.
    Dropped {
        /// The stage.
        stage: Stage,
        /// The item.
        item: Id,
        /// Why.
        reason: DropReason,
    },
    /// An item could not be judged and will be tried again on the next start.
    Failed {
        /// The stage.
        stage: Stage,
        /// The item.
        item: Id,
        /// Whose failure it is.
        boundary: Boundary,
        /// The error in words.
        error: String,
    },
    /// A model call was answered.
    Called {
        /// The stage that asked.
        stage: Stage,
        /// Tokens sent.
        prompt_tokens: u64,
        /// Tokens received.
        completion_tokens: u64,
        /// Cost in US dollars, where the price is known.
        cost_usd: Option<f64>,
        /// Whether the answer came from a recording or from this run's own ledger.
        replayed: bool,
    },
    /// Something a user should know that stops nothing.
    Warning {
        /// The message.
        message: String,
    },
}

/// How many items left a stage, and how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// Left with a product.
    pub kept: u64,
    /// Rejected.
    pub dropped: u64,
    /// Could not be judged.
    pub failed: u64,
}
