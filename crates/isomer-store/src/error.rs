//! What can go wrong with a run on disk.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use isomer_record::{Id, Stage};

/// A failure of the store.
///
/// It can be cloned because one failed commit is the answer to every write that was in it. The texts
/// are fragments that read after "failed to …".
#[derive(Clone, Debug, thiserror::Error)]
pub enum StoreError {
    /// Another process has the run open for writing.
    #[error("run `{}` is being written by another process", path.display())]
    Locked {
        /// The run's folder.
        path: PathBuf,
    },
    /// The folder holds something that is not a run, or nothing at all.
    #[error("`{}` is not a run: {why}", path.display())]
    NotARun {
        /// The folder.
        path: PathBuf,
        /// What was found instead.
        why: String,
    },
    /// The run was made by a version of isomer that writes other records.
    #[error("run `{}` has format {found}, this version reads format {expected}", path.display())]
    Version {
        /// The run's folder.
        path: PathBuf,
        /// The run's format.
        found: u32,
        /// `isomer_record::FORMAT_VERSION`.
        expected: u32,
    },
    /// A run that was not closed cleanly lies in a folder where nothing may be written.
    #[error(
        "run `{}` was interrupted and its folder cannot be written: copy it elsewhere to read it",
        path.display()
    )]
    NeedsWriting {
        /// The run's folder.
        path: PathBuf,
    },
    /// A file operation failed.
    #[error("cannot {action} `{}`", path.display())]
    Io {
        /// What was tried.
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// The operating system's error.
        source: Arc<io::Error>,
    },
    /// The database refused: a full disk, a failing disk, or a damaged file. Nothing of the
    /// transaction is on disk, and what was acknowledged before it still is.
    #[error("the run's database failed")]
    Database(#[source] Arc<rusqlite::Error>),
    /// An earlier write failed, so this process may not write any more; start it again when the
    /// cause is gone.
    #[error("an earlier write failed and the run is closed for writing")]
    Broken(#[source] Arc<rusqlite::Error>),
    /// The store's threads have ended.
    #[error("the store is closed")]
    Closed,
    /// A stored record cannot be read back, or a new one not be written, as JSON.
    #[error("bad record in {what}")]
    Record {
        /// Where.
        what: &'static str,
        /// The reason.
        source: Arc<serde_json::Error>,
    },
    /// A stored value cannot be unpacked or is outside its closed list.
    #[error("damaged value in {what}: {why}")]
    Damaged {
        /// Where.
        what: &'static str,
        /// What is wrong with it.
        why: String,
    },
    /// No item has this id, or none starts with this text.
    #[error("no item `{id}` in the run")]
    UnknownItem {
        /// The id or its beginning, as asked for.
        id: String,
    },
    /// More than one item starts with this text.
    #[error("`{prefix}` is the beginning of more than one item: {}", list(examples))]
    AmbiguousPrefix {
        /// The text.
        prefix: String,
        /// The first few items it matches.
        examples: Vec<Id>,
    },
    /// There is no seed at this position.
    #[error("no seed at position {position}")]
    UnknownSeed {
        /// The position, from 0.
        position: u64,
    },
    /// Seeds were added after the list was sealed.
    #[error("the run's seeds are sealed and no more can be added")]
    SeedsSealed,
    /// An item was to go on at its own or an earlier stage.
    #[error("item `{item}` cannot go from `{}` to `{}`", stage.as_str(), next.as_str())]
    GoesBack {
        /// The item.
        item: Id,
        /// The stage it leaves.
        stage: Stage,
        /// Where it was to go.
        next: Stage,
    },
    /// An item was to wait for itself.
    #[error("item `{id}` cannot wait for itself")]
    WaitsForItself {
        /// The item.
        id: Id,
    },
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Database(Arc::new(error))
    }
}

impl StoreError {
    /// Whether SQLite itself failed, so that its transaction is lost; a value that does not fit its
    /// column type concerns one command only.
    pub(crate) fn is_from_sqlite(&self) -> bool {
        matches!(self, Self::Database(cause) if cause.sqlite_error_code().is_some())
    }

    /// For `map_err` on file operations.
    pub(crate) fn io(
        action: &'static str,
        path: impl Into<PathBuf>,
    ) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io { action, path, source: Arc::new(source) }
    }

    /// For `map_err` on conversions from and to JSON.
    pub(crate) fn record(what: &'static str) -> impl FnOnce(serde_json::Error) -> Self {
        move |source| Self::Record { what, source: Arc::new(source) }
    }
}

fn list(ids: &[Id]) -> String {
    ids.iter().map(|id| format!("`{id}`")).collect::<Vec<_>>().join(", ")
}
