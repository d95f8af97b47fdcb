//! Every token looks at every token of its own text.

use pulp::Arch;

use super::pointwise::Softmax;
use super::product::{PANEL, Panels, Product, Rows, Start};

/// Sizes of the heads.
#[derive(Clone, Copy)]
pub(super) struct Heads {
    pub(super) count: usize,
    pub(super) width: usize,
}

/// Memory that is used again.
#[derive(Default)]
pub(super) struct AttentionMemory {
    keys: Panels,
    values: Panels,
    shares: Vec<f32>,
}

impl Heads {
    /// Attention within one text: `tokens` has a row of queries, keys and values for each token, and
    /// `out` gets a row of a third of that width.
    pub(super) fn attend(
        self,
        arch: Arch,
        tokens: &[f32],
        out: &mut [f32],
        memory: &mut AttentionMemory,
        blocks: &mut Vec<f32>,
    ) {
        let AttentionMemory { keys, values, shares } = memory;
        let hidden = self.count * self.width;
        let count = out.len() / hidden;
        let stride = count.next_multiple_of(PANEL);
        shares.resize(count * stride, 0.0);
        #[expect(clippy::cast_precision_loss, reason = "a width is far below 2^24")]
        let scale = 1.0 / (self.width as f32).sqrt();
        for head in 0..self.count {
            let start = head * self.width;
            let part = |kind: usize| {
                let start = kind * hidden + start;
                tokens.chunks_exact(3 * hidden).map(move |row| &row[start..start + self.width])
            };
            keys.fill_from_columns(part(1), self.width);
            Product {
                left: Rows { values: &tokens[start..], stride: 3 * hidden, count },
                right: keys,
                start: Start::Zero,
                out: shares,
                out_stride: stride,
                blocks,
            }
            .compute(arch);
            arch.dispatch(Softmax { rows: &mut *shares, stride, count, scale });
            values.fill_from_rows(part(2), self.width);
            Product {
                left: Rows { values: shares, stride, count },
                right: values,
                start: Start::Zero,
                out: &mut out[start..],
                out_stride: hidden,
                blocks,
            }
            .compute(arch);
        }
    }
}
