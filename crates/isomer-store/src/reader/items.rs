//! Single items, their outcomes and calls, and the stream of hardened ones.

use isomer_record::{Id, Seed, Stage};
use rusqlite::{Connection, OptionalExtension, Row, params};
use serde::de::DeserializeOwned;

use super::Reader;
use super::rows::{
    CallRecord, Ending, ItemFilter, ItemRow, OutcomeRow, boundary, reason, stage, state,
};
use crate::packed::Packed;
use crate::read::{self, CALL_COLUMNS, PackedCallRow};
use crate::{Spent, StoreError};

const ITEM: &str = "
    SELECT i.id, i.first, i.stage, i.state, i.position, i.sample, i.attempts, s.seed_id, w.id,
           i.reason
    FROM items i LEFT JOIN seeds s ON s.num = i.seed LEFT JOIN items w ON w.num = i.waits_for";

/// How many matches an ambiguous prefix shows.
const EXAMPLES: usize = 5;

impl Reader {
    /// The item with this id, or the only one whose id starts with this text.
    ///
    /// # Errors
    ///
    /// [`StoreError::UnknownItem`], or [`StoreError::AmbiguousPrefix`] with a few examples.
    pub fn item(&self, prefix: &str) -> Result<ItemRow, StoreError> {
        let mut ids = self.ids_from(prefix)?;
        match (ids.len(), ids.first()) {
            (1, Some(id)) => self.item_exactly(id),
            // An id that is also the beginning of others means itself; it sorts first.
            (_, Some(first)) if first.as_str() == prefix => self.item_exactly(first),
            (0, _) => Err(StoreError::UnknownItem { id: prefix.to_owned() }),
            _ => {
                ids.truncate(EXAMPLES);
                Err(StoreError::AmbiguousPrefix { prefix: prefix.to_owned(), examples: ids })
            }
        }
    }

    fn ids_from(&self, prefix: &str) -> Result<Vec<Id>, StoreError> {
        if prefix.is_empty() {
            return Ok(Vec::new());
        }
        let mut statement = self
            .connection
            .prepare_cached("SELECT id FROM items WHERE id >= ?1 ORDER BY id LIMIT ?2")?;
        let rows = statement.query_map(params![prefix, EXAMPLES + 1], |row| read::id(row, 0))?;
        let mut ids = rows.collect::<Result<Vec<_>, _>>()?;
        ids.retain(|id| id.as_str().starts_with(prefix));
        Ok(ids)
    }

    fn item_exactly(&self, id: &Id) -> Result<ItemRow, StoreError> {
        let mut statement = self.connection.prepare_cached(&format!("{ITEM} WHERE i.id = ?1"))?;
        let mut rows = statement.query([id.as_str()])?;
        match rows.next()? {
            Some(row) => item_row(row),
            None => Err(StoreError::UnknownItem { id: id.to_string() }),
        }
    }

    /// Up to `limit` items that match, by position and sample.
    pub fn items(&self, filter: &ItemFilter, limit: usize) -> Result<Vec<ItemRow>, StoreError> {
        // The names come from closed lists of ours, and the partial indexes need to see them.
        let conditions: Vec<_> = [
            filter.stage.map(|stage| format!("i.stage = '{}'", stage.as_str())),
            filter.state.map(|state| format!("i.state = '{}'", state.as_str())),
            filter
                .reason
                .map(|reason| format!("i.state = 'dropped' AND i.reason = '{}'", reason.as_str())),
        ]
        .into_iter()
        .flatten()
        .collect();
        let conditions = if conditions.is_empty() {
            String::new()
        } else {
            format!(" WHERE {}", conditions.join(" AND "))
        };
        // Chosen before they are joined, or a large run would be joined whole to show ten rows.
        let sql = format!(
            "{ITEM} WHERE i.num IN (SELECT i.num FROM items i{conditions}
                 ORDER BY i.position, i.sample, i.id LIMIT ?1)
             ORDER BY i.position, i.sample, i.id"
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        let mut rows = statement.query([i64::try_from(limit).unwrap_or(i64::MAX)])?;
        let mut items = Vec::new();
        while let Some(row) = rows.next()? {
            items.push(item_row(row)?);
        }
        Ok(items)
    }

    /// Every try of the item, in the order of time.
    pub fn outcomes(&self, item: &Id) -> Result<Vec<OutcomeRow>, StoreError> {
        let num = read::item_num(&self.connection, item)?;
        let mut statement = self.connection.prepare_cached(
            "SELECT stage, attempt, result, reason, boundary, elapsed_ms, at, detail, evidence,
                    output FROM outcomes WHERE item = ?1 ORDER BY num",
        )?;
        let mut rows = statement.query([num])?;
        let mut outcomes = Vec::new();
        while let Some(row) = rows.next()? {
            outcomes.push(outcome_row(row)?);
        }
        Ok(outcomes)
    }

    /// The calls made for the item, in the order of time.
    pub fn calls(&self, item: &Id) -> Result<Vec<CallRecord>, StoreError> {
        let sql = format!("SELECT {CALL_COLUMNS} FROM calls WHERE item = ?1 ORDER BY num");
        let mut statement = self.connection.prepare_cached(&sql)?;
        let rows = statement.query_map([item.as_str()], PackedCallRow::read)?;
        rows.map(|row| row?.unpack().map(|(call, at_ms)| CallRecord { call, at_ms })).collect()
    }

    /// The seed an item is, if it is one.
    pub fn seed(&self, item: &Id) -> Result<Option<Seed>, StoreError> {
        let body: Option<Packed> = self
            .connection
            .prepare_cached("SELECT body FROM seeds WHERE item = ?1")?
            .query_row([item.as_str()], |row| row.get(0))
            .optional()?;
        body.map(|body| body.unpack("a seed")).transpose()
    }

    /// Hands over every hardened item, ordered by id, one at a time.
    ///
    /// # Errors
    ///
    /// The callback's error ends the stream and is returned.
    pub fn for_each_hardened<E: From<StoreError>>(
        &self,
        mut callback: impl FnMut(HardenedItem<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut statement = self.connection.prepare_cached(HARDENED).map_err(StoreError::from)?;
        let mut rows = statement.query([]).map_err(StoreError::from)?;
        while let Some(row) = rows.next().map_err(StoreError::from)? {
            callback(hardened_item(&self.connection, row).map_err(StoreError::from)?)?;
        }
        Ok(())
    }
}

pub(crate) const HARDENED: &str = "
    SELECT id, position, sample FROM items WHERE state = 'kept' AND stage = 'harden' ORDER BY id";

/// A hardened item in [`Reader::for_each_hardened`]. Its products are read when asked for, because
/// the last one already contains most of the others.
pub struct HardenedItem<'a> {
    connection: &'a Connection,
    /// Its identity.
    pub id: Id,
    /// Position of the seed it belongs to.
    pub position: u64,
    /// Which of that seed's samples it is.
    pub sample: u32,
}

impl HardenedItem<'_> {
    /// What the item left a stage with, for instance a `Hardened` at [`Stage::Harden`].
    pub fn output<T: DeserializeOwned>(&self, stage: Stage) -> Result<Option<T>, StoreError> {
        let packed = read::output(self.connection, &self.id, stage)?;
        packed.map(|packed| packed.unpack("an output")).transpose()
    }

    /// What the item's own calls cost.
    pub fn spent(&self) -> Result<Spent, StoreError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT count(*), coalesce(sum(prompt_tokens), 0), coalesce(sum(completion_tokens), 0),
                    coalesce(sum(cached_tokens), 0), coalesce(sum(cost_usd), 0.0),
                    coalesce(sum(cost_usd IS NULL), 0) FROM calls WHERE item = ?1",
        )?;
        Ok(statement.query_row([self.id.as_str()], |row| read::read_spent(row, 0))?)
    }
}

fn hardened_item<'a>(
    connection: &'a Connection,
    row: &Row<'_>,
) -> rusqlite::Result<HardenedItem<'a>> {
    Ok(HardenedItem {
        connection,
        id: read::id(row, 0)?,
        position: row.get(1)?,
        sample: row.get(2)?,
    })
}

fn item_row(row: &Row<'_>) -> Result<ItemRow, StoreError> {
    Ok(ItemRow {
        id: read::id(row, 0)?,
        first: stage(&row.get::<_, String>(1)?)?,
        stage: stage(&row.get::<_, String>(2)?)?,
        state: state(&row.get::<_, String>(3)?)?,
        position: row.get(4)?,
        sample: row.get(5)?,
        attempts: row.get(6)?,
        seed_id: row.get(7)?,
        waits_for: row.get::<_, Option<String>>(8)?.map(Id::from_stored),
        reason: row.get::<_, Option<String>>(9)?.map(|name| reason(&name)).transpose()?,
    })
}

fn outcome_row(row: &Row<'_>) -> Result<OutcomeRow, StoreError> {
    let detail = row.get::<_, Option<String>>(7)?.unwrap_or_default();
    let ending = match row.get::<_, String>(2)?.as_str() {
        "kept" => Ending::Kept { output: row.get::<_, Packed>(9)?.unpack("an output")? },
        "dropped" => Ending::Dropped {
            reason: reason(&row.get::<_, String>(3)?)?,
            detail,
            evidence: row
                .get::<_, Option<Packed>>(8)?
                .map(|evidence| evidence.unpack("evidence"))
                .transpose()?,
        },
        _ => Ending::Failed { boundary: boundary(&row.get::<_, String>(4)?)?, error: detail },
    };
    Ok(OutcomeRow {
        stage: stage(&row.get::<_, String>(0)?)?,
        attempt: row.get(1)?,
        ending,
        elapsed_ms: row.get(5)?,
        at_ms: row.get(6)?,
    })
}
