//! Look-ups that the runner and the viewers share. Each touches a few rows by an index.

use isomer_record::{Elements, Id, Stage};
use rusqlite::{Connection, OptionalExtension, Row, params};
use serde_json::Value;

use crate::packed::Packed;
use crate::{CallRow, Decomposed, Pending, SeedState, Spent, StoreError};

pub(crate) fn meta(connection: &Connection, name: &str) -> Result<Option<u64>, StoreError> {
    let value = connection
        .prepare_cached("SELECT value FROM meta WHERE name = ?1")?
        .query_row([name], |row| row.get(0))
        .optional()?;
    Ok(value)
}

/// Number of seeds, once they are sealed.
pub(crate) fn sealed(connection: &Connection) -> Result<Option<u64>, StoreError> {
    meta(connection, "sealed")
}

/// Samples of each seed that have all been born, if a start has said so.
pub(crate) fn samples(connection: &Connection) -> Result<Option<u64>, StoreError> {
    meta(connection, "samples")
}

pub(crate) const DECOMPOSED: &str = "
    SELECT position, id FROM items
    WHERE seed IS NOT NULL AND position >= ?1 AND state = 'kept' ORDER BY position LIMIT ?2";

/// Seeds with an element set, by position.
pub(crate) fn decomposed(
    connection: &Connection,
    from: u64,
    most: usize,
) -> Result<Vec<(u64, Id)>, StoreError> {
    let mut statement = connection.prepare_cached(DECOMPOSED)?;
    let rows = statement.query_map(params![from, most], |row| Ok((row.get(0)?, id(row, 1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(crate) fn item_num(connection: &Connection, item: &Id) -> Result<i64, StoreError> {
    connection
        .prepare_cached("SELECT num FROM items WHERE id = ?1")?
        .query_row([item.as_str()], |row| row.get(0))
        .optional()?
        .ok_or_else(|| StoreError::UnknownItem { id: item.to_string() })
}

pub(crate) const SEED_AT: &str = "
    SELECT i.id, s.seed_id, i.state, o.output
    FROM items i
    JOIN seeds s ON s.num = i.seed
    LEFT JOIN outcomes o ON o.item = i.num AND o.stage = i.first AND o.result = 'kept'
    WHERE i.seed IS NOT NULL AND i.position = ?1";

/// A seed's state as stored; [`PackedSeedState::unpack`] is left to the caller's task.
pub(crate) struct PackedSeedState {
    item: Id,
    seed_id: String,
    dropped: bool,
    elements: Option<Packed>,
}

impl PackedSeedState {
    pub(crate) fn unpack(self) -> Result<SeedState, StoreError> {
        let state = match self.elements {
            Some(packed) => Decomposed::Kept(packed.unpack::<Elements>("a seed's elements")?),
            None if self.dropped => Decomposed::Dropped,
            None => Decomposed::Pending,
        };
        Ok(SeedState { item: self.item, seed_id: self.seed_id, state })
    }
}

pub(crate) fn seed_at(
    connection: &Connection,
    position: u64,
) -> Result<PackedSeedState, StoreError> {
    connection
        .prepare_cached(SEED_AT)?
        .query_row([position], |row| {
            Ok(PackedSeedState {
                item: id(row, 0)?,
                seed_id: row.get(1)?,
                dropped: row.get::<_, String>(2)? == "dropped",
                elements: row.get(3)?,
            })
        })
        .optional()?
        .ok_or(StoreError::UnknownSeed { position })
}

pub(crate) const OUTPUT: &str = "
    SELECT o.output FROM items i JOIN outcomes o ON o.item = i.num
    WHERE i.id = ?1 AND o.stage = ?2 AND o.result = 'kept'";

pub(crate) fn output(
    connection: &Connection,
    item: &Id,
    stage: Stage,
) -> Result<Option<Packed>, StoreError> {
    let output = connection
        .prepare_cached(OUTPUT)?
        .query_row(params![item.as_str(), stage.as_str()], |row| row.get(0))
        .optional()?;
    Ok(output)
}

/// Columns of a call, in the order [`PackedCallRow::read`] expects.
pub(crate) const CALL_COLUMNS: &str = "
    key, item, stage, role, model, attempt, status, prompt_tokens, completion_tokens,
    cached_tokens, cost_usd, elapsed_ms, at, request, reply";

/// A call as stored.
pub(crate) struct PackedCallRow {
    row: CallRow,
    at_ms: u64,
    request: Packed,
    reply: Option<Packed>,
}

impl PackedCallRow {
    pub(crate) fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        let call = CallRow {
            key: row.get(0)?,
            item: row.get(1)?,
            stage: row.get(2)?,
            role: row.get(3)?,
            model: row.get(4)?,
            attempt: row.get(5)?,
            status: row.get(6)?,
            request: Value::Null,
            reply: None,
            prompt_tokens: row.get(7)?,
            completion_tokens: row.get(8)?,
            cached_tokens: row.get(9)?,
            cost_usd: row.get(10)?,
            elapsed_ms: row.get(11)?,
        };
        Ok(Self { row: call, at_ms: row.get(12)?, request: row.get(13)?, reply: row.get(14)? })
    }

    /// The call and when it was recorded, in ms since 1970.
    pub(crate) fn unpack(self) -> Result<(CallRow, u64), StoreError> {
        let request = self.request.unpack("a request")?;
        let reply = self.reply.map(|reply| reply.unpack("a reply")).transpose()?;
        Ok((CallRow { request, reply, ..self.row }, self.at_ms))
    }
}

pub(crate) fn call_keys(connection: &Connection, status: &str) -> Result<Vec<String>, StoreError> {
    let mut statement = connection.prepare_cached("SELECT key FROM calls WHERE status = ?1")?;
    let keys = statement.query_map([status], |row| row.get(0))?;
    Ok(keys.collect::<Result<_, _>>()?)
}

/// The latest good answer to a key.
pub(crate) fn find_call(
    connection: &Connection,
    key: &str,
) -> Result<Option<PackedCallRow>, StoreError> {
    let sql = format!(
        "SELECT {CALL_COLUMNS} FROM calls WHERE key = ?1 AND status = 'ok'
         ORDER BY num DESC LIMIT 1"
    );
    let mut statement = connection.prepare_cached(&sql)?;
    Ok(statement.query_row([key], PackedCallRow::read).optional()?)
}

/// Columns of a sum over calls or over the running totals, for [`read_spent`].
pub(crate) fn read_spent(row: &Row<'_>, first: usize) -> rusqlite::Result<Spent> {
    Ok(Spent {
        calls: row.get(first)?,
        prompt_tokens: row.get(first + 1)?,
        completion_tokens: row.get(first + 2)?,
        cached_tokens: row.get(first + 3)?,
        cost_usd: row.get(first + 4)?,
        unpriced_calls: row.get(first + 5)?,
    })
}

pub(crate) fn spent(connection: &Connection) -> Result<Spent, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT coalesce(sum(calls), 0), coalesce(sum(prompt_tokens), 0),
                coalesce(sum(completion_tokens), 0), coalesce(sum(cached_tokens), 0),
                coalesce(sum(cost_usd), 0.0), coalesce(sum(unpriced_calls), 0) FROM spending",
    )?;
    Ok(statement.query_row([], |row| read_spent(row, 0))?)
}

pub(crate) fn pending(connection: &Connection) -> Result<Pending, StoreError> {
    let mut pending = Pending::default();
    let mut statement = connection.prepare_cached("SELECT state, n FROM counts")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let count: u64 = row.get(1)?;
        match row.get_ref(0)?.as_str().unwrap_or_default() {
            "ready" => pending.ready += count,
            "leased" => pending.leased += count,
            "parked" => pending.parked += count,
            "failed" => pending.failed += count,
            _ => {}
        }
    }
    Ok(pending)
}

pub(crate) fn id(row: &Row<'_>, column: usize) -> rusqlite::Result<Id> {
    row.get::<_, String>(column).map(Id::from_stored)
}
