//! Short ways to make rows.

use isomer_record::{Boundary, DropReason, Id, Origin, Seed, Stage};
use isomer_store::{Claim, Finish, Finished, NewItem, SeedRow, Store};
use serde_json::{Value, json};

pub(crate) fn id(name: &str) -> Id {
    Id::derive([name])
}

/// A seed; the higher its number, the lower its position.
pub(crate) fn seed(number: u64) -> SeedRow {
    let mut order_key = [0; 16];
    order_key[..8].copy_from_slice(&(u64::MAX - number).to_be_bytes());
    SeedRow {
        item: id(&format!("seed {number}")),
        order_key,
        seed: Seed {
            id: format!("s{number}"),
            statement: format!("Add {number} to a number."),
            solution: None,
            origin: Origin { file: "seeds.jsonl".to_owned(), row: number + 1 },
        },
    }
}

/// A store with `count` sealed seeds.
pub(crate) async fn sealed(dir: &std::path::Path, count: u64) -> Store {
    let store = Store::create_or_open(dir).unwrap();
    store.add_seeds((0..count).map(seed).collect()).await.unwrap();
    assert_eq!(store.seal_seeds().await.unwrap(), count);
    store
}

pub(crate) async fn claim_one(store: &Store, stage: Stage) -> Claim {
    let mut claims = store.claim(&[stage], 1).await.unwrap();
    assert_eq!(claims.len(), 1, "nothing ready at {stage:?}");
    claims.remove(0)
}

pub(crate) fn kept(claim: &Claim, output: Value, next: Option<Stage>) -> Finish {
    finish(claim, Finished::Kept { output, next })
}

pub(crate) fn dropped(claim: &Claim, reason: DropReason) -> Finish {
    let evidence = Some(json!({"reply": "no"}));
    finish(claim, Finished::Dropped { reason, detail: "as seen".to_owned(), evidence })
}

pub(crate) fn failed(claim: &Claim) -> Finish {
    let error = "connection refused".to_owned();
    finish(claim, Finished::Failed { boundary: Boundary::Model, error })
}

fn finish(claim: &Claim, result: Finished) -> Finish {
    Finish {
        item: claim.item.clone(),
        stage: claim.stage,
        result,
        spawn: Vec::new(),
        elapsed_ms: 5,
    }
}

/// Child `sample` of the seed at `position`, to start at the second stage.
pub(crate) fn child(position: u64, sample: u32) -> NewItem {
    NewItem {
        id: id(&format!("child {position} {sample}")),
        stage: Stage::Recombine,
        position,
        sample,
        input: json!({"of": position}),
    }
}
