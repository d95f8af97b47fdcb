//! Paid calls enter the ledger.

use rusqlite::{Connection, params};

use crate::database::now_ms;
use crate::packed::Packed;
use crate::{CallRow, StoreError};

/// A call, ready to be bound.
pub(crate) struct PackedCall {
    row: CallRow,
    request: Packed,
    reply: Option<Packed>,
}

impl PackedCall {
    pub(crate) fn pack(row: CallRow) -> Result<Self, StoreError> {
        let request = Packed::pack("a request", &row.request)?;
        let reply = row.reply.as_ref().map(|reply| Packed::pack("a reply", reply)).transpose()?;
        Ok(Self { row, request, reply })
    }
}

pub(crate) fn record_call(connection: &Connection, call: &PackedCall) -> Result<(), StoreError> {
    let row = &call.row;
    connection
        .prepare_cached(
            "INSERT INTO calls
             (key, item, stage, role, model, attempt, status, prompt_tokens, completion_tokens,
              cached_tokens, cost_usd, elapsed_ms, at, request, reply)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)",
        )?
        .execute(params![
            row.key,
            row.item,
            row.stage,
            row.role,
            row.model,
            row.attempt,
            row.status,
            row.prompt_tokens,
            row.completion_tokens,
            row.cached_tokens,
            row.cost_usd,
            row.elapsed_ms,
            now_ms(),
            call.request,
            call.reply
        ])?;
    Ok(())
}
