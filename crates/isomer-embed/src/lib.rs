//! Text embeddings that need no network.
//!
//! An [`Embedder`] turns texts into vectors of unit length, so that the dot product of two vectors is
//! the cosine of the angle between them. [`Hashing`] needs nothing and compares texts by the words
//! and letters they share.

mod embedder;
mod error;
mod hashing;

pub use embedder::Embedder;
pub use error::EmbedError;
pub use hashing::Hashing;
