//! The run's store as the ledger of paid calls.

use std::error::Error;
use std::iter::successors;

use async_trait::async_trait;
use isomer_model::{Ledger, LedgerEntry, LedgerError, Reply};
use isomer_store::{CallRow, Store};

/// Keeps every paid call in the run's own store.
#[derive(Clone, Debug)]
pub struct StoreLedger {
    store: Store,
}

impl StoreLedger {
    /// A ledger in `store`.
    pub const fn new(store: Store) -> Self {
        Self { store }
    }
}

#[async_trait]
impl Ledger for StoreLedger {
    async fn find(&self, key: &str) -> Result<Option<Reply>, LedgerError> {
        let Some(reply) =
            self.store.find_call(key).await.map_err(failed)?.and_then(|row| row.reply)
        else {
            return Ok(None);
        };
        serde_json::from_value(reply)
            .map(Some)
            .map_err(|error| LedgerError(format!("a stored reply cannot be read: {error}")))
    }

    async fn record(&self, entry: LedgerEntry) -> Result<(), LedgerError> {
        let row = CallRow {
            key: entry.key,
            item: entry.purpose.item,
            stage: entry.purpose.stage,
            role: entry.role,
            model: entry.model,
            attempt: entry.attempt,
            status: entry.status,
            request: entry.request,
            reply: entry.reply,
            prompt_tokens: entry.usage.prompt_tokens,
            completion_tokens: entry.usage.completion_tokens,
            cached_tokens: entry.usage.cached_tokens,
            cost_usd: entry.cost_usd,
            elapsed_ms: entry.elapsed_ms,
        };
        self.store.record_call(row).await.map_err(failed)
    }
}

/// The error with all its causes: the model's client knows no store and passes on words alone.
fn failed(error: impl Error) -> LedgerError {
    let causes = successors(error.source(), |cause| (*cause).source());
    let words = causes.fold(error.to_string(), |words, cause| format!("{words}: {cause}"));
    LedgerError(words)
}
