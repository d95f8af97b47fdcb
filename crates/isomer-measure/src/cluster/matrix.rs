//! Rows of equal length in one block of memory.

use thiserror::Error;

/// Rows that do not fit together.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum MatrixError {
    /// The numbers are no whole number of rows.
    #[error("{numbers} numbers are no rows of {columns}")]
    Ragged {
        /// Numbers given.
        numbers: usize,
        /// Numbers in a row.
        columns: usize,
    },
    /// A number is infinite or none.
    #[error("row {row} has a number that is not finite")]
    NotFinite {
        /// The row, from 0.
        row: usize,
    },
}

/// Rows of finite numbers, all of the same length.
#[derive(Clone, Debug, PartialEq)]
pub struct Matrix {
    numbers: Vec<f32>,
    columns: usize,
}

impl Matrix {
    /// Rows of `columns` numbers, one after the other.
    ///
    /// # Errors
    ///
    /// [`MatrixError`] when the numbers are no whole rows or not all finite.
    pub fn new(numbers: Vec<f32>, columns: usize) -> Result<Self, MatrixError> {
        if columns == 0 || !numbers.len().is_multiple_of(columns) {
            return Err(MatrixError::Ragged { numbers: numbers.len(), columns });
        }
        if let Some(place) = numbers.iter().position(|number| !number.is_finite()) {
            return Err(MatrixError::NotFinite { row: place / columns });
        }
        Ok(Self { numbers, columns })
    }

    /// How many rows there are.
    pub fn rows(&self) -> usize {
        self.numbers.len() / self.columns
    }

    /// Numbers in a row.
    pub const fn columns(&self) -> usize {
        self.columns
    }

    /// One row.
    pub fn row(&self, row: usize) -> &[f32] {
        &self.numbers[row * self.columns..(row + 1) * self.columns]
    }
}

/// Scalar product, in eight lanes so that the compiler can use vector instructions: a sum in one
/// variable would have to keep its order.
pub(crate) fn dot(left: &[f32], right: &[f32]) -> f32 {
    let mut lanes = [0.0_f32; 8];
    let (left, left_rest) = left.as_chunks::<8>();
    let (right, right_rest) = right.as_chunks::<8>();
    for (left, right) in left.iter().zip(right) {
        for (lane, (left, right)) in lanes.iter_mut().zip(left.iter().zip(right)) {
            *lane += left * right;
        }
    }
    let rest: f32 = left_rest.iter().zip(right_rest).map(|(left, right)| left * right).sum();
    lanes.iter().sum::<f32>() + rest
}
