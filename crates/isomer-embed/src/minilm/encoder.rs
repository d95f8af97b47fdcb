//! BERT's forward pass over several texts at once (Devlin, Chang, Lee and Toutanova, "BERT:
//! Pre-training of deep bidirectional transformers", NAACL 2019).
//!
//! The tokens of all texts lie below each other in one matrix. There is no padding: products do not
//! care which text a row belongs to, and attention is made text by text.

use pulp::Arch;

use super::attention::{AttentionMemory, Heads};
use super::folder::Architecture;
use super::layer::{Layer, Norm};
use super::pointwise;
use super::product::Rows;
use super::weights::Weights;
use crate::error::EmbedError;

/// A model's numbers, ready for use.
pub(super) struct Encoder {
    arch: Arch,
    heads: Heads,
    words: Vec<f32>,
    /// Of every position, with that of the first kind of segment added.
    positions: Vec<f32>,
    norm: Norm,
    layers: Vec<Layer>,
}

/// Memory that is used again for the next texts.
#[derive(Default)]
pub(super) struct Memory {
    hidden: Vec<f32>,
    next: Vec<f32>,
    update: Vec<f32>,
    wide: Vec<f32>,
    blocks: Vec<f32>,
    attention: AttentionMemory,
}

impl Encoder {
    pub(super) fn load(
        weights: &Weights<'_>,
        architecture: &Architecture,
    ) -> Result<Self, EmbedError> {
        let hidden = architecture.hidden_size;
        let table =
            |name: &str, rows| weights.take(&format!("embeddings.{name}.weight"), &[rows, hidden]);
        let segments = table("token_type_embeddings", architecture.type_vocab_size)?;
        let mut positions = table("position_embeddings", architecture.max_position_embeddings)?;
        for row in positions.chunks_exact_mut(hidden) {
            add(row, &segments);
        }
        let layers = (0..architecture.num_hidden_layers)
            .map(|number| Layer::load(weights, number, architecture))
            .collect::<Result<_, _>>()?;
        let count = architecture.num_attention_heads;
        Ok(Self {
            arch: Arch::new(),
            heads: Heads { count, width: hidden / count },
            words: table("word_embeddings", architecture.vocab_size)?,
            positions,
            norm: Norm::load(weights, "embeddings", architecture)?,
            layers,
        })
    }

    pub(super) fn dimensions(&self) -> usize {
        self.heads.count * self.heads.width
    }

    /// One vector of unit length for each text. A text is at least one token, and no longer than the
    /// model has positions.
    pub(super) fn encode(&self, texts: &[&[u32]], memory: &mut Memory) -> Vec<Vec<f32>> {
        self.look_up(texts, memory);
        for layer in &self.layers {
            self.apply(layer, texts, memory);
        }
        let mut rest = memory.hidden.as_slice();
        let mut vectors = Vec::with_capacity(texts.len());
        for text in texts {
            let (tokens, others) = rest.split_at(text.len() * self.dimensions());
            rest = others;
            vectors.push(self.pool(tokens));
        }
        vectors
    }

    fn look_up(&self, texts: &[&[u32]], memory: &mut Memory) {
        let width = self.dimensions();
        let Memory { hidden, update, .. } = memory;
        hidden.clear();
        update.clear();
        for text in texts {
            for token in *text {
                let start = *token as usize * width;
                hidden.extend_from_slice(&self.words[start..start + width]);
            }
            update.extend_from_slice(&self.positions[..text.len() * width]);
        }
        self.norm.apply(self.arch, hidden, update);
    }

    fn apply(&self, layer: &Layer, texts: &[&[u32]], memory: &mut Memory) {
        let arch = self.arch;
        let Memory { hidden, next, update, wide, blocks, attention } = memory;
        let width = self.dimensions();
        let count = texts.iter().map(|text| text.len()).sum();
        let size = count * width;
        let tokens = layer.query_key_value.apply(arch, rows(hidden, width, count), wide, blocks);
        let mut start = 0;
        for text in texts {
            let end = start + text.len();
            let tokens = &tokens[start * 3 * width..end * 3 * width];
            let out = &mut update[start * width..end * width];
            self.heads.attend(arch, tokens, out, attention, blocks);
            start = end;
        }
        let sums = layer.attention_output.apply(arch, rows(update, width, count), next, blocks);
        layer.attention_norm.apply(arch, sums, &hidden[..size]);
        std::mem::swap(hidden, next);

        let left = rows(hidden, width, count);
        let sums = layer.feed_forward.apply(arch, left, next, wide, blocks);
        layer.output_norm.apply(arch, sums, &hidden[..size]);
        std::mem::swap(hidden, next);
    }

    /// The mean of all tokens, at unit length.
    fn pool(&self, tokens: &[f32]) -> Vec<f32> {
        let mut vector = vec![0.0; self.dimensions()];
        for token in tokens.chunks_exact(vector.len()) {
            add(&mut vector, token);
        }
        // The length is 1 afterwards, whether divided by the number of tokens before or not.
        pointwise::normalise(&mut vector);
        vector
    }
}

fn rows(values: &[f32], stride: usize, count: usize) -> Rows<'_> {
    Rows { values, stride, count }
}

fn add(values: &mut [f32], others: &[f32]) {
    for (value, other) in values.iter_mut().zip(others) {
        *value += other;
    }
}
