//! An item leaves a stage: outcome, new state, births and wake-ups in one transaction.

use isomer_record::{Boundary, DropReason, Id, Stage};
use rusqlite::{Connection, OptionalExtension, params};

use crate::database::now_ms;
use crate::packed::Packed;
use crate::{Finish, Finished, NewItem, StoreError};

/// A finish, ready to be bound.
pub(crate) struct PackedFinish {
    item: Id,
    stage: Stage,
    result: PackedResult,
    spawn: Vec<PackedItem>,
    elapsed_ms: u64,
}

enum PackedResult {
    Kept { output: Packed, next: Option<Stage> },
    Dropped { reason: DropReason, detail: String, evidence: Option<Packed> },
    Failed { boundary: Boundary, error: String },
}

/// An item, ready to be bound.
pub(crate) struct PackedItem {
    id: Id,
    stage: Stage,
    position: u64,
    sample: u32,
    input: Packed,
}

impl PackedFinish {
    pub(crate) fn pack(finish: Finish) -> Result<Self, StoreError> {
        let Finish { item, stage, result, spawn, elapsed_ms } = finish;
        let result = match result {
            Finished::Kept { next: Some(next), .. } if next <= stage => {
                return Err(StoreError::GoesBack { item, stage, next });
            }
            Finished::Kept { output, next } => {
                PackedResult::Kept { output: Packed::pack("an output", &output)?, next }
            }
            Finished::Dropped { reason, detail, evidence } => {
                let evidence =
                    evidence.map(|value| Packed::pack("evidence", &value)).transpose()?;
                PackedResult::Dropped { reason, detail, evidence }
            }
            Finished::Failed { boundary, error } => PackedResult::Failed { boundary, error },
        };
        let spawn = spawn.into_iter().map(PackedItem::pack).collect::<Result<_, _>>()?;
        Ok(Self { item, stage, result, spawn, elapsed_ms })
    }
}

impl PackedItem {
    pub(crate) fn pack(item: NewItem) -> Result<Self, StoreError> {
        let NewItem { id, stage, position, sample, input } = item;
        Ok(Self { id, stage, position, sample, input: Packed::pack("an item's input", &input)? })
    }
}

pub(crate) fn finish(connection: &Connection, finish: &PackedFinish) -> Result<(), StoreError> {
    let Some((num, attempt)) = unfinished(connection, finish)? else { return Ok(()) };
    add_outcome(connection, finish, num, attempt)?;
    add_items(connection, &finish.spawn)?;
    move_on(connection, finish, num)?;
    if !matches!(finish.result, PackedResult::Failed { .. }) {
        wake(connection, num)?;
    }
    Ok(())
}

/// The item's number and attempt, unless it has left the stage before: then this finish is a
/// repetition, for instance of one whose acknowledgement was lost.
fn unfinished(
    connection: &Connection,
    finish: &PackedFinish,
) -> Result<Option<(i64, u32)>, StoreError> {
    let found = connection
        .prepare_cached(
            "SELECT num, attempts, stage = ?2 AND state IN ('ready', 'leased', 'parked')
             FROM items WHERE id = ?1",
        )?
        .query_row(params![finish.item.as_str(), finish.stage.as_str()], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get::<_, bool>(2)?))
        })
        .optional()?;
    match found {
        Some((num, attempt, true)) => Ok(Some((num, attempt))),
        Some(_) => Ok(None),
        None => Err(StoreError::UnknownItem { id: finish.item.to_string() }),
    }
}

fn add_outcome(
    connection: &Connection,
    finish: &PackedFinish,
    num: i64,
    attempt: u32,
) -> Result<(), StoreError> {
    let (result, reason, boundary, detail, evidence, output) = match &finish.result {
        PackedResult::Kept { output, .. } => ("kept", None, None, None, None, Some(output)),
        PackedResult::Dropped { reason, detail, evidence } => {
            ("dropped", Some(reason.as_str()), None, Some(detail), evidence.as_ref(), None)
        }
        PackedResult::Failed { boundary, error } => {
            ("failed", None, Some(boundary.as_str()), Some(error), None, None)
        }
    };
    connection
        .prepare_cached(
            "INSERT INTO outcomes
             (item, stage, attempt, result, reason, boundary, elapsed_ms, at, detail, evidence, output)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
        )?
        .execute(params![
            num,
            finish.stage.as_str(),
            attempt,
            result,
            reason,
            boundary,
            finish.elapsed_ms,
            now_ms(),
            detail,
            evidence,
            output
        ])?;
    Ok(())
}

/// Items that are there already stay as they are.
pub(crate) fn add_items(connection: &Connection, items: &[PackedItem]) -> Result<(), StoreError> {
    let mut insert = connection.prepare_cached(
        "INSERT INTO items (id, first, stage, state, position, sample, input)
         VALUES (?1, ?2, ?2, 'ready', ?3, ?4, ?5) ON CONFLICT (id) DO NOTHING",
    )?;
    for item in items {
        insert.execute(params![
            item.id.as_str(),
            item.stage.as_str(),
            item.position,
            item.sample,
            item.input
        ])?;
    }
    Ok(())
}

fn move_on(connection: &Connection, finish: &PackedFinish, num: i64) -> Result<(), StoreError> {
    match &finish.result {
        PackedResult::Kept { next: Some(next), .. } => connection
            .prepare_cached(
                "UPDATE items SET stage = ?2, state = 'ready', came_from = stage, attempts = 0,
                 waits_for = NULL WHERE num = ?1",
            )?
            .execute(params![num, next.as_str()])?,
        PackedResult::Kept { next: None, .. } => connection
            .prepare_cached("UPDATE items SET state = 'kept', waits_for = NULL WHERE num = ?1")?
            .execute([num])?,
        PackedResult::Dropped { reason, .. } => connection
            .prepare_cached(
                "UPDATE items SET state = 'dropped', reason = ?2, waits_for = NULL WHERE num = ?1",
            )?
            .execute(params![num, reason.as_str()])?,
        PackedResult::Failed { .. } => connection
            .prepare_cached(
                "UPDATE items SET state = 'failed', attempts = attempts + 1, waits_for = NULL
                 WHERE num = ?1",
            )?
            .execute([num])?,
    };
    Ok(())
}

fn wake(connection: &Connection, num: i64) -> Result<(), StoreError> {
    connection.prepare_cached(WAKE)?.execute([num])?;
    Ok(())
}

pub(crate) const WAKE: &str = "
    UPDATE items SET state = 'ready', waits_for = NULL WHERE state = 'parked' AND waits_for = ?1";
