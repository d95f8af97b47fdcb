//! What all embedders have in common.

use crate::error::EmbedError;

/// Turns texts into vectors.
///
/// A text's vector depends on the text and the embedder's [name](Self::name) alone, so that it can be
/// kept and used again under these two.
pub trait Embedder: Send + Sync {
    /// Names the method and the model, as in `hashing-256`; goes into records.
    fn name(&self) -> &str;

    /// Number of components of every vector.
    fn dimensions(&self) -> usize;

    /// One vector of unit length per text, in the order of the texts. Blocks until all are there.
    ///
    /// # Errors
    /// When the model cannot be applied to the texts.
    fn embed(&self, texts: &[&str]) -> Result<Vec<Vec<f32>>, EmbedError>;
}
