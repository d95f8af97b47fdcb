//! Sums over many vectors, whatever their number: enough for the Vendi score, the mean distance and
//! principal components.

use nalgebra::{DMatrix, DVector};

use super::{unit_columns, vendi_of_shares};

/// Rows that are added by one product.
const ROWS: usize = 1_024;

/// The sum of unit vectors and, if wanted, of their outer products. Memory does not grow with their
/// number.
#[derive(Clone, Debug)]
pub struct Gram {
    columns: usize,
    sum: DVector<f64>,
    products: Option<DMatrix<f64>>,
    rows: u64,
}

impl Gram {
    /// Of no vector yet. With `products` it holds a square of `columns` numbers.
    pub fn new(columns: usize, products: bool) -> Self {
        Self {
            columns,
            sum: DVector::zeros(columns),
            products: products.then(|| DMatrix::zeros(columns, columns)),
            rows: 0,
        }
    }

    /// Adds vectors, one after the other in a slice; each is scaled to length 1.
    pub fn add(&mut self, rows: &[f32]) {
        for part in rows.chunks(ROWS * self.columns.max(1)) {
            let columns = unit_columns(part, self.columns);
            self.sum += columns.column_sum();
            self.rows += columns.ncols() as u64;
            if let Some(products) = &mut self.products {
                products.gemm(1.0, &columns, &columns.transpose(), 1.0);
            }
        }
    }

    /// Vectors added.
    pub const fn rows(&self) -> u64 {
        self.rows
    }

    /// Mean of one minus cosine over all pairs of different vectors; `None` of less than two. The sum
    /// of all cosines is the squared length of the sum.
    #[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^52")]
    pub fn mean_distance(&self) -> Option<f64> {
        let rows = self.rows as f64;
        let cosines = self.sum.norm_squared() - rows;
        (self.rows > 1).then(|| (1.0 - cosines / (rows * (rows - 1.0))).max(0.0))
    }

    /// The Vendi score of all vectors; `None` of none, or without products. The matrix of cosines and
    /// the sum of outer products have the same eigenvalues but for noughts.
    #[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^52")]
    pub fn vendi(&self) -> Option<f64> {
        let products = self.products.as_ref().filter(|_| self.rows > 0)?;
        let values = (products / self.rows as f64).symmetric_eigenvalues();
        Some(vendi_of_shares(values.as_slice()))
    }
}
