//! Seeds that have an element set.

use isomer_record::{Elements, Seed};
use rusqlite::params;

use super::Reader;
use crate::StoreError;
use crate::packed::Packed;

/// A seed that was taken apart.
#[derive(Clone, Debug, PartialEq)]
pub struct DecomposedSeed {
    /// Its place in the run's random order.
    pub position: u64,
    /// The seed.
    pub seed: Seed,
    /// Its elements.
    pub elements: Elements,
}

pub(crate) const DECOMPOSED_SEEDS: &str = "
    SELECT i.position, s.body, o.output FROM items i INDEXED BY items_of_seeds
    JOIN seeds s ON s.num = i.seed
    JOIN outcomes o ON o.item = i.num AND o.stage = i.first AND o.result = 'kept'
    WHERE i.seed IS NOT NULL AND i.position >= ?1 ORDER BY i.position LIMIT ?2";

impl Reader {
    /// Seeds with an element set, up to `most` of them from a position on. Positions are a random
    /// order, so the first few are a fair sample.
    pub fn decomposed_seeds(
        &self,
        from: u64,
        most: usize,
    ) -> Result<Vec<DecomposedSeed>, StoreError> {
        let mut statement = self.connection.prepare_cached(DECOMPOSED_SEEDS)?;
        let mut rows = statement.query(params![from, most])?;
        let mut seeds = Vec::new();
        while let Some(row) = rows.next()? {
            let (seed, elements): (Packed, Packed) = (row.get(1)?, row.get(2)?);
            seeds.push(DecomposedSeed {
                position: row.get(0)?,
                seed: seed.unpack("a seed")?,
                elements: elements.unpack("a seed's elements")?,
            });
        }
        Ok(seeds)
    }
}
