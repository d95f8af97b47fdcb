//! Every paid call is written down before its reply is used, and none is paid twice.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::endpoint::Call;
use crate::error::ModelError;
use crate::failure::{Failure, Layer, Outcome, Spent};
use crate::message::Purpose;
use crate::reply::{Reply, Source, Usage};
use crate::stats::Counters;

/// Status of a call whose reply was usable.
pub const STATUS_OK: &str = "ok";

/// Why a ledger failed, in words.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct LedgerError(pub String);

/// Where paid calls are kept.
#[async_trait]
pub trait Ledger: Send + Sync {
    /// The reply of an entry with this key and status `"ok"`: its `reply` read back as a
    /// [`Reply`].
    async fn find(&self, key: &str) -> Result<Option<Reply>, LedgerError>;

    /// Keeps an entry; returns when it is durable.
    async fn record(&self, entry: LedgerEntry) -> Result<(), LedgerError>;
}

/// A ledger that keeps nothing, for calls outside of a run.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoLedger;

#[async_trait]
impl Ledger for NoLedger {
    async fn find(&self, _key: &str) -> Result<Option<Reply>, LedgerError> {
        Ok(None)
    }

    async fn record(&self, _entry: LedgerEntry) -> Result<(), LedgerError> {
        Ok(())
    }
}

/// One paid call.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LedgerEntry {
    /// Digest of base URL, model and [`crate::Request::key`].
    pub key: String,
    /// What the call was for.
    pub purpose: Purpose,
    /// Who was asked.
    pub role: String,
    /// The model asked for.
    pub model: String,
    /// Number of the attempt, from 1.
    pub attempt: u32,
    /// [`STATUS_OK`] or [`ModelError::kind`]; only replies of the first are served again.
    pub status: String,
    /// The [`crate::Request`].
    pub request: Value,
    /// The [`Reply`]; for a failed call what came instead, if anything.
    pub reply: Option<Value>,
    /// Tokens used, estimated where the server gave no numbers.
    pub usage: Usage,
    /// Price in US dollars, if known.
    pub cost_usd: Option<f64>,
    /// Time the attempt took, in milliseconds.
    pub elapsed_ms: u64,
}

/// Serves what was paid for in an earlier start of the run.
pub(crate) struct Remembered<L> {
    pub(crate) inner: L,
    pub(crate) ledger: Arc<dyn Ledger>,
    pub(crate) counters: Arc<Counters>,
}

impl<L: Layer> Layer for Remembered<L> {
    async fn call(&self, call: &Call, attempt: u32) -> Outcome {
        match self.ledger.find(&call.key).await.map_err(failed)? {
            Some(reply) => {
                self.counters.ledger_hits.fetch_add(1, Ordering::Relaxed);
                Ok(Reply { source: Source::Ledger, ..reply })
            }
            None => self.inner.call(call, attempt).await,
        }
    }
}

/// Writes down every attempt that was, or may have been, paid for.
pub(crate) struct Journaled<L> {
    pub(crate) inner: L,
    pub(crate) ledger: Arc<dyn Ledger>,
    pub(crate) counters: Arc<Counters>,
}

impl<L: Layer> Layer for Journaled<L> {
    async fn call(&self, call: &Call, attempt: u32) -> Outcome {
        let outcome = self.inner.call(call, attempt).await;
        let Some(spent) = Spent::of(&outcome) else { return outcome };
        self.counters.spent(&spent);
        let entry = entry(call, attempt, &outcome, spent);
        let ledger = Arc::clone(&self.ledger);
        // A task of its own: who asked may lose interest now, but the reply is paid for.
        let recorded = tokio::spawn(async move { ledger.record(entry).await });
        match recorded.await {
            Ok(Ok(())) => outcome,
            Ok(Err(error)) => Err(failed(error)),
            Err(error) => Err(failed(LedgerError(error.to_string()))),
        }
    }
}

fn failed(error: LedgerError) -> Box<Failure> {
    Failure::new(ModelError::Ledger { message: error.0 })
}

fn entry(call: &Call, attempt: u32, outcome: &Outcome, spent: Spent) -> LedgerEntry {
    let (status, reply, elapsed_ms) = match outcome {
        Ok(reply) => (STATUS_OK, Some(json!(reply)), reply.elapsed_ms),
        Err(failure) => {
            let elapsed = u64::try_from(failure.elapsed.as_millis()).unwrap_or(u64::MAX);
            (failure.error.kind(), failure.evidence.clone(), elapsed)
        }
    };
    LedgerEntry {
        key: call.key.clone(),
        purpose: call.request.purpose.clone(),
        role: call.request.role.clone(),
        model: call.endpoint.model.clone(),
        attempt,
        status: status.to_owned(),
        request: json!(call.request),
        reply,
        usage: spent.usage,
        cost_usd: spent.cost_usd,
        elapsed_ms,
    }
}
