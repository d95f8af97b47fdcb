//! The client for embeddings: batches through the layers that questions go through.

use std::sync::Arc;

use futures::{StreamExt, TryStreamExt, stream};

use crate::budget::{Budget, Budgeted};
use crate::embedding::attempt::Attempt;
use crate::embedding::wire::Body;
use crate::endpoint::{Call, Endpoint, normalise, shown};
use crate::error::ModelError;
use crate::failure::Layer;
use crate::http::Http;
use crate::lane::Lane;
use crate::limit::Limited;
use crate::message::{Message, Purpose, Request, Sampling};
use crate::reply::Usage;
use crate::retry::Retried;
use crate::settings::ClientSettings;

/// Most texts of one request; servers allow between 32 (some local ones) and 2048.
const MOST_TEXTS: usize = 32;

/// Most bytes of one request's texts, because servers also limit its tokens.
const MOST_BYTES: usize = 128 << 10;

/// Asks an endpoint's `/v1/embeddings`, with retries, limits, pauses and budget as for questions.
///
/// Nothing is kept here: whoever asks keeps the vectors, since asking again costs again.
pub struct EmbeddingClient {
    layers: Retried<Budgeted<Limited<Attempt>>>,
    endpoint: Arc<Endpoint>,
    dimensions: Option<usize>,
    jobs: usize,
}

/// Vectors with what they cost.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Embeddings {
    /// One vector of length 1 per text, in the order of the texts.
    pub vectors: Vec<Vec<f32>>,
    /// Tokens that were billed; all are of the question.
    pub usage: Usage,
    /// Price in US dollars; `None` when no price is known.
    pub cost_usd: Option<f64>,
}

impl EmbeddingClient {
    /// Makes the client for the settings' default endpoint. No call is made yet. A `dimensions` is
    /// asked of the server, for models that can shorten their vectors.
    ///
    /// # Errors
    /// [`ModelError::InvalidSettings`], as for [`crate::connect`].
    pub fn connect(
        settings: &ClientSettings,
        dimensions: Option<usize>,
    ) -> Result<Self, ModelError> {
        settings.check()?;
        let own = &settings.default_endpoint;
        let lane = Arc::new(Lane::new(shown(&normalise(&own.base_url)?), settings));
        let endpoint = Arc::new(Endpoint::new(own, lane)?.for_embeddings());
        let layers = Retried {
            settings: settings.retry,
            counters: Arc::default(),
            inner: Budgeted {
                budget: Arc::new(Budget::new(&settings.budget)),
                assumed_answer_tokens: 0,
                inner: Limited { inner: Attempt { http: Http::new(settings)?, dimensions } },
            },
        };
        Ok(Self { layers, endpoint, dimensions, jobs: settings.jobs })
    }

    /// Embeds all texts, several requests at a time. Servers refuse empty texts, so a text without
    /// any is sent as one space.
    ///
    /// # Errors
    /// The first failure that remains after the attempts. What other requests brought is lost, so
    /// long lists are better asked in parts that are kept.
    pub async fn embed(&self, texts: &[&str]) -> Result<Embeddings, ModelError> {
        let calls = batches(texts).into_iter().map(|batch| self.batch(batch));
        let parts: Vec<Embeddings> = stream::iter(calls).buffered(self.jobs).try_collect().await?;
        let mut all = Embeddings { cost_usd: Some(0.0), ..Embeddings::default() };
        for part in parts {
            if let (Some(first), Some(vector)) = (all.vectors.first(), part.vectors.first())
                && first.len() != vector.len()
            {
                let message = format!("vectors of {} and {} numbers", first.len(), vector.len());
                return Err(ModelError::InvalidJson { message });
            }
            all.vectors.extend(part.vectors);
            all.usage.prompt_tokens += part.usage.prompt_tokens;
            all.usage.estimated |= part.usage.estimated;
            all.cost_usd = all.cost_usd.zip(part.cost_usd).map(|(one, other)| one + other);
        }
        Ok(all)
    }

    async fn batch(&self, texts: &[&str]) -> Result<Embeddings, ModelError> {
        let text = |text: &&str| Message::user(if text.trim().is_empty() { " " } else { *text });
        let request = Request {
            role: "embedder".into(),
            messages: texts.iter().map(text).collect(),
            sampling: Sampling::default(),
            sample: 0,
            purpose: Purpose { stage: "embed".into(), item: String::new() },
        };
        let key = request.cache_key(&self.endpoint.base_url, &self.endpoint.model);
        let call = Call { request, endpoint: Arc::clone(&self.endpoint), key };
        let reply = self.layers.call(&call, 1).await.map_err(|failure| failure.error)?;
        let vectors = Body::parse(&reply.text)
            .and_then(|body| body.vectors(texts.len(), self.dimensions))
            .map_err(|message| ModelError::InvalidJson { message })?;
        Ok(Embeddings { vectors, usage: reply.usage, cost_usd: reply.cost_usd })
    }
}

/// Puts neighbouring texts together, within the limits of one request.
fn batches<'a, 'b>(texts: &'a [&'b str]) -> Vec<&'a [&'b str]> {
    let mut batches = Vec::new();
    let (mut start, mut bytes) = (0, 0);
    for (place, text) in texts.iter().enumerate() {
        let full = place - start == MOST_TEXTS || bytes + text.len() > MOST_BYTES;
        if full && place > start {
            batches.push(&texts[start..place]);
            (start, bytes) = (place, 0);
        }
        bytes += text.len();
    }
    if start < texts.len() {
        batches.push(&texts[start..]);
    }
    batches
}
