//! Seeds into the run, before anything is paid for.

use isomer_record::{Event, Seed};
use isomer_store::{AddedSeeds, SeedRow, Store};
use tokio::sync::mpsc::{self, UnboundedSender};
use tokio::task;

use super::FlowError;
use super::identity::{content_id, seed_id};
use crate::draw::{FEWEST_SEEDS, order_key};
use crate::seeds::BadRow;
use crate::stages::Cx;

/// Seeds in one transaction.
const BATCH: usize = 1000;

/// What was read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ingested {
    /// Seeds in the run.
    pub seeds: u64,
    /// Rows that are no seeds.
    pub bad_rows: u64,
    /// Rows whose id or content an earlier row has.
    pub repeated: u64,
}

/// Reads all of `rows` into the run and seals it. A run that is sealed already is left alone.
///
/// Bad and repeated rows are skipped with a warning, or with `strict` end the reading.
///
/// # Errors
/// With `strict` the first row that is not usable; fewer than four usable seeds; the store's
/// failures. Nothing is sealed then, and the next start reads again.
pub async fn ingest<R>(
    cx: &Cx,
    store: &Store,
    rows: R,
    strict: bool,
    events: &UnboundedSender<Event>,
) -> Result<Ingested, FlowError>
where
    R: Iterator<Item = Result<Seed, BadRow>> + Send + 'static,
{
    if let Some(seeds) = store.seal().await? {
        return Ok(Ingested { seeds, ..Ingested::default() });
    }
    let mut reading = Reading { strict, events, total: Ingested::default() };
    // Reading blocks, so it has a thread of its own; two batches are held at most.
    let (sender, mut batches) = mpsc::channel(1);
    let reader = task::spawn_blocking(move || send_batches(rows, &sender));
    while let Some(batch) = batches.recv().await {
        let seeds = reading.usable(batch)?;
        let rows = seeds.into_iter().map(|seed| seed_row(cx, seed)).collect();
        let added = store.add_seeds(rows).await?;
        reading.added(&added)?;
    }
    reader.await?;
    let mut total = reading.total;
    if total.seeds < FEWEST_SEEDS {
        return Err(FlowError::TooFewSeeds { usable: total.seeds, needed: FEWEST_SEEDS });
    }
    total.seeds = store.seal_seeds().await?;
    let skipped = total.bad_rows + total.repeated;
    // A watcher that has gone away must not stop the run.
    let _ = events.send(Event::SeedsRead { seeds: total.seeds, skipped });
    Ok(total)
}

type Batch = Vec<Result<Seed, BadRow>>;

fn send_batches(
    mut rows: impl Iterator<Item = Result<Seed, BadRow>>,
    sender: &mpsc::Sender<Batch>,
) {
    loop {
        let batch: Batch = rows.by_ref().take(BATCH).collect();
        // Nobody listens any more when the reading was given up.
        if batch.is_empty() || sender.blocking_send(batch).is_err() {
            return;
        }
    }
}

fn seed_row(cx: &Cx, seed: Seed) -> SeedRow {
    let order_key = order_key(cx.settings.seed, &content_id(&seed));
    SeedRow { item: seed_id(&cx.pack, &seed), order_key, seed }
}

struct Reading<'a> {
    strict: bool,
    events: &'a UnboundedSender<Event>,
    total: Ingested,
}

impl Reading<'_> {
    fn usable(&mut self, batch: Batch) -> Result<Vec<Seed>, FlowError> {
        let mut seeds = Vec::with_capacity(batch.len());
        for row in batch {
            match row {
                Ok(seed) => seeds.push(seed),
                Err(bad) if self.strict => return Err(FlowError::BadRow(Box::new(bad))),
                Err(bad) => {
                    self.total.bad_rows += 1;
                    self.warn(format!("skipped {bad}"));
                }
            }
        }
        Ok(seeds)
    }

    fn added(&mut self, added: &AddedSeeds) -> Result<(), FlowError> {
        self.total.seeds += added.added;
        let ids = added.duplicate_ids.iter().map(|row| (row, "the id"));
        let content = added.repeated_content.iter().map(|row| (row, "the content"));
        for (row, what) in ids.chain(content) {
            let text = format!(
                "`{}`, row {}: seed `{}` has {what} of `{}`, row {}",
                row.repeated.file, row.repeated.row, row.seed_id, row.first.file, row.first.row
            );
            if self.strict {
                return Err(FlowError::RepeatedSeed(text));
            }
            self.total.repeated += 1;
            self.warn(format!("skipped {text}"));
        }
        Ok(())
    }

    fn warn(&self, message: String) {
        // A watcher that has gone away must not stop the run.
        let _ = self.events.send(Event::Warning { message });
    }
}
