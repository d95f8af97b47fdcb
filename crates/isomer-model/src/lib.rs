//! A client for OpenAI-compatible chat endpoints that loses no paid reply.
//!
//! One trait, [`Model`], and behaviours in layers around one HTTP attempt, put together in
//! [`connect`]: a ledger of paid calls, retries, a budget, limits that adapt to the endpoint, and
//! limits of time. [`recorder()`] and [`replay()`] write replies to a file and answer from it.
//!
//! ```no_run
//! use std::sync::Arc;
//! use isomer_model::{
//!     ClientSettings, EndpointSettings, Message, Model, ModelError, NoLedger, Purpose, Request,
//!     Sampling, Secret, connect,
//! };
//!
//! # async fn example(key: String) -> Result<(), ModelError> {
//! let mut endpoint = EndpointSettings::new("https://api.deepseek.com/v1", "deepseek-flash");
//! endpoint.api_key = Some(Secret::new(key));
//! let mut settings = ClientSettings::new(endpoint);
//! settings.budget.usd = Some(0.50);
//! let client = connect(settings, Arc::new(NoLedger))?;
//! let reply = client
//!     .ask(Request {
//!         role: "solver".into(),
//!         messages: vec![Message::user("What is 6 times 7?")],
//!         sampling: Sampling { max_tokens: Some(1000), ..Sampling::default() },
//!         sample: 0,
//!         purpose: Purpose { stage: "example".into(), item: "first".into() },
//!     })
//!     .await?;
//! assert!(reply.text.contains("42"));
//! assert_eq!(client.stats().calls, 1);
//! # Ok(())
//! # }
//! ```

mod adapt;
mod breaker;
mod budget;
mod client;
mod clock;
mod conclude;
mod embedding;
mod endpoint;
mod error;
mod estimate;
mod failure;
mod http;
mod lane;
mod ledger;
mod limit;
mod message;
mod price;
mod recording;
mod replay;
mod reply;
mod retry;
mod secret;
mod settings;
mod stats;
mod stream;
mod think;
mod treatment;
mod wire;

pub use client::{Client, Model, connect};
pub use embedding::{EmbeddingClient, Embeddings};
pub use error::{ModelError, Phase};
pub use ledger::{Ledger, LedgerEntry, LedgerError, NoLedger, STATUS_OK};
pub use message::{Message, MessageRole, Purpose, Request, Sampling};
pub use price::Price;
pub use recording::{Recorder, recorder};
pub use replay::{Replay, replay, replay_embedded};
pub use reply::{Finish, Reply, Source, Usage};
pub use secret::Secret;
pub use settings::{
    BreakerSettings, BudgetSettings, ClientSettings, EndpointSettings, RetrySettings, Timeouts,
    TokenLimitField,
};
pub use stats::Stats;
