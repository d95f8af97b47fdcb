//! The mock endpoint: `/v1/chat/completions`, `/v1/models`, and `/stats` for whoever checks.

mod dice;
mod family;
mod journal;
mod profile;
mod recognise;
mod replies;
mod server;
mod wire;

pub use journal::{Asked, Ending, StageStats, Stats};
pub use profile::{Fault, Faults, Latency, Profile, ProfileError, Proposals};
pub use recognise::Kind;
pub use server::Mock;
