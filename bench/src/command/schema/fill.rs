//! A run whose seeds are all taken apart, written by the product's own store.

use std::path::{Path, PathBuf};

use futures::future::try_join_all;
use isomer_bench::mock::{Mock, Profile};
use isomer_record::{Id, Origin, Seed, Stage};
use isomer_store::{Finish, Finished, Reader, SeedRow, Store};

use super::texts;
use crate::Failure;
use crate::driver::{Driver, complete};

/// Seeds added or finished together.
const BATCH: u64 = 1000;

/// The file of a run's settings.
const SETTINGS: &str = "run.toml";

/// What a run of the binary leaves: its settings, and the names of its elements.
pub(super) struct Model {
    settings: PathBuf,
    pub(super) names: Vec<String>,
}

impl Model {
    /// Has the binary take a few seeds apart.
    pub(super) fn make(driver: &Driver) -> Result<Self, Failure> {
        let mock = Mock::start(Profile { short_designs: 1.0, ..Profile::default() })?;
        let run = driver.path("model");
        complete(&mut driver.run(&run, &driver.seeds(8)?, &mock, 4))?;
        let one = Reader::open(&run)?.decomposed_seeds(0, 1)?.pop();
        let elements = one.ok_or("the mock took no seed apart")?.elements;
        let names = elements.0.into_keys().collect();
        Ok(Self { settings: run.join(SETTINGS), names })
    }

    /// Writes a run of `count` made-up seeds.
    pub(super) fn fill(&self, run: &Path, count: u64) -> Result<(), Failure> {
        std::fs::create_dir_all(run)?;
        std::fs::copy(&self.settings, run.join(SETTINGS))?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(self.write(&Store::create_or_open(run)?, count))
    }

    async fn write(&self, store: &Store, count: u64) -> Result<(), Failure> {
        for start in (0..count).step_by(usize::try_from(BATCH)?) {
            let rows = (start..count.min(start + BATCH)).map(row);
            store.add_seeds(rows.collect()).await?;
        }
        store.seal_seeds().await?;
        loop {
            let claims = store.claim(&[Stage::Decompose], usize::try_from(BATCH)?).await?;
            if claims.is_empty() {
                return Ok(());
            }
            let mut finished = Vec::with_capacity(claims.len());
            for claim in claims {
                let seed: Seed = serde_json::from_value(claim.input)?;
                let elements = texts::elements(seed.origin.row, &self.names);
                let output = serde_json::to_value(elements)?;
                finished.push(store.finish(Finish {
                    item: claim.item,
                    stage: claim.stage,
                    result: Finished::Kept { output, next: None },
                    spawn: Vec::new(),
                    elapsed_ms: 0,
                }));
            }
            try_join_all(finished).await?;
        }
    }
}

fn row(number: u64) -> SeedRow {
    let id = format!("seed-{number}");
    let mut order_key = [0; 16];
    order_key.copy_from_slice(&blake3::hash(id.as_bytes()).as_bytes()[..16]);
    let origin = Origin { file: "made-up.jsonl".to_owned(), row: number };
    let statement = texts::problem(number);
    let item = Id::derive(["seed", &id]);
    SeedRow { item, order_key, seed: Seed { id, statement, solution: None, origin } }
}
