//! Replayed answers in the run's books, so that its figures can be looked at like any other's.

use std::sync::Arc;

use async_trait::async_trait;
use isomer_model::{Ledger, LedgerEntry, Model, ModelError, Reply, Request, STATUS_OK, Source};

/// Answers from a recording and writes each answer into the ledger with its recorded figures.
pub(super) struct Replayed {
    inner: Arc<dyn Model>,
    ledger: Arc<dyn Ledger>,
}

impl Replayed {
    /// Wraps a recording.
    pub(super) fn new(inner: Arc<dyn Model>, ledger: Arc<dyn Ledger>) -> Self {
        Self { inner, ledger }
    }

    async fn note(&self, request: &Request, reply: &Reply, status: &str) -> Result<(), ModelError> {
        let key = format!("recording:{}", request.key());
        let failed = |message: String| ModelError::Ledger { message };
        // A resumed run asks again what it has asked before.
        if self.ledger.find(&key).await.map_err(|error| failed(error.to_string()))?.is_some() {
            return Ok(());
        }
        let entry = LedgerEntry {
            key,
            purpose: request.purpose.clone(),
            role: request.role.clone(),
            model: reply.model.clone(),
            attempt: 1,
            status: status.to_owned(),
            request: serde_json::to_value(request).map_err(|error| failed(error.to_string()))?,
            reply: Some(serde_json::to_value(reply).map_err(|error| failed(error.to_string()))?),
            usage: reply.usage,
            cost_usd: reply.cost_usd,
            elapsed_ms: reply.elapsed_ms,
        };
        self.ledger.record(entry).await.map_err(|error| failed(error.to_string()))
    }
}

#[async_trait]
impl Model for Replayed {
    async fn ask(&self, request: Request) -> Result<Reply, ModelError> {
        let answer = self.inner.ask(request.clone()).await;
        match &answer {
            Ok(reply) if reply.source == Source::Recording => {
                self.note(&request, reply, STATUS_OK).await?;
            }
            Err(error) => {
                if let Some(partial) = error.partial() {
                    self.note(&request, partial, error.kind()).await?;
                }
            }
            Ok(_) => {}
        }
        answer
    }
}
