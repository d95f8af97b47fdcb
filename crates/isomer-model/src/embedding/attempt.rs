//! One attempt at the embeddings of a few texts.

use crate::clock::Clock;
use crate::conclude::error_object;
use crate::embedding::wire::{self, Body};
use crate::endpoint::Call;
use crate::error::ModelError;
use crate::failure::{Failure, Layer, Outcome, Spent};
use crate::http::{Http, Whole};
use crate::reply::{Finish, Reply, Source, Usage};

/// Sends requests for embeddings. The text of its replies is the answer's body, which was found to
/// hold a vector for every text.
pub(super) struct Attempt {
    pub(super) http: Http,
    pub(super) dimensions: Option<usize>,
}

impl Layer for Attempt {
    async fn call(&self, call: &Call, _attempt: u32) -> Outcome {
        let body = wire::request_body(call, self.dimensions);
        let (response, mut clock) = self.http.open(call, &body, false).await?;
        let whole = Whole::read(call, response, &mut clock).await?;
        self.conclude(call, whole, &clock).map_err(|mut failure| {
            failure.elapsed = clock.elapsed();
            failure
        })
    }
}

impl Attempt {
    fn conclude(&self, call: &Call, whole: Whole, clock: &Clock) -> Outcome {
        let mut body = match Body::parse(&whole.text) {
            Ok(body) => body,
            Err(why) => return Err(whole.unusable(call, why, clock)),
        };
        if let Some(error) = body.error.take() {
            return Err(Failure::new(error_object(call, &error)));
        }
        let usage = body.usage(call);
        let model = body.model.take().unwrap_or_else(|| call.endpoint.model.clone());
        let Spent { cost_usd, .. } = Spent::at(call, usage);
        if let Err(message) = body.vectors(call.request.messages.len(), self.dimensions) {
            let spent = Spent { usage, cost_usd };
            return Err(Failure::billed(ModelError::InvalidJson { message }, spent, None));
        }
        Ok(reply(whole.text, usage, cost_usd, model, clock))
    }
}

fn reply(text: String, usage: Usage, cost_usd: Option<f64>, model: String, clock: &Clock) -> Reply {
    Reply {
        text,
        reasoning: None,
        finish: Finish::Stop,
        usage,
        model,
        cost_usd,
        elapsed_ms: u64::try_from(clock.elapsed().as_millis()).unwrap_or(u64::MAX),
        source: Source::Live,
    }
}
