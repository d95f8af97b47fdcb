//! Text embeddings that need no network.
//!
//! An [`Embedder`] turns texts into vectors of unit length, so that the dot product of two vectors is
//! the cosine of the angle between them. [`MiniLm`] reads a trained model from a folder.
//! [`Hashing`] needs nothing and compares texts by the words and letters they share.

mod embedder;
mod error;
mod hashing;
mod minilm;

pub use embedder::Embedder;
pub use error::EmbedError;
pub use hashing::Hashing;
pub use minilm::MiniLm;
