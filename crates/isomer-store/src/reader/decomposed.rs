//! The stream of seeds that have an element set.

use isomer_record::{Elements, Seed};

use super::Reader;
use crate::StoreError;
use crate::packed::Packed;

pub(crate) const DECOMPOSED_SEEDS: &str = "
    SELECT s.body, o.output FROM items i INDEXED BY items_of_seeds
    JOIN seeds s ON s.num = i.seed
    JOIN outcomes o ON o.item = i.num AND o.stage = i.first AND o.result = 'kept'
    WHERE i.seed IS NOT NULL ORDER BY i.position LIMIT ?1";

impl Reader {
    /// Hands over seeds with their element sets, by position and so in random order, one at a time
    /// and at most `most`.
    ///
    /// # Errors
    ///
    /// The callback's error ends the stream and is returned.
    pub fn for_each_decomposed<E: From<StoreError>>(
        &self,
        most: usize,
        mut callback: impl FnMut(Seed, Elements) -> Result<(), E>,
    ) -> Result<(), E> {
        let failed = |error: rusqlite::Error| E::from(StoreError::from(error));
        let mut statement = self.connection.prepare_cached(DECOMPOSED_SEEDS).map_err(failed)?;
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        let mut rows = statement.query([most]).map_err(failed)?;
        while let Some(row) = rows.next().map_err(failed)? {
            let seed: Packed = row.get(0).map_err(failed)?;
            let elements: Packed = row.get(1).map_err(failed)?;
            callback(seed.unpack("a seed")?, elements.unpack("a seed's elements")?)?;
        }
        Ok(())
    }
}
