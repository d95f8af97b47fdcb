//! What the layers pass to each other: a failed attempt with what it cost.

use std::time::Duration;

use serde_json::Value;

use crate::endpoint::Call;
use crate::error::ModelError;
use crate::reply::{Reply, Usage};

/// A layer's answer. The failure is boxed because the common case is a reply.
pub(crate) type Outcome = Result<Reply, Box<Failure>>;

/// One behaviour of the client around the next one.
pub(crate) trait Layer: Send + Sync {
    /// Makes attempt number `attempt` (from 1) at a call.
    fn call(&self, call: &Call, attempt: u32) -> impl Future<Output = Outcome> + Send;
}

/// What a failed attempt is thought to have cost.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Spent {
    pub(crate) usage: Usage,
    pub(crate) cost_usd: Option<f64>,
}

/// An attempt that gave no usable reply.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) error: ModelError,
    /// The wait the server asked for.
    pub(crate) retry_after: Option<Duration>,
    /// `None` when nothing was billed.
    pub(crate) spent: Option<Spent>,
    /// What did come, kept for inspection.
    pub(crate) evidence: Option<Value>,
    pub(crate) elapsed: Duration,
}

impl Failure {
    pub(crate) fn new(error: ModelError) -> Box<Self> {
        Box::new(Self {
            error,
            retry_after: None,
            spent: None,
            evidence: None,
            elapsed: Duration::ZERO,
        })
    }

    pub(crate) fn billed(error: ModelError, spent: Spent, evidence: Option<Value>) -> Box<Self> {
        Box::new(Self { spent: Some(spent), evidence, ..*Self::new(error) })
    }
}

impl Spent {
    /// Prices `usage` at the call's endpoint.
    pub(crate) fn at(call: &Call, usage: Usage) -> Self {
        Self { usage, cost_usd: call.endpoint.price.map(|price| price.cost(&usage)) }
    }

    pub(crate) fn of(outcome: &Outcome) -> Option<Self> {
        match outcome {
            Ok(reply) => Some(Self { usage: reply.usage, cost_usd: reply.cost_usd }),
            Err(failure) => failure.spent,
        }
    }
}
