//! The embedder: from texts to vectors, on all cores.

use std::path::Path;

use rayon::prelude::*;

use super::encoder::{Encoder, Memory};
use super::folder::Folder;
use super::tokens::{self, Tokens};
use super::weights::{self, Weights};
use crate::embedder::Embedder;
use crate::error::EmbedError;

/// Tokens that are computed together. More would not fit into a core's second cache, and fewer
/// would read the weights, which fit into none that a core has for itself, more often than needed.
const TOGETHER: usize = 512;

/// all-MiniLM-L6-v2, or another BERT model with mean pooling, from a sentence-transformers folder.
///
/// Vectors agree with those of sentence-transformers within 1e-4 in every component, and do not
/// depend on the texts beside them. As there, what goes beyond the model's longest text (256 tokens)
/// is not read. Work is spread over the threads of rayon's pool, one core for each.
///
/// Source of the model: Wang, Wei, Dong, Bao, Yang and Zhou, "MiniLM: Deep self-attention
/// distillation for task-agnostic compression of pre-trained transformers", NeurIPS 2020; trained
/// for sentences as Reimers and Gurevych describe in "Sentence-BERT", EMNLP 2019.
pub struct MiniLm {
    name: String,
    tokens: Tokens,
    encoder: Encoder,
}

impl MiniLm {
    /// Reads the model in `folder`: `config.json`, `modules.json` and the pooling's settings,
    /// `sentence_bert_config.json`, `tokenizer.json`, and `model.safetensors` in single or half
    /// precision. Nothing is fetched from anywhere.
    ///
    /// # Errors
    /// When a file is missing or broken, or describes a model of another kind.
    pub fn load(folder: &Path) -> Result<Self, EmbedError> {
        let folder = Folder::new(folder);
        let architecture = folder.architecture()?;
        folder.check_pooling()?;
        let tokenizer = folder.read(tokens::FILE)?;
        let tokens = Tokens::load(&folder, &tokenizer, &architecture)?;
        let bytes = folder.read(weights::FILE)?;
        let encoder = Encoder::load(&Weights::parse(&folder, &bytes)?, &architecture)?;
        let digest = blake3::Hasher::new()
            .update(&folder.longest(&architecture)?.to_le_bytes())
            .update(blake3::hash(&tokenizer).as_bytes())
            .update(&bytes)
            .finalize()
            .to_hex();
        let (layers, hidden) = (architecture.num_hidden_layers, architecture.hidden_size);
        let name = format!("minilm-l{layers}-{hidden}-{}", &digest[..12]);
        Ok(Self { name, tokens, encoder })
    }
}

impl Embedder for MiniLm {
    /// Layers, dimensions, and a digest of the model's files: another model has another name.
    fn name(&self) -> &str {
        &self.name
    }

    fn dimensions(&self) -> usize {
        self.encoder.dimensions()
    }

    fn embed(&self, texts: &[&str]) -> Result<Vec<Vec<f32>>, EmbedError> {
        let tokens = self.tokens.of(texts)?;
        let groups = groups(&tokens);
        let vectors = groups
            .par_iter()
            .map_init(Memory::default, |memory, group| {
                let texts: Vec<&[u32]> =
                    group.iter().map(|text| tokens[*text].as_slice()).collect();
                self.encoder.encode(&texts, memory)
            })
            .collect::<Vec<_>>();
        let mut ordered = vec![Vec::new(); texts.len()];
        for (text, vector) in groups.into_iter().flatten().zip(vectors.into_iter().flatten()) {
            ordered[text] = vector;
        }
        Ok(ordered)
    }
}

/// Puts texts together to at most [`TOGETHER`] tokens, or one text. Long ones come first, so that
/// no core is left alone with a long one at the end.
fn groups(tokens: &[Vec<u32>]) -> Vec<Vec<usize>> {
    let mut order: Vec<usize> = (0..tokens.len()).collect();
    order.sort_by_key(|text| std::cmp::Reverse(tokens[*text].len()));
    let mut groups: Vec<Vec<usize>> = Vec::new();
    let mut room = 0;
    for text in order {
        let length = tokens[text].len();
        match groups.last_mut() {
            Some(group) if length <= room => {
                group.push(text);
                room -= length;
            }
            _ => {
                groups.push(vec![text]);
                room = TOGETHER.saturating_sub(length);
            }
        }
    }
    groups
}
