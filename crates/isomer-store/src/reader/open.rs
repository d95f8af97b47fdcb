//! The read-only connection.

use std::path::{Path, PathBuf};

use rusqlite::Connection;

use crate::{StoreError, database, folder};

/// A read-only view of a run, alive in another process or dead.
///
/// Each method sees the state of the last commit. A run that was closed cleanly can also be read in
/// a folder that is read-only.
pub struct Reader {
    pub(super) connection: Connection,
    dir: PathBuf,
}

impl std::fmt::Debug for Reader {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Reader").field("dir", &self.dir).finish_non_exhaustive()
    }
}

impl Reader {
    /// Opens the run in `dir`.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotARun`], saying what was found instead; [`StoreError::Version`];
    /// [`StoreError::NeedsWriting`] for an interrupted run in a read-only folder.
    pub fn open(dir: &Path) -> Result<Self, StoreError> {
        folder::expect_run(dir)?;
        Ok(Self { connection: database::open_reader(dir)?, dir: dir.to_owned() })
    }

    /// The run's folder.
    pub fn dir(&self) -> &Path {
        &self.dir
    }
}
