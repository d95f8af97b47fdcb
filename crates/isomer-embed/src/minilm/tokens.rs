//! Texts as numbers of tokens.

use rayon::prelude::*;
use tokenizers::{Tokenizer, TruncationParams};

use super::folder::{Architecture, Folder};
use crate::error::EmbedError;

pub(super) const FILE: &str = "tokenizer.json";

/// The model's own tokenizer, which cuts long texts and pads none.
pub(super) struct Tokens {
    tokenizer: Tokenizer,
}

impl Tokens {
    pub(super) fn load(
        folder: &Folder,
        bytes: &[u8],
        architecture: &Architecture,
    ) -> Result<Self, EmbedError> {
        let mut tokenizer = Tokenizer::from_bytes(bytes)
            .map_err(|error| folder.malformed(FILE, error.to_string()))?;
        let known = architecture.vocab_size;
        if tokenizer.get_vocab(true).values().any(|token| *token as usize >= known) {
            let message = format!("it has tokens that are not among the model's {known}");
            return Err(folder.malformed(FILE, message));
        }
        let max_length = folder.longest(architecture)?;
        let truncation = TruncationParams { max_length, ..TruncationParams::default() };
        tokenizer
            .with_truncation(Some(truncation))
            .map_err(|error| folder.malformed(FILE, error.to_string()))?;
        tokenizer.with_padding(None);
        Ok(Self { tokenizer })
    }

    /// The tokens of every text, those at its two ends included.
    pub(super) fn of(&self, texts: &[&str]) -> Result<Vec<Vec<u32>>, EmbedError> {
        let tokens = |(index, text): (usize, &&str)| match self.tokenizer.encode_fast(*text, true) {
            Ok(encoding) if encoding.is_empty() => {
                Err(EmbedError::Text { index, message: "it has no tokens".into() })
            }
            Ok(encoding) => Ok(encoding.get_ids().to_vec()),
            Err(error) => Err(EmbedError::Text { index, message: error.to_string() }),
        };
        texts.par_iter().enumerate().map(tokens).collect()
    }
}
