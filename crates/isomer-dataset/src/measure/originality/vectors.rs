//! Vectors of a known set: compared with all tasks while they fit into memory, by cells beyond that.

use std::path::{Path, PathBuf};

use isomer_measure::vectors::{Neighbour, offer};

use super::cells::{Cells, CellsBuilder};
use crate::measure::{Columns, MeasureError};

/// Numbers in memory at most, 4 bytes each: 174,762 vectors of 384 numbers. Every task is compared with
/// all of them.
const MOST_NUMBERS: usize = 64 << 20;

/// Collects vectors.
pub(super) struct VectorsBuilder {
    folder: PathBuf,
    most: usize,
    columns: Columns,
    numbers: Vec<f32>,
    rows: Vec<u32>,
    spilt: Option<CellsBuilder>,
}

/// Vectors that can be searched.
pub(super) struct Vectors {
    columns: usize,
    rows: Vec<u32>,
    held: Held,
}

enum Held {
    Memory(Vec<f32>),
    Cells(Cells),
}

impl VectorsBuilder {
    pub(super) fn new(folder: &Path) -> Self {
        Self::with(folder, MOST_NUMBERS)
    }

    pub(super) fn with(folder: &Path, most: usize) -> Self {
        Self {
            folder: folder.to_owned(),
            most,
            columns: Columns::default(),
            numbers: Vec::new(),
            rows: Vec::new(),
            spilt: None,
        }
    }

    pub(super) fn add(&mut self, id: &str, row: u32, vector: &[f32]) -> Result<(), MeasureError> {
        let vector = self.columns.unit(id, vector)?;
        self.rows.push(row);
        if let Some(spilt) = &mut self.spilt {
            return Ok(spilt.add(&vector)?);
        }
        self.numbers.extend(vector);
        if self.numbers.len() > self.most {
            let mut spilt = CellsBuilder::new(&self.folder, self.columns.count())?;
            spilt.add(&std::mem::take(&mut self.numbers))?;
            self.spilt = Some(spilt);
        }
        Ok(())
    }

    pub(super) fn finish(self) -> Result<Vectors, MeasureError> {
        let held = match self.spilt {
            Some(spilt) => Held::Cells(spilt.finish()?),
            None => Held::Memory(self.numbers),
        };
        Ok(Vectors { columns: self.columns.count(), rows: self.rows, held })
    }
}

impl Vectors {
    /// The nearest row of each of some unit vectors, one after the other, each with the id of its
    /// task; none where the set has no vectors.
    pub(super) fn nearest(
        &self,
        queries: &[f32],
        columns: usize,
        id: &str,
    ) -> Result<Vec<Option<Neighbour>>, MeasureError> {
        let mut best = vec![None; queries.len() / columns.max(1)];
        if self.rows.is_empty() || best.is_empty() {
            return Ok(best);
        }
        if columns != self.columns {
            let (wanted, found) = (self.columns, columns);
            return Err(MeasureError::Columns { id: id.to_owned(), wanted, found });
        }
        match &self.held {
            Held::Memory(numbers) => {
                let number = |place| u32::try_from(place).unwrap_or(u32::MAX);
                offer(queries, numbers, columns, number, &mut best);
            }
            Held::Cells(cells) => cells.offer(queries, &mut best)?,
        }
        for best in best.iter_mut().flatten() {
            best.member = self.rows[best.member as usize];
        }
        Ok(best)
    }
}
