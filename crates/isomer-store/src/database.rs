//! Opening the database: durability, schema, version, and what a dead process left behind.

use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use isomer_record::FORMAT_VERSION;
use rusqlite::{Connection, ErrorCode, OpenFlags};

use crate::{StoreError, folder};

const SCHEMA: &str = include_str!("schema.sql");

/// Marks the file as ours for `file` and for the check below; spells `isom`.
const APPLICATION_ID: u32 = 0x6973_6f6d;

/// Nobody of ours ever waits for a lock; this is for a person with a shell on the database.
const BUSY: Duration = Duration::from_secs(10);

/// Distinct statements of the store, all of which stay prepared.
const STATEMENTS: usize = 64;

/// Opens for writing, creating the schema in an empty file. The caller holds the lock.
pub(crate) fn open_writer(dir: &Path) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_CREATE
        | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(folder::database(dir), flags)?;
    connection.busy_timeout(BUSY)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    let is_new = is_empty(&connection).map_err(|error| explain(dir, error))?;
    if !is_new {
        check_format(&connection, dir)?;
    }
    connection.pragma_update_and_check(None, "journal_mode", "wal", |_| Ok(()))?;
    // FULL: a commit is acknowledged when it is on the disk, not when the kernel has it.
    connection.pragma_update(None, "synchronous", "full")?;
    // 64 MB of log between checkpoints: moving pages from the log to their places is what costs most
    // when ids fall all over a large index. A log grown by one large transaction is cut back to that.
    connection.pragma_update(None, "wal_autocheckpoint", 16_000)?;
    connection.pragma_update(None, "journal_size_limit", 64 << 20)?;
    // 2 MiB: full after some ten seeds, so that memory is the same for any longer run.
    connection.pragma_update(None, "cache_size", -2_048)?;
    if is_new {
        create(&connection)?;
    }
    recover(&connection)?;
    Ok(connection)
}

fn is_empty(connection: &Connection) -> rusqlite::Result<bool> {
    connection.query_row("SELECT count(*) = 0 FROM sqlite_schema", [], |row| row.get(0))
}

/// Names the common case of a file that is no database at all.
fn explain(dir: &Path, error: rusqlite::Error) -> StoreError {
    if error.sqlite_error_code() == Some(ErrorCode::NotADatabase) {
        return folder::not_a_run(dir, "its `run.db` is not a database");
    }
    error.into()
}

fn create(connection: &Connection) -> Result<(), StoreError> {
    let transaction = connection.unchecked_transaction()?;
    transaction.execute_batch(SCHEMA)?;
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.pragma_update(None, "user_version", FORMAT_VERSION)?;
    transaction.execute("INSERT INTO meta VALUES ('created_at', ?1)", [now_ms()])?;
    transaction.commit()?;
    Ok(())
}

/// Refuses what is not ours and what another version wrote.
pub(crate) fn check_format(connection: &Connection, dir: &Path) -> Result<(), StoreError> {
    let pragma = |name| -> Result<u32, StoreError> {
        connection
            .pragma_query_value(None, name, |row| row.get(0))
            .map_err(|error| explain(dir, error))
    };
    if pragma("application_id")? != APPLICATION_ID {
        return Err(folder::not_a_run(dir, "its `run.db` was made by another program"));
    }
    let found = pragma("user_version")?;
    if found != FORMAT_VERSION {
        return Err(StoreError::Version { path: dir.to_owned(), found, expected: FORMAT_VERSION });
    }
    Ok(())
}

/// Gives back what a dead process held, lets failed items try again, and forgets seeds whose reading
/// was never finished: the files may be others by now, and two readings must not mix.
fn recover(connection: &Connection) -> Result<(), StoreError> {
    let transaction = connection.unchecked_transaction()?;
    transaction.execute(RECOVER, [])?;
    transaction.execute(
        "DELETE FROM seeds WHERE NOT EXISTS (SELECT 1 FROM meta WHERE name = 'sealed')",
        [],
    )?;
    transaction.commit()?;
    Ok(())
}

pub(crate) const RECOVER: &str =
    "UPDATE items SET state = 'ready' WHERE state IN ('leased', 'failed')";

/// Opens for reading, beside a live writer or on a dead run.
pub(crate) fn open_reader(dir: &Path) -> Result<Connection, StoreError> {
    let path = folder::database(dir);
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(&path, flags)?;
    let connection = match is_empty(&connection) {
        Ok(_) => connection,
        Err(error) if cannot_share_memory(&error) => open_immutable(dir)?,
        Err(error) => return Err(explain(dir, error)),
    };
    connection.busy_timeout(BUSY)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    check_format(&connection, dir)?;
    Ok(connection)
}

/// Readers of a database in WAL mode share memory through a file beside it, which they cannot make
/// in a folder that is read-only.
fn cannot_share_memory(error: &rusqlite::Error) -> bool {
    matches!(error.sqlite_error_code(), Some(ErrorCode::CannotOpen | ErrorCode::ReadOnly))
}

fn open_immutable(dir: &Path) -> Result<Connection, StoreError> {
    let path = folder::database(dir);
    // An immutable database is read without its log: sound only if the log is empty.
    let log = dir.join(format!("{}-wal", folder::DATABASE));
    if log.metadata().is_ok_and(|metadata| metadata.len() > 0) {
        return Err(StoreError::NeedsWriting { path: dir.to_owned() });
    }
    let path = path.canonicalize().map_err(StoreError::io("find", &path))?;
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY
        | OpenFlags::SQLITE_OPEN_NO_MUTEX
        | OpenFlags::SQLITE_OPEN_URI;
    let connection = Connection::open_with_flags(immutable_uri(&path), flags)?;
    is_empty(&connection).map_err(|error| explain(dir, error))?;
    Ok(connection)
}

fn immutable_uri(path: &Path) -> String {
    let escaped =
        path.to_string_lossy().replace('%', "%25").replace('?', "%3f").replace('#', "%23");
    format!("file:{escaped}?immutable=1")
}

/// Milliseconds since 1970; a clock before that counts as 1970.
pub(crate) fn now_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use rusqlite::Connection;

    use super::{immutable_uri, is_empty, open_immutable, open_reader, open_writer};
    use crate::StoreError;

    #[test]
    fn another_version_is_refused_by_writers_and_readers() {
        let dir = tempfile::tempdir().unwrap();
        let connection = open_writer(dir.path()).unwrap();
        connection.pragma_update(None, "user_version", 77).unwrap();
        drop(connection);
        for error in [open_writer(dir.path()).err(), open_reader(dir.path()).err()] {
            let text = error.unwrap().to_string();
            assert!(text.ends_with("has format 77, this version reads format 1"), "{text}");
        }
    }

    #[test]
    fn other_files_called_run_db_are_refused_and_left_alone() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("run.db");
        fs::write(&path, "x".repeat(5000)).unwrap();
        assert!(matches!(open_writer(dir.path()), Err(StoreError::NotARun { .. })));
        assert!(matches!(open_reader(dir.path()), Err(StoreError::NotARun { .. })));
        assert_eq!(fs::read_to_string(&path).unwrap(), "x".repeat(5000));

        fs::remove_file(&path).unwrap();
        let other = Connection::open(&path).unwrap();
        other.execute_batch("CREATE TABLE recipes (name TEXT)").unwrap();
        assert!(matches!(open_writer(dir.path()), Err(StoreError::NotARun { .. })));
        assert!(matches!(open_reader(dir.path()), Err(StoreError::NotARun { .. })));
    }

    #[test]
    fn a_start_killed_before_its_schema_can_be_repeated() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("run.db"), "").unwrap();
        assert!(!is_empty(&open_writer(dir.path()).unwrap()).unwrap());
    }

    #[test]
    fn a_closed_run_reads_without_shared_memory_and_an_interrupted_one_does_not() {
        let dir = tempfile::tempdir().unwrap();
        let writer = open_writer(dir.path()).unwrap();
        let error = open_immutable(dir.path()).unwrap_err();
        assert!(matches!(error, StoreError::NeedsWriting { .. }), "{error}");
        drop(writer);
        assert!(!is_empty(&open_immutable(dir.path()).unwrap()).unwrap());
    }

    #[test]
    fn odd_path_characters_survive_the_uri() {
        let uri = immutable_uri("/a b/50%/why?/#1/run.db".as_ref());
        assert_eq!(uri, "file:/a b/50%25/why%3f/%231/run.db?immutable=1");
    }
}
