//! Products of matrices, on one core.
//!
//! The right matrix is kept in panels of [`PANEL`] columns and the left one is copied to blocks of a
//! few rows, so that the innermost loop reads both from front to end and keeps all its sums in
//! registers (Goto and van de Geijn, "Anatomy of high-performance matrix multiplication", ACM
//! Transactions on Mathematical Software 34(3), 2008).
//!
//! Every sum is made in the order of the inner dimension, so a row of the result does not depend on
//! the rows beside it.

use pulp::{Arch, Simd, WithSimd};

/// Columns of a panel. The width of every matrix is a multiple of it.
pub(super) const PANEL: usize = 32;

/// A matrix in panels: all rows of the first [`PANEL`] columns, then all rows of the next.
#[derive(Default)]
pub(super) struct Panels {
    values: Vec<f32>,
    depth: usize,
}

impl Panels {
    /// Takes a matrix of `depth` rows apart that is given by its columns.
    pub(super) fn from_columns(columns: &[f32], depth: usize) -> Self {
        let mut panels = Self::default();
        panels.fill_from_columns(columns.chunks_exact(depth), depth);
        panels
    }

    /// As [`Self::from_columns`], in the same memory. Missing columns are 0.
    pub(super) fn fill_from_columns<'a>(
        &mut self,
        columns: impl ExactSizeIterator<Item = &'a [f32]>,
        depth: usize,
    ) {
        self.depth = depth;
        self.values.clear();
        self.values.resize(columns.len().next_multiple_of(PANEL) * depth, 0.0);
        for (number, column) in columns.enumerate() {
            let start = number / PANEL * PANEL * depth + number % PANEL;
            let slots = self.values[start..].iter_mut().step_by(PANEL);
            slots.zip(column).for_each(|(slot, value)| *slot = *value);
        }
    }

    /// Takes a matrix apart that is given by its rows, all of `width` numbers.
    pub(super) fn fill_from_rows<'a>(
        &mut self,
        rows: impl ExactSizeIterator<Item = &'a [f32]>,
        width: usize,
    ) {
        self.depth = rows.len();
        self.values.clear();
        self.values.resize(width * self.depth, 0.0);
        for (number, row) in rows.enumerate() {
            for (panel, part) in row.as_chunks::<PANEL>().0.iter().enumerate() {
                let start = (panel * self.depth + number) * PANEL;
                self.values[start..start + PANEL].copy_from_slice(part);
            }
        }
    }
}

/// Rows of numbers, each at a distance of `stride` from the one before.
#[derive(Clone, Copy)]
pub(super) struct Rows<'a> {
    pub(super) values: &'a [f32],
    pub(super) stride: usize,
    pub(super) count: usize,
}

/// What the products are added to.
#[derive(Clone, Copy)]
pub(super) enum Start<'a> {
    Zero,
    /// One number for every column.
    Bias(&'a [f32]),
    /// What is in the result's place already.
    Sums,
}

/// `out = start + left × right`.
pub(super) struct Product<'a> {
    pub(super) left: Rows<'a>,
    pub(super) right: &'a Panels,
    pub(super) start: Start<'a>,
    pub(super) out: &'a mut [f32],
    pub(super) out_stride: usize,
    /// Memory for a copy of `left`.
    pub(super) blocks: &'a mut Vec<f32>,
}

impl Product<'_> {
    pub(super) fn compute(self, arch: Arch) {
        arch.dispatch(self);
    }
}

impl WithSimd for Product<'_> {
    type Output = ();

    #[expect(clippy::inline_always, reason = "a function of its own would not be compiled for `S`")]
    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        // Rows × registers that a panel's row fills, as many as there are registers for.
        match S::F32_LANES {
            16 => self.tiled::<S, 12, 2>(simd),
            8 => self.tiled::<S, 3, 4>(simd),
            4 => self.tiled::<S, 3, 8>(simd),
            _ => self.tiled::<S, 1, PANEL>(simd),
        }
    }
}

impl Product<'_> {
    #[expect(clippy::inline_always, reason = "a function of its own would not be compiled for `S`")]
    #[inline(always)]
    fn tiled<S: Simd, const ROWS: usize, const PARTS: usize>(self, simd: S) {
        let depth = self.right.depth;
        let blocks = at_least(self.blocks, self.left.count.next_multiple_of(ROWS) * depth);
        copy_to_blocks::<ROWS>(self.left, depth, blocks);
        for (number, panel) in self.right.values.chunks_exact(depth * PANEL).enumerate() {
            let columns = number * PANEL..(number + 1) * PANEL;
            let panel = S::as_simd_f32s(panel).0.as_chunks::<PARTS>().0;
            let mut first = [simd.splat_f32s(0.0); PARTS];
            if let Start::Bias(bias) = self.start {
                first.copy_from_slice(S::as_simd_f32s(&bias[columns.clone()]).0);
            }
            for (block, out) in
                blocks.chunks_exact(ROWS * depth).zip(self.out.chunks_mut(ROWS * self.out_stride))
            {
                let mut sums = [first; ROWS];
                if let Start::Sums = self.start {
                    for (row, sums) in out.chunks(self.out_stride).zip(&mut sums) {
                        sums.copy_from_slice(S::as_simd_f32s(&row[columns.clone()]).0);
                    }
                }
                let sums = tile(simd, block.as_chunks::<ROWS>().0, panel, sums);
                for (row, sums) in out.chunks_mut(self.out_stride).zip(&sums) {
                    S::as_mut_simd_f32s(&mut row[columns.clone()]).0.copy_from_slice(sums);
                }
            }
        }
    }
}

/// Adds the products of one block of rows and one panel of columns.
#[expect(clippy::inline_always, reason = "a function of its own would not be compiled for `S`")]
#[inline(always)]
fn tile<S: Simd, const ROWS: usize, const PARTS: usize>(
    simd: S,
    block: &[[f32; ROWS]],
    panel: &[[S::f32s; PARTS]],
    mut sums: [[S::f32s; PARTS]; ROWS],
) -> [[S::f32s; PARTS]; ROWS] {
    for (left, right) in block.iter().zip(panel) {
        for row in 0..ROWS {
            let value = simd.splat_f32s(left[row]);
            for part in 0..PARTS {
                sums[row][part] = simd.mul_add_e_f32s(value, right[part], sums[row][part]);
            }
        }
    }
    sums
}

/// The first `length` numbers of a memory that never shrinks: they need not be written twice.
pub(super) fn at_least(memory: &mut Vec<f32>, length: usize) -> &mut [f32] {
    if memory.len() < length {
        memory.resize(length, 0.0);
    }
    &mut memory[..length]
}

/// Copies `ROWS` rows at a time, column after column. The last block is filled up with its last row.
#[expect(clippy::inline_always, reason = "a function of its own would not be compiled for `S`")]
#[inline(always)]
fn copy_to_blocks<const ROWS: usize>(rows: Rows<'_>, depth: usize, blocks: &mut [f32]) {
    for (number, block) in blocks.chunks_exact_mut(ROWS * depth).enumerate() {
        let parts: [&[f32]; ROWS] = std::array::from_fn(|place| {
            let start = (number * ROWS + place).min(rows.count - 1) * rows.stride;
            &rows.values[start..start + depth]
        });
        for (column, slots) in block.as_chunks_mut::<ROWS>().0.iter_mut().enumerate() {
            for (slot, part) in slots.iter_mut().zip(&parts) {
                *slot = part[column];
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn agrees_with_the_definition(
            count in 1_usize..30,
            depth in 1_usize..70,
            panels in 1_usize..4,
            spare in 0_usize..5,
            kind in 0_usize..3,
            numbers in prop::collection::vec(-1.0_f32..1.0, 199),
        ) {
            let width = panels * PANEL;
            let number = |place: usize| numbers[place % numbers.len()];
            let left: Vec<f32> = (0..count * (depth + spare)).map(number).collect();
            let columns: Vec<f32> = (0..depth * width).map(number).collect();
            let bias: Vec<f32> = (0..width).map(number).collect();
            let start = [Start::Zero, Start::Bias(&bias), Start::Sums][kind];
            let first = if kind == 2 { 0.5 } else { f32::NAN };
            let mut out = vec![first; count * width];
            Product {
                left: Rows { values: &left, stride: depth + spare, count },
                right: &Panels::from_columns(&columns, depth),
                start,
                out: &mut out,
                out_stride: width,
                blocks: &mut Vec::new(),
            }
            .compute(Arch::new());
            for (row, sums) in left.chunks(depth + spare).zip(out.chunks(width)) {
                for (column, sum) in sums.iter().enumerate() {
                    let values = columns[column * depth..].iter().zip(&row[..depth]);
                    let expected: f32 = values.map(|(one, other)| one * other).sum();
                    let expected: f32 = expected + [0.0, bias[column], first][kind];
                    prop_assert!((sum - expected).abs() < 1e-4, "{sum} {expected}");
                }
            }
        }
    }
}
