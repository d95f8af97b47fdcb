//! What the client is told: plain values, read from nowhere but here.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::{Map, Value};

use crate::error::ModelError;
use crate::price::Price;
use crate::secret::Secret;

/// Name of the field that carries the limit of answer tokens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TokenLimitField {
    /// `max_tokens`: nearly every server.
    #[default]
    MaxTokens,
    /// `max_completion_tokens`: OpenAI's newer models.
    MaxCompletionTokens,
}

/// One endpoint and the model to ask there.
#[derive(Clone, Debug, PartialEq)]
pub struct EndpointSettings {
    /// Base URL, with or without a trailing slash; `/v1` is added when it has no path.
    pub base_url: String,
    /// The model's name.
    pub model: String,
    /// The API key; local servers need none.
    pub api_key: Option<Secret>,
    /// Prices; `None` looks the model up in this crate's list.
    pub price: Option<Price>,
    /// Fields added to every request's body (`thinking`, `top_k`, `provider`, …); they win over
    /// the client's own.
    pub extra_body: Map<String, Value>,
    /// Name of the field that limits the answer's tokens.
    pub token_limit_field: TokenLimitField,
    /// Whether to ask a streaming server for its usage (`stream_options`); a few old servers
    /// reject the field, and the usage is then estimated.
    pub stream_usage: bool,
}

impl EndpointSettings {
    /// An endpoint without a key, with the usual habits.
    pub fn new(base_url: impl Into<String>, model: impl Into<String>) -> Self {
        Self {
            base_url: base_url.into(),
            model: model.into(),
            api_key: None,
            price: None,
            extra_body: Map::new(),
            token_limit_field: TokenLimitField::default(),
            stream_usage: true,
        }
    }
}

/// Limits of time for one attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeouts {
    /// Opening the connection.
    pub connect: Duration,
    /// From sending to the first piece of a streamed answer.
    pub first_token: Duration,
    /// Between two signs of life of a streamed answer; keep-alive comments count.
    pub idle: Duration,
    /// The whole attempt, streamed or not.
    pub total: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(20),
            first_token: Duration::from_secs(300),
            idle: Duration::from_secs(60),
            total: Duration::from_secs(900),
        }
    }
}

/// How failed attempts are repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RetrySettings {
    /// Attempts of one call altogether, at least 1. Attempts that may have been billed are
    /// repeated twice at most.
    pub attempts: u32,
    /// Delay before the second attempt; it doubles, with jitter.
    pub first_delay: Duration,
    /// The longest delay of our own choice.
    pub longest_delay: Duration,
    /// The longest wait asked for by a server (`Retry-After`) that is obeyed; when it asks for
    /// more the call fails.
    pub longest_retry_after: Duration,
}

impl Default for RetrySettings {
    fn default() -> Self {
        Self {
            attempts: 8,
            first_delay: Duration::from_millis(500),
            longest_delay: Duration::from_secs(60),
            longest_retry_after: Duration::from_secs(900),
        }
    }
}

/// When an endpoint that keeps failing is left alone, and for how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BreakerSettings {
    /// Failures in a row, over all calls, that open the breaker.
    pub failures: u32,
    /// First pause; it doubles with each failed probe, to a minute at most.
    pub pause: Duration,
    /// An endpoint that worked before and fails for so long is given up.
    pub give_up_after: Duration,
    /// The same for one that has never answered: more likely a wrong address.
    pub give_up_unproven_after: Duration,
}

impl Default for BreakerSettings {
    fn default() -> Self {
        Self {
            failures: 8,
            pause: Duration::from_secs(5),
            give_up_after: Duration::from_secs(600),
            give_up_unproven_after: Duration::from_secs(30),
        }
    }
}

/// What may be spent, and what is spent already.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct BudgetSettings {
    /// Most US dollars, earlier starts included.
    pub usd: Option<f64>,
    /// Most tokens (questions and answers), earlier starts included.
    pub tokens: Option<u64>,
    /// US dollars that earlier starts of the run spent.
    pub spent_usd: f64,
    /// Tokens that earlier starts of the run spent.
    pub spent_tokens: u64,
}

/// Everything [`crate::connect`] needs to know.
#[derive(Clone, Debug, PartialEq)]
pub struct ClientSettings {
    /// The endpoint for roles that have none of their own.
    pub default_endpoint: EndpointSettings,
    /// Endpoints by role.
    pub endpoints: BTreeMap<String, EndpointSettings>,
    /// Most calls at once to one model of one endpoint; fewer when it says it is overloaded.
    pub jobs: usize,
    /// Most calls a minute to one model of one endpoint.
    pub requests_per_minute: Option<u32>,
    /// Most tokens a minute to one model of one endpoint.
    pub tokens_per_minute: Option<u32>,
    /// Limits of time.
    pub timeouts: Timeouts,
    /// Repeated attempts.
    pub retry: RetrySettings,
    /// Pauses of a failing endpoint.
    pub breaker: BreakerSettings,
    /// What may be spent.
    pub budget: BudgetSettings,
    /// Answer tokens to reserve in the budget for a request that sets no `max_tokens`.
    pub assumed_answer_tokens: u32,
    /// Whether answers are streamed. Streaming notices dead connections early.
    pub stream: bool,
}

impl ClientSettings {
    /// Settings for one endpoint that serves all roles.
    pub fn new(default_endpoint: EndpointSettings) -> Self {
        Self {
            default_endpoint,
            endpoints: BTreeMap::new(),
            jobs: 16,
            requests_per_minute: None,
            tokens_per_minute: None,
            timeouts: Timeouts::default(),
            retry: RetrySettings::default(),
            breaker: BreakerSettings::default(),
            budget: BudgetSettings::default(),
            assumed_answer_tokens: 16_384,
            stream: true,
        }
    }

    /// Finds what cannot work before the first call is paid for.
    pub(crate) fn check(&self) -> Result<(), ModelError> {
        if self.jobs == 0 {
            return Err(invalid("`jobs` is 0", "allow at least one call at once"));
        }
        if self.requests_per_minute == Some(0) || self.tokens_per_minute == Some(0) {
            return Err(invalid("a limit per minute is 0", "leave the limit out for none"));
        }
        if let Some(usd) = self.budget.usd
            && !(usd.is_finite() && usd >= 0.0)
        {
            return Err(invalid(format!("a budget of {usd} US dollars"), "give a positive number"));
        }
        for endpoint in std::iter::once(&self.default_endpoint).chain(self.endpoints.values()) {
            self.check_endpoint(endpoint)?;
        }
        Ok(())
    }

    fn check_endpoint(&self, endpoint: &EndpointSettings) -> Result<(), ModelError> {
        let model = &endpoint.model;
        if model.trim().is_empty() {
            return Err(invalid("no model is named", "name the model to ask"));
        }
        match endpoint.price.or_else(|| Price::of_model(model)) {
            Some(price) if !price.is_sound() => {
                Err(invalid(format!("the price of `{model}` is negative or not a number"), ""))
            }
            None if self.budget.usd.is_some() => Err(invalid(
                format!(
                    "a budget in US dollars is set, but the price of model `{model}` is unknown"
                ),
                "give its price per million tokens, or set a budget in tokens",
            )),
            _ => Ok(()),
        }
    }
}

pub(crate) fn invalid(message: impl Into<String>, help: &str) -> ModelError {
    let help = Some(help.to_owned()).filter(|text| !text.is_empty());
    ModelError::InvalidSettings { message: message.into(), help }
}
