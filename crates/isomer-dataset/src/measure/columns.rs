//! Vectors of one embedder.

use isomer_measure::vectors::unit;

use super::MeasureError;

/// How long the vectors of one embedder are: as the first of them.
#[derive(Debug, Default)]
pub(super) struct Columns(usize);

impl Columns {
    /// The vector scaled to length 1, if it is as long as those before and has a direction.
    pub(super) fn unit(&mut self, id: &str, vector: &[f32]) -> Result<Vec<f32>, MeasureError> {
        let wanted = if self.0 == 0 { vector.len() } else { self.0 };
        if vector.len() != wanted {
            return Err(MeasureError::Columns { id: id.to_owned(), wanted, found: vector.len() });
        }
        self.0 = wanted;
        unit(vector).ok_or_else(|| MeasureError::Direction { id: id.to_owned() })
    }

    /// Numbers of a vector; 0 before the first.
    pub(super) const fn count(&self) -> usize {
        self.0
    }
}
