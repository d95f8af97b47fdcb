//! Embeddings of texts by an endpoint.

mod attempt;
mod client;
mod wire;

pub use client::{EmbeddingClient, Embeddings};
