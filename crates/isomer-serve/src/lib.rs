//! Serves the sandbox over HTTP, in the protocols that trainers already speak and in one of its own.
//!
//! - SandboxFusion's `/run_code`, field for field, and its `/submit` with inline data;
//! - ScaleBox's `/common_evaluate_batch` and `/common_evaluate`;
//! - `/v1/run` and `/v1/judge`, which stream; [`wire`] has both ends of their exact form.
//!
//! Requests of the first two kinds are told apart by their shape and not by their path, because a
//! widespread client sends both to any path it is given. They are compatible in form and right in
//! verdict: the peers' defects are not reproduced.
//!
//! What is wrong with a request is 4xx and names the field. A full queue is 429 with `Retry-After`.
//! A failure of the sandbox is 503, and never a verdict. A client that goes away takes its job with
//! it. The server keeps no state.

mod app;
mod body;
mod compare;
mod evaluate;
mod fields;
mod gate;
mod health;
mod languages;
mod limits;
mod metrics;
mod native;
mod outcome;
mod packages;
mod paths;
mod python_json;
mod refusal;
mod run_code;
mod server;
mod suite;
pub mod wire;

pub use server::{Served, ServerSettings, serve};
