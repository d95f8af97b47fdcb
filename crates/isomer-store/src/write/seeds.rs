//! Seeds enter the run and get their positions.

use isomer_record::{Origin, Stage};
use rusqlite::{Connection, OptionalExtension, params};

use crate::packed::Packed;
use crate::{AddedSeeds, RepeatedSeed, SeedRow, StoreError, read};

/// A seed row, ready to be bound.
pub(crate) struct PackedSeed {
    item: String,
    order_key: [u8; 16],
    seed_id: String,
    origin: Origin,
    body: Packed,
}

impl PackedSeed {
    pub(crate) fn pack(row: SeedRow) -> Result<Self, StoreError> {
        Ok(Self {
            body: Packed::pack("a seed", &row.seed)?,
            item: row.item.as_str().to_owned(),
            order_key: row.order_key,
            seed_id: row.seed.id,
            origin: row.seed.origin,
        })
    }
}

pub(crate) fn add_seeds(
    connection: &Connection,
    rows: Vec<PackedSeed>,
) -> Result<AddedSeeds, StoreError> {
    if read::sealed(connection)?.is_some() {
        return Err(StoreError::SeedsSealed);
    }
    let mut added = AddedSeeds::default();
    let mut insert = connection.prepare_cached(
        "INSERT INTO seeds (item, seed_id, order_key, file, row, body)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO NOTHING",
    )?;
    for row in rows {
        let inserted = insert.execute(params![
            row.item,
            row.seed_id,
            row.order_key,
            row.origin.file,
            row.origin.row,
            row.body
        ])?;
        if inserted == 1 {
            added.added += 1;
        } else {
            note_repeated(connection, row, &mut added)?;
        }
    }
    Ok(added)
}

fn note_repeated(
    connection: &Connection,
    row: PackedSeed,
    added: &mut AddedSeeds,
) -> Result<(), StoreError> {
    let by_id = find(connection, "SELECT file, row FROM seeds WHERE seed_id = ?1", &row.seed_id)?;
    let same_id = by_id.is_some();
    let first = match by_id {
        Some(first) => Some(first),
        None => find(connection, "SELECT file, row FROM seeds WHERE item = ?1", &row.item)?,
    };
    // The same row of the same file again is no news: its file was named twice.
    let Some(first) = first.filter(|first| *first != row.origin) else { return Ok(()) };
    let list = if same_id { &mut added.duplicate_ids } else { &mut added.repeated_content };
    list.push(RepeatedSeed { seed_id: row.seed_id, first, repeated: row.origin });
    Ok(())
}

fn find(connection: &Connection, sql: &str, key: &str) -> Result<Option<Origin>, StoreError> {
    let mut statement = connection.prepare_cached(sql)?;
    let origin = statement
        .query_row([key], |row| Ok(Origin { file: row.get(0)?, row: row.get(1)? }))
        .optional()?;
    Ok(origin)
}

pub(crate) fn seal_seeds(connection: &Connection) -> Result<u64, StoreError> {
    if let Some(seeds) = read::sealed(connection)? {
        return Ok(seeds);
    }
    let seeds = connection.execute(
        "INSERT INTO items (id, first, stage, state, position, sample, seed)
         SELECT item, ?1, ?1, 'ready', row_number() OVER (ORDER BY order_key, item) - 1, 0, num
         FROM seeds",
        [Stage::Decompose.as_str()],
    )?;
    connection.execute("INSERT INTO meta VALUES ('sealed', ?1)", [seeds])?;
    Ok(seeds as u64)
}

/// Notes that every decomposed seed has this many samples.
pub(crate) fn set_samples(connection: &Connection, samples: u32) -> Result<(), StoreError> {
    let sql = "INSERT INTO meta VALUES ('samples', ?1)
               ON CONFLICT (name) DO UPDATE SET value = excluded.value";
    connection.execute(sql, [samples])?;
    Ok(())
}
