//! What a viewer sees, of a live run and of a dead one.

use isomer_record::{Boundary, DropReason, Stage, Tally};
use isomer_store::{CallRow, Ending, ItemFilter, ItemState, Reader, Store, StoreError, Work};
use serde_json::{Value, json};

use crate::common::{child, claim_one, dropped, failed, id, kept, sealed};

fn call(key: &str, status: &str, cost_usd: Option<f64>) -> CallRow {
    CallRow {
        key: key.to_owned(),
        item: id("seed 0").to_string(),
        stage: "decompose".to_owned(),
        role: "decomposer".to_owned(),
        model: "m1".to_owned(),
        attempt: 1,
        status: status.to_owned(),
        request: json!({"prompt": "p".repeat(3000)}),
        reply: Some(json!({"text": format!("answer to {key}")})),
        prompt_tokens: 100,
        completion_tokens: 20,
        cached_tokens: 64,
        cost_usd,
        elapsed_ms: 900,
    }
}

/// Three seeds, one end each; two hardened children.
async fn played(dir: &std::path::Path) -> Store {
    let store = sealed(dir, 3).await;
    let seeds = store.claim(&[Stage::Decompose], 3).await.unwrap();
    let mut first = kept(&seeds[0], json!({"Idea": "sum"}), None);
    first.spawn = vec![child(0, 0), child(0, 1)];
    store.finish(first).await.unwrap();
    store.finish(dropped(&seeds[1], DropReason::Refused)).await.unwrap();
    store.finish(failed(&seeds[2])).await.unwrap();
    for stage in &Stage::ALL[1..] {
        for claim in store.claim(&[*stage], 2).await.unwrap() {
            let output = json!({"at": stage.as_str(), "sample": claim.sample.to_string()});
            store.finish(kept(&claim, output, stage.next())).await.unwrap();
        }
    }
    store
}

#[tokio::test]
async fn totals_agree_with_what_was_done() {
    let dir = tempfile::tempdir().unwrap();
    let store = played(dir.path()).await;
    let reader = store.reader().unwrap();
    let tallies = reader.tallies().unwrap();
    assert_eq!(tallies.stages[0].tally, Tally { kept: 1, dropped: 1, failed: 1 });
    for entry in &tallies.stages[1..] {
        assert_eq!(entry.tally, Tally { kept: 2, dropped: 0, failed: 0 });
        assert_eq!((entry.ready, entry.leased, entry.parked), (0, 0, 0));
    }
    assert_eq!(tallies.reasons, [(Stage::Decompose, DropReason::Refused, 1)]);
    assert_eq!(reader.seeds().unwrap(), Some(3));
    let work = |stage| reader.work(stage).unwrap().stage_ms;
    assert_eq!((work(Stage::Decompose), work(Stage::Harden)), (15, 10), "5 ms for each outcome");
    let times = reader.times().unwrap();
    assert!(
        times.created_ms > 1_600_000_000_000 && times.last_outcome_ms >= Some(times.created_ms)
    );
    assert_eq!(times.finished_ms, None, "one has failed");

    drop(store);
    let store = Store::create_or_open(dir.path()).unwrap();
    assert_eq!(reader.tallies().unwrap().stages[0].ready, 1, "the same reader sees the new start");
    let last = claim_one(&store, Stage::Decompose).await;
    store.finish(kept(&last, json!({}), None)).await.unwrap();
    assert_eq!(reader.tallies().unwrap().stages[0].tally, Tally { kept: 2, dropped: 1, failed: 0 });
    let times = reader.times().unwrap();
    assert_eq!(times.finished_ms, times.last_outcome_ms);
}

#[tokio::test]
async fn the_ledger_finds_good_answers_and_adds_up_all() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::create_or_open(dir.path()).unwrap();
    assert_eq!(store.spent().await.unwrap(), isomer_store::Spent::default());
    store.record_call(call("a", "timeout", None)).await.unwrap();
    assert_eq!(store.find_call("a").await.unwrap(), None);
    store.record_call(call("a", "ok", Some(0.25))).await.unwrap();
    store
        .record_call(CallRow { stage: "design".to_owned(), ..call("b", "ok", Some(0.5)) })
        .await
        .unwrap();
    assert_eq!(store.find_call("a").await.unwrap(), Some(call("a", "ok", Some(0.25))));

    let spent = store.spent().await.unwrap();
    assert_eq!((spent.calls, spent.prompt_tokens, spent.unpriced_calls), (3, 300, 1));
    assert!((spent.cost_usd - 0.75).abs() < 1e-9);
    let reader = Reader::open(dir.path()).unwrap();
    let spending = reader.spent().unwrap();
    assert_eq!(spending.total, spent);
    let calls: Vec<_> =
        spending.stages.iter().map(|(stage, spent)| (stage.as_str(), spent.calls)).collect();
    assert_eq!(calls, [("decompose", 2), ("design", 1)]);
    let work = reader.work(Stage::Decompose).unwrap();
    assert_eq!(work, Work { stage_ms: 0, call_ms: 1800 });
    let of_item = reader.calls(&id("seed 0")).unwrap();
    assert_eq!(of_item.len(), 3);
    assert_eq!(of_item[0].call, call("a", "timeout", None));
}

#[tokio::test]
async fn items_are_found_by_the_beginning_of_their_id() {
    let dir = tempfile::tempdir().unwrap();
    let store = sealed(dir.path(), 300).await;
    let reader = store.reader().unwrap();
    let whole = id("seed 7");
    let row = reader.item(&whole.as_str()[..12]).unwrap();
    assert_eq!((&row.id, row.seed_id.as_deref()), (&whole, Some("s7")));
    assert_eq!(reader.item(whole.as_str()).unwrap(), row);
    assert_eq!((row.first, row.state, row.position), (Stage::Decompose, ItemState::Ready, 292));
    let Err(StoreError::AmbiguousPrefix { examples, .. }) = reader.item(&whole.as_str()[..1])
    else {
        panic!("300 ids have 16 first digits")
    };
    assert!(examples.len() > 1 && examples.len() <= 5);
    for nobody in ["", "xyz", "%", "'"] {
        assert!(matches!(reader.item(nobody), Err(StoreError::UnknownItem { .. })), "{nobody}");
    }
    assert_eq!(reader.seed(&whole).unwrap().unwrap().id, "s7");
    assert_eq!(reader.seed(&id("nobody")).unwrap(), None);
}

#[tokio::test]
async fn items_are_listed_by_stage_state_and_reason() {
    let dir = tempfile::tempdir().unwrap();
    let store = played(dir.path()).await;
    let reader = store.reader().unwrap();
    let count = |filter| reader.items(&filter, 100).unwrap().len();
    let all = ItemFilter::default();
    assert_eq!(count(all), 5);
    assert_eq!(reader.items(&all, 2).unwrap().len(), 2);
    assert_eq!(count(ItemFilter { stage: Some(Stage::Harden), ..all }), 2);
    assert_eq!(count(ItemFilter { state: Some(ItemState::Failed), ..all }), 1);
    let refused = ItemFilter { reason: Some(DropReason::Refused), ..all };
    assert_eq!(count(refused), 1);
    assert_eq!(count(ItemFilter { state: Some(ItemState::Kept), ..refused }), 0);
    assert_eq!(count(ItemFilter { stage: Some(Stage::Design), ..refused }), 0);
}

#[tokio::test]
async fn outcomes_keep_the_evidence() {
    let dir = tempfile::tempdir().unwrap();
    let store = played(dir.path()).await;
    let reader = store.reader().unwrap();
    let endings: Vec<_> = ["seed 2", "seed 1", "seed 0"]
        .map(|name| reader.outcomes(&id(name)).unwrap().remove(0).ending)
        .into();
    assert_eq!(
        endings,
        [
            Ending::Kept { output: json!({"Idea": "sum"}) },
            Ending::Dropped {
                reason: DropReason::Refused,
                detail: "as seen".to_owned(),
                evidence: Some(json!({"reply": "no"})),
            },
            Ending::Failed { boundary: Boundary::Model, error: "connection refused".to_owned() },
        ]
    );
    let stages: Vec<_> =
        reader.outcomes(&id("child 0 1")).unwrap().iter().map(|row| row.stage).collect();
    assert_eq!(stages, Stage::ALL[1..]);
}

#[tokio::test]
async fn hardened_items_stream_in_the_order_of_their_ids() {
    let dir = tempfile::tempdir().unwrap();
    let store = played(dir.path()).await;
    let item = id("child 0 0").to_string();
    store.record_call(CallRow { item, ..call("a", "ok", Some(0.5)) }).await.unwrap();
    let mut seen = Vec::new();
    store
        .reader()
        .unwrap()
        .for_each_hardened(|item| {
            let output = item.output::<Value>(Stage::Harden)?.unwrap();
            assert_eq!(output["sample"], item.sample.to_string());
            assert!(item.output::<Value>(Stage::Recombine)?.is_some());
            assert_eq!(item.spent()?.calls, u64::from(item.sample == 0));
            seen.push(item.id);
            Ok::<(), StoreError>(())
        })
        .unwrap();
    assert_eq!(seen.len(), 2);
    assert!(seen.is_sorted());
    let stopped = store.reader().unwrap().for_each_hardened(|_| Err(StoreError::Closed));
    assert!(matches!(stopped, Err(StoreError::Closed)));
}

#[tokio::test]
async fn folders_that_are_no_run_are_refused() {
    let dir = tempfile::tempdir().unwrap();
    assert!(matches!(Reader::open(dir.path()), Err(StoreError::NotARun { .. })));
    std::fs::write(dir.path().join("notes.txt"), "mine").unwrap();
    assert!(matches!(Store::create_or_open(dir.path()), Err(StoreError::NotARun { .. })));
    let left: Vec<_> = std::fs::read_dir(dir.path()).unwrap().collect();
    assert_eq!(left.len(), 1, "a refusal leaves nothing behind");
}
