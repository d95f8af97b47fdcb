//! What can go wrong with a model's folder, each with its cause and what to do about it.

use std::io;
use std::path::PathBuf;

/// Why there are no embeddings.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EmbedError {
    /// A file of the model cannot be read.
    #[error("cannot read `{path}`", path = path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// A file of the model does not hold what it should.
    #[error("`{path}` is no part of a usable model: {message}", path = path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        message: String,
    },
    /// The model is sound, but of a kind that is not implemented here.
    #[error("`{path}` describes a model of another kind: {message}", path = path.display())]
    Unsupported {
        /// The file.
        path: PathBuf,
        /// What differs.
        message: String,
    },
    /// A text cannot be turned into tokens.
    #[error("text number {index} cannot be tokenized: {message}")]
    Text {
        /// The text's place among those given, from 0.
        index: usize,
        /// The tokenizer's reason.
        message: String,
    },
}

impl EmbedError {
    /// What to do about it.
    pub fn help(&self) -> &'static str {
        match self {
            Self::Read { .. } => {
                "give the folder of a sentence-transformers model: it holds `config.json`, \
                 `tokenizer.json` and `model.safetensors`"
            }
            Self::Malformed { .. } => "copy the model's folder again, whole",
            Self::Unsupported { .. } => {
                "use all-MiniLM-L6-v2 or another BERT model with mean pooling, an endpoint's \
                 embeddings, or hashing, which needs no model"
            }
            Self::Text { .. } => "leave the text out, or use hashing, which takes every text",
        }
    }
}
