//! What the calls of one item cost, whoever answered them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use isomer_model::{Model, ModelError, Reply, Request, Source};
use isomer_record::{Event, Stage};
use serde::{Deserialize, Serialize};
use tokio::sync::mpsc::UnboundedSender;

/// What the answers behind a task cost, from its blueprint on. Carried along from stage to stage, so
/// that it survives restarts.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Bill {
    /// Answered calls by stage.
    pub calls: BTreeMap<String, u32>,
    /// Tokens sent.
    pub prompt_tokens: u64,
    /// Tokens received.
    pub completion_tokens: u64,
    /// Cost in US dollars; `None` unless the price of every call is known.
    pub cost_usd: Option<f64>,
    /// Models that answered, as their servers name them.
    pub models: BTreeSet<String>,
    /// Whether any answer came from a recording.
    pub replayed: bool,
}

impl Bill {
    /// Adds a call.
    fn add(&mut self, stage: &str, reply: &Reply) {
        let first = self.calls.is_empty();
        *self.calls.entry(stage.to_owned()).or_default() += 1;
        self.prompt_tokens += reply.usage.prompt_tokens;
        self.completion_tokens += reply.usage.completion_tokens;
        let before = if first { Some(0.0) } else { self.cost_usd };
        self.cost_usd = before.zip(reply.cost_usd).map(|(before, cost)| before + cost);
        self.models.insert(reply.model.clone());
        self.replayed |= reply.source == Source::Recording;
    }
}

/// A model that keeps the bill of one item and reports every answer.
pub(super) struct Meter {
    inner: Arc<dyn Model>,
    stage: Stage,
    events: UnboundedSender<Event>,
    bill: Mutex<Bill>,
}

impl Meter {
    /// Goes on with the bill of the stages before.
    pub(super) fn new(
        inner: Arc<dyn Model>,
        stage: Stage,
        events: UnboundedSender<Event>,
        bill: Bill,
    ) -> Self {
        Self { inner, stage, events, bill: Mutex::new(bill) }
    }

    pub(super) fn bill(&self) -> Bill {
        self.bill.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn note(&self, reply: &Reply) {
        let mut bill = self.bill.lock().unwrap_or_else(PoisonError::into_inner);
        bill.add(self.stage.as_str(), reply);
        // A watcher that has gone away must not stop the run.
        let _ = self.events.send(Event::Called {
            stage: self.stage,
            prompt_tokens: reply.usage.prompt_tokens,
            completion_tokens: reply.usage.completion_tokens,
            cost_usd: reply.cost_usd,
            replayed: reply.source != Source::Live,
        });
    }
}

#[async_trait]
impl Model for Meter {
    async fn ask(&self, request: Request) -> Result<Reply, ModelError> {
        let answer = self.inner.ask(request).await;
        if let Some(reply) = answer.as_ref().map_or_else(ModelError::partial, Some) {
            self.note(reply);
        }
        answer
    }
}
