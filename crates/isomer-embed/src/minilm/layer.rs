//! The parts of a layer that have trained numbers.

use pulp::Arch;

use super::folder::Architecture;
use super::pointwise;
use super::product::{Panels, Product, Rows};
use super::weights::Weights;
use crate::error::EmbedError;

/// A product with a trained matrix, and a trained sum.
pub(super) struct Linear {
    panels: Panels,
    bias: Vec<f32>,
    pub(super) width: usize,
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
        let width = bias.len();
        Ok(Self { panels: Panels::from_columns(&columns, depth), bias, width })
    }

    /// Writes one row of [`Self::width`] numbers per row of `left`.
    pub(super) fn apply(
        &self,
        arch: Arch,
        left: Rows<'_>,
        out: &mut Vec<f32>,
        blocks: &mut Vec<f32>,
    ) {
        out.resize(left.count * self.width, 0.0);
        Product {
            left,
            right: &self.panels,
            bias: &self.bias,
            out,
            out_stride: self.width,
            blocks,
        }
        .compute(arch);
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
        let width = self.scale.len();
        arch.dispatch(
            #[inline(always)]
            || {
                for (row, residual) in
                    rows.chunks_exact_mut(width).zip(residual.chunks_exact(width))
                {
                    let (scale, shift) = (&self.scale, &self.shift);
                    pointwise::add_and_normalise(row, residual, scale, shift, self.epsilon);
                }
            },
        );
    }
}

/// One of BERT's layers.
pub(super) struct Layer {
    /// Queries, keys and values, side by side.
    pub(super) query_key_value: Linear,
    pub(super) attention_output: Linear,
    pub(super) attention_norm: Norm,
    pub(super) intermediate: Linear,
    pub(super) output: Linear,
    pub(super) output_norm: Norm,
}

impl Layer {
    pub(super) fn load(
        weights: &Weights<'_>,
        number: usize,
        architecture: &Architecture,
    ) -> Result<Self, EmbedError> {
        let (hidden, wide) = (architecture.hidden_size, architecture.intermediate_size);
        let root = format!("encoder.layer.{number}");
        let linear = |names: &[&str], width, depth| {
            let names: Vec<String> = names.iter().map(|name| format!("{root}.{name}")).collect();
            Linear::load(weights, &names, width, depth)
        };
        let norm = |name: &str| Norm::load(weights, &format!("{root}.{name}"), architecture);
        let attention = ["attention.self.query", "attention.self.key", "attention.self.value"];
        Ok(Self {
            query_key_value: linear(&attention, hidden, hidden)?,
            attention_output: linear(&["attention.output.dense"], hidden, hidden)?,
            attention_norm: norm("attention.output")?,
            intermediate: linear(&["intermediate.dense"], wide, hidden)?,
            output: linear(&["output.dense"], hidden, wide)?,
            output_norm: norm("output")?,
        })
    }
}
