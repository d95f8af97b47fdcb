//! What every run of these tests needs.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use isomer_flow::pack::Pack;
use isomer_flow::runner::{self, Ended, FlowError, Ingested, StopLevel};
use isomer_flow::seeds::BadRow;
use isomer_flow::stages::{Cx, FlowSettings};
use isomer_record::{Event, Origin, Seed};
use isomer_sandbox::{Isolation, Sandbox, Settings};
use isomer_store::Store;
use serde_json::Value;
use tempfile::TempDir;
use tokio::sync::{mpsc, watch};

use crate::script::{Mood, Script};

/// A run's folder and everything around it.
pub(crate) struct World {
    folder: TempDir,
    pub(crate) cx: Cx,
}

impl World {
    pub(crate) async fn new(mood: Mood, jobs: usize) -> Self {
        Self::of("pack", None, mood, jobs).await
    }

    /// With the pack in this folder, and programs run by this Python.
    pub(crate) async fn of(pack: &str, python: Option<PathBuf>, mood: Mood, jobs: usize) -> Self {
        let pack = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pipeline").join(pack);
        let sandbox = Sandbox::open(Settings {
            launcher: std::env::current_exe().unwrap(),
            python,
            slots: 2,
            isolation: Isolation::Full,
        });
        let settings = FlowSettings { jobs, ..FlowSettings::default() };
        let cx = Cx {
            pack: Arc::new(Pack::load(&pack).unwrap()),
            model: Arc::new(Script(mood)),
            sandbox: Arc::new(sandbox.await.unwrap()),
            settings: Arc::new(settings),
        };
        Self { folder: tempfile::tempdir().unwrap(), cx }
    }

    pub(crate) fn store(&self) -> Store {
        Store::create_or_open(&self.dir()).unwrap()
    }

    fn dir(&self) -> PathBuf {
        self.folder.path().join("run")
    }

    /// The dataset as it lies on disk.
    pub(crate) fn dataset(&self) -> String {
        fs::read_to_string(self.dir().join("tasks.jsonl")).unwrap()
    }

    pub(crate) fn tasks(&self) -> Vec<Value> {
        self.dataset().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// Reads `rows` into `store`.
    pub(crate) async fn ingest(
        &self,
        store: &Store,
        rows: Vec<Result<Seed, BadRow>>,
        strict: bool,
    ) -> Result<Ingested, FlowError> {
        let (events, _watcher) = mpsc::unbounded_channel();
        runner::ingest(&self.cx, store, rows.into_iter(), strict, &events).await
    }

    /// Runs until the end, or until `stop` items have left a stage and `level` is asked for.
    pub(crate) async fn run(&self, stop: Option<(usize, StopLevel)>) -> (Ended, Vec<Event>) {
        let store = self.store();
        self.ingest(&store, seeds(), false).await.unwrap();
        let (events, mut watcher) = mpsc::unbounded_channel();
        let (asks, level) = watch::channel(StopLevel::Run);
        let watching = tokio::spawn(async move {
            let (mut seen, mut left) = (Vec::new(), 0);
            while let Some(event) = watcher.recv().await {
                left += usize::from(matches!(event, Event::Kept { .. } | Event::Dropped { .. }));
                if let Some((after, level)) = stop
                    && left >= after
                {
                    asks.send_replace(level);
                }
                seen.push(event);
            }
            seen
        });
        let ended = runner::run(self.cx.clone(), store, events, level).await.unwrap();
        (ended, watching.await.unwrap())
    }
}

/// Seven seeds, of which two are dropped and two need a second answer.
pub(crate) fn seeds() -> Vec<Result<Seed, BadRow>> {
    let names = ["one", "cut", "three", "slow", "hopeless", "six", "forbidden"];
    (1..).zip(names).map(|(row, name)| Ok(seed(name, row))).collect()
}

pub(crate) fn seed(name: &str, row: u64) -> Seed {
    Seed {
        id: name.to_owned(),
        statement: format!("A problem about {name}"),
        solution: None,
        origin: Origin { file: "seeds.jsonl".to_owned(), row },
    }
}
