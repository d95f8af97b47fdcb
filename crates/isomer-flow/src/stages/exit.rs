//! How an item leaves a stage without a product.

use isomer_model::ModelError;
use isomer_record::{Boundary, DropReason};
use isomer_sandbox::SandboxError;
use serde_json::Value;
use thiserror::Error;

use crate::pack::PackError;

/// Why a stage gave no product. A bad item is data, not a crash.
#[derive(Debug)]
pub enum Exit {
    /// The item is rejected.
    Dropped {
        /// Why, from a closed list.
        reason: DropReason,
        /// What exactly was seen.
        detail: String,
        /// What a person would want to look at.
        evidence: Option<Box<Value>>,
    },
    /// Something of ours or of the endpoint's failed; the item proves nothing.
    Failed {
        /// Whose failure it is.
        boundary: Boundary,
        /// The error in words.
        error: String,
    },
    /// No item can go on; this one is given back unchanged.
    Halt(Halt),
}

/// Why the whole run must stop.
#[derive(Debug, Error)]
pub enum Halt {
    /// The budget is spent.
    #[error("the budget is spent")]
    Budget,
    /// The endpoint refuses every request: wrong key, wrong model, wrong address.
    #[error(transparent)]
    Model(Box<ModelError>),
    /// A prompt of the pack cannot be rendered.
    #[error(transparent)]
    Pack(Box<PackError>),
}

impl Exit {
    pub(crate) fn dropped(reason: DropReason, detail: impl Into<String>) -> Self {
        Self::Dropped { reason, detail: detail.into(), evidence: None }
    }

    pub(crate) fn with_evidence(self, value: Value) -> Self {
        match self {
            Self::Dropped { reason, detail, .. } => {
                Self::Dropped { reason, detail, evidence: Some(Box::new(value)) }
            }
            other => other,
        }
    }
}

impl From<ModelError> for Exit {
    fn from(error: ModelError) -> Self {
        match error {
            ModelError::BudgetReached { .. } => Self::Halt(Halt::Budget),
            ModelError::MissingRecording { .. } => {
                Self::Failed { boundary: Boundary::Recording, error: error.to_string() }
            }
            error if error.is_permanent() => Self::Halt(Halt::Model(Box::new(error))),
            error => Self::Failed { boundary: Boundary::Model, error: error.to_string() },
        }
    }
}

impl From<PackError> for Exit {
    fn from(error: PackError) -> Self {
        Self::Halt(Halt::Pack(Box::new(error)))
    }
}

impl From<SandboxError> for Exit {
    fn from(error: SandboxError) -> Self {
        Self::Failed { boundary: Boundary::Sandbox, error: error.to_string() }
    }
}
