//! The runner's side of a run.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use isomer_record::{Id, Stage};
use serde_json::Value;

use crate::worker::Worker;
use crate::write::{self, PackedCall, PackedFinish, PackedItem, PackedSeed};
use crate::{
    AddedSeeds, CallRow, Claim, Finish, NewItem, Pending, Reader, SeedRow, SeedState, Spent,
    StoreError, database, folder, read,
};

/// A run that is open for writing: the one seam through which the runner moves items.
///
/// Cloning is cheap and all clones are one store. Writes return when they are on the disk; those that
/// wait at the same time share one commit. A write is done even if its future is dropped. When the
/// database fails (a full disk, say) every write of that commit gets the error and all later ones get
/// [`StoreError::Broken`]: the run must stop, and opening it again resumes from the last commit.
/// Dropping the last clone closes the run.
///
/// # Example
///
/// ```
/// use isomer_record::{Id, Origin, Seed, Stage};
/// use isomer_store::{Finish, Finished, SeedRow, Store};
/// use serde_json::json;
///
/// # let folder = tempfile::tempdir()?;
/// # let runtime = tokio::runtime::Builder::new_current_thread().build()?;
/// # runtime.block_on(async {
/// let store = Store::create_or_open(&folder.path().join("run"))?;
/// store
///     .add_seeds(vec![SeedRow {
///         item: Id::derive(["seed", "sum"]),
///         order_key: [7; 16],
///         seed: Seed {
///             id: "sum".to_owned(),
///             statement: "Add two numbers.".to_owned(),
///             solution: None,
///             origin: Origin { file: "seeds.jsonl".to_owned(), row: 1 },
///         },
///     }])
///     .await?;
/// store.seal_seeds().await?;
///
/// for claim in store.claim(&[Stage::Decompose], 16).await? {
///     let output = json!({"Idea": "addition"});
///     store
///         .finish(Finish {
///             item: claim.item,
///             stage: claim.stage,
///             result: Finished::Kept { output, next: None },
///             spawn: Vec::new(),
///             elapsed_ms: 3,
///         })
///         .await?;
/// }
/// assert!(store.pending().await?.is_complete());
/// # Ok::<(), isomer_store::StoreError>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

/// Dropped from top to bottom: the last connection to close empties the log, and only the writing
/// one can; the lock goes last.
struct Inner {
    reader: Worker,
    writer: Worker,
    dir: PathBuf,
    _lock: File,
}

impl std::fmt::Debug for Store {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Store").field("dir", &self.inner.dir).finish_non_exhaustive()
    }
}

impl Store {
    /// Opens the run in `dir` for writing, making the folder and the database if there is none.
    ///
    /// What a dead process had leased and what failed in the last start is ready again. If the
    /// reading of seeds was never finished, the seeds read so far are forgotten.
    ///
    /// # Errors
    ///
    /// [`StoreError::Locked`] while another process writes; [`StoreError::NotARun`] if the folder
    /// holds other files (`run.toml` may be there); [`StoreError::Version`] if another version of
    /// isomer made it.
    pub fn create_or_open(dir: &Path) -> Result<Self, StoreError> {
        folder::adopt(dir)?;
        let lock = folder::lock(dir)?;
        let writer = Worker::writer(database::open_writer(dir)?)?;
        let reader = Worker::reader(database::open_reader(dir)?)?;
        let inner = Inner { reader, writer, dir: dir.to_owned(), _lock: lock };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// Adds a batch of seeds, all or none. Batches of about a thousand are a good size.
    ///
    /// # Errors
    ///
    /// [`StoreError::SeedsSealed`] after [`Store::seal_seeds`].
    pub async fn add_seeds(&self, rows: Vec<SeedRow>) -> Result<AddedSeeds, StoreError> {
        let rows = rows.into_iter().map(PackedSeed::pack).collect::<Result<Vec<_>, _>>()?;
        self.inner.writer.run(move |connection| write::add_seeds(connection, rows)).await
    }

    /// Ends the reading of seeds: gives them their positions, from 0 in the order of their keys, and
    /// makes them ready to be decomposed. Returns how many there are; a second call only does that.
    pub async fn seal_seeds(&self) -> Result<u64, StoreError> {
        self.inner.writer.run(write::seal_seeds).await
    }

    /// Number of seeds, or `None` if their reading was never finished and has to be done again.
    pub async fn seal(&self) -> Result<Option<u64>, StoreError> {
        self.inner.reader.run(read::sealed).await
    }

    /// How many samples of each decomposed seed are known to be born.
    pub async fn samples(&self) -> Result<Option<u64>, StoreError> {
        self.inner.reader.run(read::samples).await
    }

    /// Notes that every decomposed seed has this many samples.
    pub async fn set_samples(&self, samples: u32) -> Result<(), StoreError> {
        self.inner.writer.run(move |connection| write::set_samples(connection, samples)).await
    }

    /// Seeds with an element set: position and item, up to `most` of them from a position on.
    pub async fn decomposed(&self, from: u64, most: usize) -> Result<Vec<(u64, Id)>, StoreError> {
        self.inner.reader.run(move |connection| read::decomposed(connection, from, most)).await
    }

    /// Adds items without a parent that finishes; those that are there already stay as they are.
    pub async fn add_items(&self, items: Vec<NewItem>) -> Result<(), StoreError> {
        let items = items.into_iter().map(PackedItem::pack).collect::<Result<Vec<_>, _>>()?;
        self.inner.writer.run(move |connection| write::add_items(connection, &items)).await
    }

    /// Leases up to `most` ready items, from the `stages` in the order given, within a stage by
    /// position and sample.
    pub async fn claim(&self, stages: &[Stage], most: usize) -> Result<Vec<Claim>, StoreError> {
        let stages = stages.to_vec();
        let work = move |connection: &_| write::claim(connection, &stages, most);
        let claims = self.inner.writer.run(work).await?;
        claims.into_iter().map(write::PackedClaim::unpack).collect()
    }

    /// Takes an item out of its stage: its outcome, its new state, its children, and whoever waited
    /// for it, in one transaction. Doing it twice is the same as once.
    ///
    /// # Errors
    ///
    /// [`StoreError::UnknownItem`]; [`StoreError::GoesBack`] if the next stage is not a later one.
    pub async fn finish(&self, finish: Finish) -> Result<(), StoreError> {
        let finish = PackedFinish::pack(finish)?;
        self.inner.writer.run(move |connection| write::finish(connection, &finish)).await
    }

    /// Sets `item` aside until `on` leaves its first stage, kept or dropped. If it has already,
    /// `item` is ready again at once.
    ///
    /// # Errors
    ///
    /// [`StoreError::UnknownItem`] for either; [`StoreError::WaitsForItself`].
    pub async fn park(&self, item: &Id, on: &Id) -> Result<(), StoreError> {
        let (item, on) = (item.clone(), on.clone());
        self.inner.writer.run(move |connection| write::park(connection, &item, &on)).await
    }

    /// Gives leases back; the items are ready again as they were.
    pub async fn release(&self, items: &[Id]) -> Result<(), StoreError> {
        let items = items.to_vec();
        self.inner.writer.run(move |connection| write::release(connection, &items)).await
    }

    /// The seed at a position and how far it is.
    ///
    /// # Errors
    ///
    /// [`StoreError::UnknownSeed`] before the seeds are sealed or behind the last.
    pub async fn seed_at(&self, position: u64) -> Result<SeedState, StoreError> {
        self.inner.reader.run(move |connection| read::seed_at(connection, position)).await?.unpack()
    }

    /// What an item left a stage with, if it did.
    pub async fn output(&self, item: &Id, stage: Stage) -> Result<Option<Value>, StoreError> {
        let item = item.clone();
        let work = move |connection: &_| read::output(connection, &item, stage);
        let packed = self.inner.reader.run(work).await?;
        packed.map(|packed| packed.unpack("an output")).transpose()
    }

    /// Enters a call into the ledger, whatever its status.
    pub async fn record_call(&self, row: CallRow) -> Result<(), StoreError> {
        let call = PackedCall::pack(row)?;
        self.inner.writer.run(move |connection| write::record_call(connection, &call)).await
    }

    /// The latest call with this key whose status is `ok`.
    pub async fn find_call(&self, key: &str) -> Result<Option<CallRow>, StoreError> {
        let key = key.to_owned();
        let found = self.inner.reader.run(move |connection| read::find_call(connection, &key));
        found.await?.map(|packed| packed.unpack().map(|(row, _)| row)).transpose()
    }

    /// Keys of all calls with this status. It looks at every call, so it is for the start of
    /// something.
    pub async fn call_keys(&self, status: &'static str) -> Result<Vec<String>, StoreError> {
        self.inner.reader.run(move |connection| read::call_keys(connection, status)).await
    }

    /// What the run has spent, over all starts.
    pub async fn spent(&self) -> Result<Spent, StoreError> {
        self.inner.reader.run(read::spent).await
    }

    /// Where the unfinished items are.
    pub async fn pending(&self) -> Result<Pending, StoreError> {
        self.inner.reader.run(read::pending).await
    }

    /// A read-only connection of its own on this run.
    pub fn reader(&self) -> Result<Reader, StoreError> {
        Reader::open(&self.inner.dir)
    }

    /// The run's folder.
    pub fn dir(&self) -> &Path {
        &self.inner.dir
    }
}
