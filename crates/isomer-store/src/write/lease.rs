//! Claiming, parking and releasing items.

use isomer_record::{Id, Stage};
use rusqlite::{Connection, params};

use crate::packed::Packed;
use crate::read::item_num;
use crate::{Claim, StoreError};

/// A claim whose input is not unpacked yet: that is the caller's work, not the writing thread's.
pub(crate) struct PackedClaim {
    item: Id,
    stage: Stage,
    position: u64,
    sample: u32,
    attempts: u32,
    input: Packed,
}

impl PackedClaim {
    pub(crate) fn unpack(self) -> Result<Claim, StoreError> {
        let input = self.input.unpack("an item's input")?;
        let Self { item, stage, position, sample, attempts, .. } = self;
        Ok(Claim { item, stage, position, sample, attempts, input })
    }
}

/// The input lies where it was made: in the outcome of the stage before, in the item of a spawned
/// one, or in the seed.
pub(crate) const CLAIM: &str = "
    SELECT i.num, i.id, i.position, i.sample, i.attempts, coalesce(o.output, i.input, s.body)
    FROM items i
    LEFT JOIN outcomes o ON o.item = i.num AND o.stage = i.came_from AND o.result = 'kept'
    LEFT JOIN seeds s ON s.num = i.seed AND i.came_from IS NULL
    WHERE i.state = 'ready' AND i.stage = ?1
    ORDER BY i.position, i.sample LIMIT ?2";

pub(crate) fn claim(
    connection: &Connection,
    stages: &[Stage],
    most: usize,
) -> Result<Vec<PackedClaim>, StoreError> {
    let mut claims = Vec::new();
    for &stage in stages {
        let wanted = most - claims.len();
        if wanted == 0 {
            break;
        }
        for (num, claim) in ready(connection, stage, wanted)? {
            connection
                .prepare_cached("UPDATE items SET state = 'leased' WHERE num = ?1")?
                .execute([num])?;
            claims.push(claim);
        }
    }
    Ok(claims)
}

fn ready(
    connection: &Connection,
    stage: Stage,
    most: usize,
) -> Result<Vec<(i64, PackedClaim)>, StoreError> {
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    let mut statement = connection.prepare_cached(CLAIM)?;
    let rows = statement.query_map(params![stage.as_str(), most], |row| {
        let claim = PackedClaim {
            item: Id::from_stored(row.get::<_, String>(1)?),
            stage,
            position: row.get(2)?,
            sample: row.get(3)?,
            attempts: row.get(4)?,
            input: row.get(5)?,
        };
        Ok((row.get(0)?, claim))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The check and the parking are one transaction with whatever `on` does, so no wake-up is lost.
pub(crate) fn park(connection: &Connection, item: &Id, on: &Id) -> Result<(), StoreError> {
    if item == on {
        return Err(StoreError::WaitsForItself { id: item.clone() });
    }
    let item = item_num(connection, item)?;
    let target = item_num(connection, on)?;
    let waits = connection
        .prepare_cached(
            "SELECT stage = first AND state NOT IN ('kept', 'dropped') FROM items WHERE num = ?1",
        )?
        .query_row([target], |row| row.get::<_, bool>(0))?;
    let (state, waits_for) = if waits { ("parked", Some(target)) } else { ("ready", None) };
    connection
        .prepare_cached(
            "UPDATE items SET state = ?2, waits_for = ?3
             WHERE num = ?1 AND state IN ('ready', 'leased')",
        )?
        .execute(params![item, state, waits_for])?;
    Ok(())
}

pub(crate) fn release(connection: &Connection, items: &[Id]) -> Result<(), StoreError> {
    for item in items {
        let num = item_num(connection, item)?;
        connection
            .prepare_cached("UPDATE items SET state = 'ready' WHERE num = ?1 AND state = 'leased'")?
            .execute([num])?;
    }
    Ok(())
}
