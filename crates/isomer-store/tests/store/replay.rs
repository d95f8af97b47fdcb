//! Whatever the schedule and wherever the crashes, a run ends in the same state.

use std::collections::VecDeque;
use std::path::Path;

use isomer_record::{Boundary, DropReason, Id, Stage};
use isomer_store::{
    Claim, Decomposed, Finish, Finished, ItemFilter, NewItem, OutcomeRow, Store, Tallies,
};
use proptest::prelude::*;
use serde_json::json;
use tempfile::TempDir;

use crate::common::seed;

const SEEDS: u64 = 5;
const LATE_FIRST: [Stage; 6] =
    [Stage::Harden, Stage::Verify, Stage::Solve, Stage::Design, Stage::Recombine, Stage::Decompose];

#[derive(Clone, Debug)]
enum Action {
    Claim(usize),
    Work(usize),
    Release(usize),
    RepeatFinish,
    Reopen,
    Crash,
}

fn action() -> impl Strategy<Value = Action> {
    prop_oneof![
        6 => (1..5_usize).prop_map(Action::Claim),
        12 => (0..8_usize).prop_map(Action::Work),
        1 => (0..8_usize).prop_map(Action::Release),
        2 => Just(Action::RepeatFinish),
        1 => Just(Action::Reopen),
        2 => Just(Action::Crash),
    ]
}

/// A runner of a toy method whose every decision follows from the item's id.
struct Run {
    dir: TempDir,
    store: Option<Store>,
    leased: VecDeque<Claim>,
    last: Option<Finish>,
}

impl Run {
    async fn start() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::create_or_open(dir.path()).unwrap();
        store.add_seeds((0..SEEDS).map(seed).collect()).await.unwrap();
        store.seal_seeds().await.unwrap();
        Self { dir, store: Some(store), leased: VecDeque::new(), last: None }
    }

    fn store(&self) -> &Store {
        self.store.as_ref().unwrap()
    }

    async fn act(&mut self, action: Action) {
        match action {
            Action::Claim(most) => {
                let claims = self.store().claim(&LATE_FIRST, most).await.unwrap();
                self.leased.extend(claims);
            }
            Action::Work(pick) => {
                let pick = pick % self.leased.len().max(1);
                if let Some(claim) = self.leased.remove(pick) {
                    self.work(claim).await;
                }
            }
            Action::Release(pick) => {
                if let Some(claim) = self.leased.remove(pick) {
                    self.store().release(&[claim.item]).await.unwrap();
                }
            }
            Action::RepeatFinish => {
                if let Some(last) = self.last.clone() {
                    self.store().finish(last).await.unwrap();
                }
            }
            Action::Reopen => self.open_in(None),
            Action::Crash => {
                // What lies in the files between two commands is what a crash would leave.
                let copy = tempfile::tempdir().unwrap();
                for name in ["run.db", "run.db-wal"] {
                    copy_if_there(&self.dir.path().join(name), &copy.path().join(name));
                }
                self.open_in(Some(copy));
            }
        }
    }

    fn open_in(&mut self, dir: Option<TempDir>) {
        self.leased.clear();
        // A repetition of a failure would be a second failure of the next start.
        self.last = self.last.take().filter(|last| !matches!(last.result, Finished::Failed { .. }));
        self.store = None;
        if let Some(dir) = dir {
            self.dir = dir;
        }
        self.store = Some(Store::create_or_open(self.dir.path()).unwrap());
    }

    async fn work(&mut self, claim: Claim) {
        let mut output = json!({"of": claim.input, "at": claim.stage.as_str()});
        if claim.stage == Stage::Decompose {
            output = json!({"Idea": claim.input["id"]});
        }
        if claim.stage == Stage::Recombine {
            let position = (claim.item.entropy() >> 8) % SEEDS;
            let seed = self.store().seed_at(position).await.unwrap();
            if seed.state == Decomposed::Pending {
                return self.store().park(&claim.item, &seed.item).await.unwrap();
            }
            output = json!({"drawn": format!("{:?}", seed.state)});
        }
        let finish = decide(&claim, output);
        self.store().finish(finish.clone()).await.unwrap();
        self.last = Some(finish);
    }

    async fn complete(&mut self) {
        while !self.store().pending().await.unwrap().is_complete() {
            if self.store().pending().await.unwrap().is_idle() {
                self.act(Action::Reopen).await;
            }
            self.act(Action::Claim(4)).await;
            while !self.leased.is_empty() {
                self.act(Action::Work(0)).await;
            }
        }
    }

    /// Everything but times, which differ, and row numbers, which nobody sees.
    fn end_state(&self) -> (Vec<(String, Vec<OutcomeRow>)>, Tallies) {
        let reader = self.store().reader().unwrap();
        let items = reader.items(&ItemFilter::default(), 10_000).unwrap();
        let with_outcomes = items.into_iter().map(|item| {
            let mut outcomes = reader.outcomes(&item.id).unwrap();
            for outcome in &mut outcomes {
                outcome.at_ms = 0;
            }
            (format!("{item:?}"), outcomes)
        });
        (with_outcomes.collect(), reader.tallies().unwrap())
    }
}

fn copy_if_there(from: &Path, to: &Path) {
    if from.exists() {
        std::fs::copy(from, to).unwrap();
    }
}

fn decide(claim: &Claim, output: serde_json::Value) -> Finish {
    let chance = Id::derive([claim.item.as_str(), claim.stage.as_str()]).entropy() % 16;
    let mut spawn = Vec::new();
    let result = if chance < 3 && claim.attempts == 0 {
        Finished::Failed { boundary: Boundary::Model, error: "timeout".to_owned() }
    } else if chance == 5 {
        let detail = "unlucky".to_owned();
        Finished::Dropped { reason: DropReason::Refused, detail, evidence: None }
    } else {
        let next = claim.stage.next().filter(|_| claim.stage != Stage::Decompose);
        if claim.stage == Stage::Decompose {
            spawn.extend((0..2).map(|sample| NewItem {
                id: Id::derive([claim.item.as_str(), &sample.to_string()]),
                stage: Stage::Recombine,
                position: claim.position,
                sample,
                input: json!({"seed": claim.item}),
            }));
        }
        Finished::Kept { output, next }
    };
    Finish { item: claim.item.clone(), stage: claim.stage, result, spawn, elapsed_ms: 1 }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn crashes_and_schedules_leave_no_trace(actions in prop::collection::vec(action(), 0..120)) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let mut calm = Run::start().await;
            calm.complete().await;
            let mut rough = Run::start().await;
            for action in actions {
                rough.act(action).await;
            }
            rough.open_in(None);
            rough.complete().await;
            let (expected, found) = (calm.end_state(), rough.end_state());
            assert!(expected.0.len() > 5);
            assert_eq!(expected, found);
        });
    }
}
