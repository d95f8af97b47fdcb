//! Which of the mock's answers a run has on disk, read past `isomer` from the run's database.
//!
//! Every answer of the mock names the request it belongs to, so that the ledger can be compared
//! with the mock's own journal.

use std::collections::BTreeSet;
use std::path::Path;

use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags};

const NAMED: &str = "Thinking about request ";
const NAME_LENGTH: usize = 16;
const ZSTD_MAGIC: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];

/// A run whose ledger could not be read.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// The files of the run could not be copied or unpacked.
    #[error("failed to read the run's files")]
    Files(#[from] std::io::Error),
    /// The database could not be read.
    #[error("failed to read the run's database")]
    Database(#[from] rusqlite::Error),
}

/// The names of all requests whose good answers the run at `run` has recorded.
///
/// Works on a copy: reading must not repair what a crash has left behind.
pub fn recorded(run: &Path) -> Result<BTreeSet<String>, LedgerError> {
    let copy = tempfile::tempdir()?;
    let mut names = BTreeSet::new();
    let Some(database) = copied(run, copy.path())? else { return Ok(names) };
    let known: i64 = database.query_row(
        "SELECT count(*) FROM sqlite_master WHERE name = 'calls'",
        [],
        |row| row.get(0),
    )?;
    if known == 0 {
        return Ok(names);
    }
    let mut query = database.prepare("SELECT reply FROM calls WHERE status = 'ok'")?;
    let mut rows = query.query([])?;
    while let Some(row) = rows.next()? {
        names.extend(name_in(&unpacked(row.get_ref(0)?)?));
    }
    Ok(names)
}

/// Every text in every table of the run's database, unpacked: where a secret would be found that
/// compression hides from a search through the files.
pub fn texts(run: &Path) -> Result<Vec<String>, LedgerError> {
    let copy = tempfile::tempdir()?;
    let mut texts = Vec::new();
    let Some(database) = copied(run, copy.path())? else { return Ok(texts) };
    let mut tables = database.prepare("SELECT name FROM sqlite_master WHERE type = 'table'")?;
    let tables: Vec<String> = tables.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
    for table in tables {
        let mut query = database.prepare(&format!("SELECT * FROM \"{table}\""))?;
        let columns = query.column_count();
        let mut rows = query.query([])?;
        while let Some(row) = rows.next()? {
            for column in 0..columns {
                let bytes = unpacked(row.get_ref(column)?)?;
                texts.push(String::from_utf8_lossy(&bytes).into_owned());
            }
        }
    }
    Ok(texts)
}

/// The database of a copy in `to`; none when the run was killed before it was made.
fn copied(run: &Path, to: &Path) -> Result<Option<Connection>, LedgerError> {
    for name in ["run.db", "run.db-wal"] {
        match std::fs::copy(run.join(name), to.join(name)) {
            Ok(_) => {}
            // There is no write-ahead log after a clean end.
            Err(error) if error.kind() == std::io::ErrorKind::NotFound && name == "run.db-wal" => {}
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error.into()),
        }
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE;
    Ok(Some(Connection::open_with_flags(to.join("run.db"), flags)?))
}

fn unpacked(value: ValueRef<'_>) -> Result<Vec<u8>, LedgerError> {
    Ok(match value {
        ValueRef::Text(text) => text.to_vec(),
        ValueRef::Blob(bytes) if bytes.starts_with(&ZSTD_MAGIC) => zstd::decode_all(bytes)?,
        ValueRef::Blob(bytes) => bytes.to_vec(),
        _ => Vec::new(),
    })
}

fn name_in(reply: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(reply);
    let (_, rest) = text.split_once(NAMED)?;
    rest.get(..NAME_LENGTH).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::{Connection, recorded, texts};

    #[test]
    fn names_are_found_in_plain_and_packed_replies() {
        let run = tempfile::tempdir().unwrap();
        assert!(recorded(run.path()).unwrap().is_empty());
        let database = Connection::open(run.path().join("run.db")).unwrap();
        assert!(recorded(run.path()).unwrap().is_empty());
        database.execute("CREATE TABLE calls (status TEXT, reply)", []).unwrap();
        let reply = |name: &str| format!("{{\"text\": \"Thinking about request {name}.\\n\"}}");
        let packed = zstd::encode_all(reply("bbbbbbbbbbbbbbbb").as_bytes(), 3).unwrap();
        let insert = "INSERT INTO calls VALUES (?1, ?2)";
        database.execute(insert, ("ok", reply("aaaaaaaaaaaaaaaa"))).unwrap();
        database.execute(insert, ("ok", packed)).unwrap();
        database.execute(insert, ("truncated", reply("cccccccccccccccc"))).unwrap();
        let names: Vec<String> = recorded(run.path()).unwrap().into_iter().collect();
        assert_eq!(names, ["aaaaaaaaaaaaaaaa", "bbbbbbbbbbbbbbbb"]);
        let texts = texts(run.path()).unwrap();
        assert!(texts.contains(&reply("bbbbbbbbbbbbbbbb")), "{texts:?}");
    }
}
