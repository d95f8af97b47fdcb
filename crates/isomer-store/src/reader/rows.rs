//! The rows a viewer sees.

use isomer_record::{Boundary, DropReason, Id, Stage};
use serde_json::Value;

use crate::{CallRow, StoreError};

/// Where an item is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ItemState {
    /// Waiting to be claimed.
    Ready,
    /// Being worked on, or was when its process died.
    Leased,
    /// Waiting for another item.
    Parked,
    /// Failed; tried again at the next start.
    Failed,
    /// Ended with a product.
    Kept,
    /// Rejected.
    Dropped,
}

impl ItemState {
    /// All states.
    pub const ALL: [Self; 6] =
        [Self::Ready, Self::Leased, Self::Parked, Self::Failed, Self::Kept, Self::Dropped];

    /// The name used in the store and on screen.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ready => "ready",
            Self::Leased => "leased",
            Self::Parked => "parked",
            Self::Failed => "failed",
            Self::Kept => "kept",
            Self::Dropped => "dropped",
        }
    }

    /// Reads a name back.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == name)
    }
}

/// Which items [`crate::Reader::items`] lists; what is `None` does not matter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ItemFilter {
    /// At this stage.
    pub stage: Option<Stage>,
    /// In this state.
    pub state: Option<ItemState>,
    /// Dropped for this reason.
    pub reason: Option<DropReason>,
}

/// An item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ItemRow {
    /// Its identity.
    pub id: Id,
    /// The stage it was born at.
    pub first: Stage,
    /// The stage it is at, or ended at.
    pub stage: Stage,
    /// Where it is.
    pub state: ItemState,
    /// Position of the seed it belongs to.
    pub position: u64,
    /// Which of that seed's samples it is.
    pub sample: u32,
    /// Failed tries at this stage.
    pub attempts: u32,
    /// The user's id, if the item is a seed.
    pub seed_id: Option<String>,
    /// What it waits for, while parked.
    pub waits_for: Option<Id>,
    /// Why it was dropped.
    pub reason: Option<DropReason>,
}

/// One try of an item at a stage.
#[derive(Clone, Debug, PartialEq)]
pub struct OutcomeRow {
    /// The stage.
    pub stage: Stage,
    /// Failed tries before this one.
    pub attempt: u32,
    /// How it ended.
    pub ending: Ending,
    /// Time spent in the stage, in ms.
    pub elapsed_ms: u64,
    /// When, in ms since 1970.
    pub at_ms: u64,
}

/// How an item left a stage.
#[derive(Clone, Debug, PartialEq)]
pub enum Ending {
    /// With a product.
    Kept {
        /// The product.
        output: Value,
    },
    /// Rejected.
    Dropped {
        /// Why.
        reason: DropReason,
        /// What exactly was seen.
        detail: String,
        /// What a person would want to look at.
        evidence: Option<Value>,
    },
    /// Could not be judged.
    Failed {
        /// Whose failure it was.
        boundary: Boundary,
        /// The error in words.
        error: String,
    },
}

/// A call in the ledger and when it was recorded.
#[derive(Clone, Debug, PartialEq)]
pub struct CallRecord {
    /// The call.
    pub call: CallRow,
    /// When, in ms since 1970.
    pub at_ms: u64,
}

pub(super) fn stage(name: &str) -> Result<Stage, StoreError> {
    Stage::from_name(name).ok_or_else(|| unknown("a stage", name))
}

pub(super) fn state(name: &str) -> Result<ItemState, StoreError> {
    ItemState::from_name(name).ok_or_else(|| unknown("a state", name))
}

pub(super) fn reason(name: &str) -> Result<DropReason, StoreError> {
    let found = DropReason::ALL.iter().copied().find(|reason| reason.as_str() == name);
    found.ok_or_else(|| unknown("a reason", name))
}

pub(super) fn boundary(name: &str) -> Result<Boundary, StoreError> {
    serde_json::from_value(Value::String(name.to_owned())).map_err(StoreError::record("a boundary"))
}

fn unknown(what: &'static str, name: &str) -> StoreError {
    StoreError::Damaged { what, why: format!("`{name}` is not known") }
}
