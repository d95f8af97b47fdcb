//! Vectors of texts beside a run, so that no text is ever embedded twice.
//!
//! A database of its own: a run can be read, and even be in a folder that changes no more, while
//! somebody measures it; and whoever removes the file loses time and nothing else.

use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, OptionalExtension, params};

use crate::StoreError;

const SCHEMA: &str = "
    CREATE TABLE IF NOT EXISTS embedders (
        num        INTEGER PRIMARY KEY,
        name       TEXT NOT NULL UNIQUE,
        dimensions INTEGER NOT NULL
    );
    CREATE TABLE IF NOT EXISTS embeddings (
        embedder INTEGER NOT NULL,   -- embedders.num
        text     BLOB NOT NULL,      -- BLAKE3 digest of the text
        vector   BLOB NOT NULL,      -- 32-bit floats, little-endian
        PRIMARY KEY (embedder, text)
    ) WITHOUT ROWID;";

/// Somebody else may measure the same run.
const BUSY: Duration = Duration::from_secs(30);

/// The digest of a text.
pub type TextKey = [u8; 32];

/// Kept vectors of one embedder.
pub struct Embeddings {
    connection: Connection,
    name: String,
    embedder: Option<Known>,
}

/// An embedder of which the length of vectors is known.
#[derive(Clone, Copy, Debug)]
struct Known {
    num: i64,
    dimensions: usize,
}

impl std::fmt::Debug for Embeddings {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Embeddings").field("embedder", &self.name).finish_non_exhaustive()
    }
}

impl Embeddings {
    /// Opens or makes the file at `path`, whose folder must exist, for the embedder of this name.
    ///
    /// # Errors
    ///
    /// When the file cannot be opened.
    pub fn open(path: &Path, embedder: &str) -> Result<Self, StoreError> {
        let connection = Connection::open(path)?;
        connection.busy_timeout(BUSY)?;
        connection.pragma_update_and_check(None, "journal_mode", "wal", |_| Ok(()))?;
        // What a power cut takes can be computed again.
        connection.pragma_update(None, "synchronous", "normal")?;
        connection.execute_batch(SCHEMA)?;
        let known = known(&connection, embedder)?;
        Ok(Self { connection, name: embedder.to_owned(), embedder: known })
    }

    /// Numbers of a vector; 0 as long as none is kept.
    pub fn dimensions(&self) -> usize {
        self.embedder.map_or(0, |known| known.dimensions)
    }

    /// Whether a text's vector is kept.
    pub fn has(&self, text: &TextKey) -> Result<bool, StoreError> {
        let Some(known) = self.embedder else { return Ok(false) };
        let mut statement = self
            .connection
            .prepare_cached("SELECT 1 FROM embeddings WHERE embedder = ?1 AND text = ?2")?;
        Ok(statement.exists(params![known.num, text])?)
    }

    /// Appends a text's vector to `numbers`; `false` if it is not kept.
    pub fn append(&self, text: &TextKey, numbers: &mut Vec<f32>) -> Result<bool, StoreError> {
        let Some(known) = self.embedder else { return Ok(false) };
        let mut statement = self
            .connection
            .prepare_cached("SELECT vector FROM embeddings WHERE embedder = ?1 AND text = ?2")?;
        let read = |row: &rusqlite::Row<'_>| {
            let bytes = row.get_ref(0)?.as_blob()?;
            let (floats, rest) = bytes.as_chunks::<4>();
            let whole = rest.is_empty() && floats.len() == known.dimensions;
            if whole {
                numbers.extend(floats.iter().map(|bytes| f32::from_le_bytes(*bytes)));
            }
            Ok(whole)
        };
        match statement.query_row(params![known.num, text], read).optional()? {
            None => Ok(false),
            Some(true) => Ok(true),
            Some(false) => Err(StoreError::Damaged {
                what: "the kept embeddings",
                why: "a vector has another length".to_owned(),
            }),
        }
    }

    /// Keeps vectors, all or none. What is kept already stays as it is.
    ///
    /// # Errors
    ///
    /// When a vector is longer or shorter than those before it, or the database fails.
    pub fn add(&mut self, vectors: &[(TextKey, Vec<f32>)]) -> Result<(), StoreError> {
        let Some((_, first)) = vectors.first() else { return Ok(()) };
        let transaction = self.connection.transaction()?;
        transaction.execute(
            "INSERT OR IGNORE INTO embedders (name, dimensions) VALUES (?1, ?2)",
            params![self.name, first.len()],
        )?;
        let Some(known) = known(&transaction, &self.name)? else { return Ok(()) };
        for (text, vector) in vectors {
            if vector.len() != known.dimensions {
                return Err(StoreError::Damaged {
                    what: "a new embedding",
                    why: format!(
                        "`{}` gave {} numbers, and {} before",
                        self.name,
                        vector.len(),
                        known.dimensions
                    ),
                });
            }
            let bytes: Vec<u8> = vector.iter().flat_map(|number| number.to_le_bytes()).collect();
            transaction
                .prepare_cached("INSERT OR IGNORE INTO embeddings VALUES (?1, ?2, ?3)")?
                .execute(params![known.num, text, bytes])?;
        }
        transaction.commit()?;
        self.embedder = Some(known);
        Ok(())
    }
}

fn known(connection: &Connection, name: &str) -> Result<Option<Known>, StoreError> {
    let read = |row: &rusqlite::Row<'_>| Ok(Known { num: row.get(0)?, dimensions: row.get(1)? });
    let found = connection
        .query_row("SELECT num, dimensions FROM embedders WHERE name = ?1", [name], read)
        .optional()?;
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::Embeddings;

    #[test]
    fn vectors_stay_and_belong_to_their_embedder() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("embeddings.db");
        let vector = vec![0.1_f32, -2.5, f32::MIN_POSITIVE];
        let mut one = Embeddings::open(&path, "one").unwrap();
        assert_eq!(one.dimensions(), 0);
        one.add(&[([1; 32], vector.clone()), ([2; 32], vec![0.0; 3])]).unwrap();
        one.add(&[([1; 32], vec![9.0; 3])]).unwrap();
        drop(one);
        let one = Embeddings::open(&path, "one").unwrap();
        let mut numbers = vec![7.0];
        assert!(one.append(&[1; 32], &mut numbers).unwrap());
        assert!(!one.append(&[3; 32], &mut numbers).unwrap());
        assert_eq!(numbers[1..], vector);
        assert_eq!((one.dimensions(), one.has(&[2; 32]).unwrap()), (3, true));
        let other = Embeddings::open(&path, "other").unwrap();
        assert!(!other.has(&[1; 32]).unwrap());
    }

    #[test]
    fn vectors_of_another_length_are_refused() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("embeddings.db");
        let mut kept = Embeddings::open(&path, "one").unwrap();
        assert!(kept.add(&[([1; 32], vec![1.0; 3]), ([2; 32], vec![1.0; 2])]).is_err());
        assert!(!kept.has(&[1; 32]).unwrap(), "half of a batch was kept");
        kept.add(&[([1; 32], vec![1.0; 3])]).unwrap();
        let error = kept.add(&[([2; 32], vec![1.0; 5])]).unwrap_err().to_string();
        assert!(error.contains("gave 5 numbers, and 3 before"), "{error}");
    }
}
