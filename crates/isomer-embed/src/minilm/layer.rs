//! The parts of a layer that have trained numbers.

use pulp::Arch;

use super::folder::Architecture;
use super::pointwise::{AddAndNormalise, Gelu};
use super::product::{Panels, Product, Rows, Start, at_least};
use super::weights::Weights;
use crate::error::EmbedError;

/// Columns of the inner matrix that are computed together: few enough that they stay in the second
/// cache until they are used.
const INNER: usize = 384;

/// A product with a trained matrix, and a trained sum.
pub(super) struct Linear {
    panels: Panels,
    bias: Vec<f32>,
}

impl Linear {
    /// Reads the tensors of one or more layers of the same input, side by side.
    fn load(
        weights: &Weights<'_>,
        names: &[String],
        width: usize,
        depth: usize,
    ) -> Result<Self, EmbedError> {
        let (mut columns, mut bias) = (Vec::new(), Vec::new());
        for name in names {
            columns.extend(weights.take(&format!("{name}.weight"), &[width, depth])?);
            bias.extend(weights.take(&format!("{name}.bias"), &[width])?);
        }
        Ok(Self { panels: Panels::from_columns(&columns, depth), bias })
    }

    /// Makes one row per row of `left`, in the memory `out`.
    pub(super) fn apply<'a>(
        &self,
        arch: Arch,
        left: Rows<'_>,
        out: &'a mut Vec<f32>,
        blocks: &mut Vec<f32>,
    ) -> &'a mut [f32] {
        let out_stride = self.bias.len();
        let out = at_least(out, left.count * out_stride);
        let start = Start::Bias(&self.bias);
        Product { left, right: &self.panels, start, out: &mut *out, out_stride, blocks }
            .compute(arch);
        out
    }
}

/// Two products with BERT's activation between them. What is between them is computed in parts.
pub(super) struct FeedForward {
    parts: Vec<(Linear, Panels)>,
    bias: Vec<f32>,
}

impl FeedForward {
    fn load(
        weights: &Weights<'_>,
        root: &str,
        architecture: &Architecture,
    ) -> Result<Self, EmbedError> {
        let (hidden, wide) = (architecture.hidden_size, architecture.intermediate_size);
        let take = |name: &str, shape: &[usize]| weights.take(&format!("{root}.{name}"), shape);
        let inner = take("intermediate.dense.weight", &[wide, hidden])?;
        let inner_bias = take("intermediate.dense.bias", &[wide])?;
        let outer = take("output.dense.weight", &[hidden, wide])?;
        let part = |start: usize| {
            let range = start..wide.min(start + INNER);
            let bias = inner_bias[range.clone()].to_vec();
            let columns = &inner[range.start * hidden..range.end * hidden];
            let linear = Linear { panels: Panels::from_columns(columns, hidden), bias };
            let columns: Vec<f32> = outer
                .chunks_exact(wide)
                .flat_map(|column| &column[range.clone()])
                .copied()
                .collect();
            (linear, Panels::from_columns(&columns, range.len()))
        };
        let parts = (0..wide).step_by(INNER).map(part).collect();
        Ok(Self { parts, bias: take("output.dense.bias", &[hidden])? })
    }

    /// Makes one row per row of `left`, in the memory `out`; `inner` is memory, too.
    pub(super) fn apply<'a>(
        &self,
        arch: Arch,
        left: Rows<'_>,
        out: &'a mut Vec<f32>,
        inner: &mut Vec<f32>,
        blocks: &mut Vec<f32>,
    ) -> &'a mut [f32] {
        let out_stride = self.bias.len();
        let out = at_least(out, left.count * out_stride);
        let mut start = Start::Bias(&self.bias);
        for (linear, right) in &self.parts {
            let inner = linear.apply(arch, left, inner, blocks);
            arch.dispatch(Gelu(inner));
            let left = Rows { values: inner, stride: linear.bias.len(), count: left.count };
            Product { left, right, start, out: &mut *out, out_stride, blocks }.compute(arch);
            start = Start::Sums;
        }
        out
    }
}

/// Trained normalisation of rows.
pub(super) struct Norm {
    scale: Vec<f32>,
    shift: Vec<f32>,
    epsilon: f32,
}

impl Norm {
    pub(super) fn load(
        weights: &Weights<'_>,
        name: &str,
        architecture: &Architecture,
    ) -> Result<Self, EmbedError> {
        let shape = [architecture.hidden_size];
        Ok(Self {
            scale: weights.take(&format!("{name}.LayerNorm.weight"), &shape)?,
            shift: weights.take(&format!("{name}.LayerNorm.bias"), &shape)?,
            epsilon: architecture.layer_norm_eps,
        })
    }

    /// Adds `residual` to every row and normalises it.
    pub(super) fn apply(&self, arch: Arch, rows: &mut [f32], residual: &[f32]) {
        arch.dispatch(AddAndNormalise {
            rows,
            residual,
            scale: &self.scale,
            shift: &self.shift,
            epsilon: self.epsilon,
        });
    }
}

/// One of BERT's layers.
pub(super) struct Layer {
    /// Queries, keys and values, side by side.
    pub(super) query_key_value: Linear,
    pub(super) attention_output: Linear,
    pub(super) attention_norm: Norm,
    pub(super) feed_forward: FeedForward,
    pub(super) output_norm: Norm,
}

impl Layer {
    pub(super) fn load(
        weights: &Weights<'_>,
        number: usize,
        architecture: &Architecture,
    ) -> Result<Self, EmbedError> {
        let hidden = architecture.hidden_size;
        let root = format!("encoder.layer.{number}");
        let linear = |names: &[&str]| {
            let names: Vec<String> = names.iter().map(|name| format!("{root}.{name}")).collect();
            Linear::load(weights, &names, hidden, hidden)
        };
        let norm = |name: &str| Norm::load(weights, &format!("{root}.{name}"), architecture);
        let attention = ["attention.self.query", "attention.self.key", "attention.self.value"];
        Ok(Self {
            query_key_value: linear(&attention)?,
            attention_output: linear(&["attention.output.dense"])?,
            attention_norm: norm("attention.output")?,
            feed_forward: FeedForward::load(weights, &root, architecture)?,
            output_norm: norm("output")?,
        })
    }
}
