//! Items: claiming, finishing, parking, and what an open does to them.

use isomer_record::{DropReason, Stage};
use isomer_store::{Finish, Pending, Store, StoreError};
use serde_json::json;

use crate::common::{child, claim_one, dropped, failed, id, kept, sealed};

#[tokio::test]
async fn claims_follow_stages_then_positions_then_samples() {
    let dir = tempfile::tempdir().unwrap();
    let store = sealed(dir.path(), 3).await;
    let first = claim_one(&store, Stage::Decompose).await;
    let spawn = vec![child(7, 1), child(7, 0), child(2, 5)];
    store.finish(Finish { spawn, ..kept(&first, json!({}), None) }).await.unwrap();
    let claims = store.claim(&[Stage::Recombine, Stage::Decompose], 4).await.unwrap();
    let order: Vec<_> =
        claims.iter().map(|claim| (claim.stage, claim.position, claim.sample)).collect();
    assert_eq!(
        order,
        [
            (Stage::Recombine, 2, 5),
            (Stage::Recombine, 7, 0),
            (Stage::Recombine, 7, 1),
            (Stage::Decompose, 1, 0)
        ]
    );
    assert_eq!(claims[0].input, json!({"of": 2}));
    let left = store.claim(&Stage::ALL, 10).await.unwrap();
    assert_eq!(left.len(), 1, "leased items are not given twice");
    assert!(store.claim(&Stage::ALL, 10).await.unwrap().is_empty());
    store.release(&[claims[3].item.clone()]).await.unwrap();
    assert_eq!(claim_one(&store, Stage::Decompose).await, claims[3]);
}

#[tokio::test]
async fn an_item_carries_its_product_from_stage_to_stage() {
    let dir = tempfile::tempdir().unwrap();
    let store = sealed(dir.path(), 1).await;
    let seed = claim_one(&store, Stage::Decompose).await;
    let spawn = vec![child(0, 0)];
    store.finish(Finish { spawn, ..kept(&seed, json!({}), None) }).await.unwrap();
    let mut expected = json!({"of": 0});
    for stage in &Stage::ALL[1..] {
        let claim = claim_one(&store, *stage).await;
        assert_eq!(claim.input, expected);
        expected = json!({"made at": stage.as_str(), "text": "x".repeat(2000)});
        store.finish(kept(&claim, expected.clone(), stage.next())).await.unwrap();
        let stored = store.output(&claim.item, *stage).await.unwrap();
        assert_eq!(stored, Some(expected.clone()));
    }
    assert!(store.pending().await.unwrap().is_complete());
    assert_eq!(store.output(&id("child 0 0"), Stage::Decompose).await.unwrap(), None);
}

#[tokio::test]
async fn finishing_twice_changes_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let store = sealed(dir.path(), 1).await;
    let seed = claim_one(&store, Stage::Decompose).await;
    let first =
        Finish { spawn: vec![child(0, 0)], ..kept(&seed, json!({"n": "1"}), Some(Stage::Design)) };
    store.finish(first.clone()).await.unwrap();
    let tallies = store.reader().unwrap().tallies().unwrap();
    store.finish(first).await.unwrap();
    store.finish(dropped(&seed, DropReason::Refused)).await.unwrap();
    store.finish(failed(&seed)).await.unwrap();
    assert_eq!(store.reader().unwrap().tallies().unwrap(), tallies);
    let design = claim_one(&store, Stage::Design).await;
    assert_eq!(design.input, json!({"n": "1"}));
    store.finish(failed(&design)).await.unwrap();
    store.finish(kept(&design, json!({}), None)).await.unwrap();
    assert_eq!(
        store.pending().await.unwrap(),
        Pending { ready: 1, failed: 1, ..Pending::default() }
    );
}

#[tokio::test]
async fn refused_commands_change_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let store = sealed(dir.path(), 1).await;
    let seed = claim_one(&store, Stage::Decompose).await;
    let back = store.finish(kept(&seed, json!({}), Some(Stage::Decompose))).await.unwrap_err();
    let text = back.to_string();
    assert!(text.ends_with("cannot go from `decompose` to `decompose`"), "{text}");
    let unknown = Finish { item: id("nobody"), ..kept(&seed, json!({}), None) };
    let unknown = store.finish(unknown).await;
    assert!(matches!(unknown, Err(StoreError::UnknownItem { .. })));
    let nobody = store.park(&seed.item, &id("nobody")).await;
    assert!(matches!(nobody, Err(StoreError::UnknownItem { .. })));
    let itself = store.park(&seed.item, &seed.item).await;
    assert!(matches!(itself, Err(StoreError::WaitsForItself { .. })));
    let partly = store.release(&[seed.item.clone(), id("nobody")]).await;
    assert!(matches!(partly, Err(StoreError::UnknownItem { .. })));
    assert_eq!(store.pending().await.unwrap(), Pending { leased: 1, ..Pending::default() });
}

#[tokio::test]
async fn parked_items_wake_when_their_target_leaves_its_first_stage() {
    for end in ["kept", "moved on", "dropped"] {
        let dir = tempfile::tempdir().unwrap();
        let store = sealed(dir.path(), 3).await;
        let seeds = store.claim(&[Stage::Decompose], 3).await.unwrap();
        let spawn = vec![child(0, 0), child(0, 1)];
        store.finish(Finish { spawn, ..kept(&seeds[0], json!({}), None) }).await.unwrap();
        let children = store.claim(&[Stage::Recombine], 2).await.unwrap();
        for item in &children {
            store.park(&item.item, &seeds[1].item).await.unwrap();
        }
        store.finish(kept(&seeds[2], json!({}), None)).await.unwrap();
        assert_eq!(store.pending().await.unwrap().parked, 2, "woken by another item");
        let finish = match end {
            "kept" => kept(&seeds[1], json!({}), None),
            "moved on" => kept(&seeds[1], json!({}), Some(Stage::Design)),
            _ => dropped(&seeds[1], DropReason::Refused),
        };
        store.finish(finish).await.unwrap();
        assert_eq!(store.claim(&[Stage::Recombine], 9).await.unwrap(), children);

        store.park(&children[0].item, &seeds[1].item).await.unwrap();
        assert_eq!(claim_one(&store, Stage::Recombine).await, children[0], "{end}: at once");
    }
}

#[tokio::test]
async fn who_waits_for_a_failed_item_waits_for_the_next_start() {
    let dir = tempfile::tempdir().unwrap();
    let store = sealed(dir.path(), 2).await;
    let seeds = store.claim(&[Stage::Decompose], 2).await.unwrap();
    let spawn = vec![child(0, 0)];
    store.finish(Finish { spawn, ..kept(&seeds[0], json!({}), None) }).await.unwrap();
    let waiting = claim_one(&store, Stage::Recombine).await;
    store.park(&waiting.item, &seeds[1].item).await.unwrap();
    store.finish(failed(&seeds[1])).await.unwrap();
    let pending = store.pending().await.unwrap();
    assert_eq!(pending, Pending { parked: 1, failed: 1, ..Pending::default() });
    assert!(pending.is_idle() && !pending.is_complete());

    drop(store);
    let store = Store::create_or_open(dir.path()).unwrap();
    let again = claim_one(&store, Stage::Decompose).await;
    assert_eq!((&again.item, again.attempts), (&seeds[1].item, 1));
    store.finish(kept(&again, json!({}), Some(Stage::Design))).await.unwrap();
    assert_eq!(claim_one(&store, Stage::Recombine).await, waiting);
    assert_eq!(claim_one(&store, Stage::Design).await.attempts, 0, "tries count by stage");
}

#[tokio::test]
async fn an_item_is_born_once() {
    let dir = tempfile::tempdir().unwrap();
    let store = sealed(dir.path(), 2).await;
    let seeds = store.claim(&[Stage::Decompose], 2).await.unwrap();
    let spawn = |seed| Finish { spawn: vec![child(0, 0)], ..kept(seed, json!({}), None) };
    store.finish(spawn(&seeds[0])).await.unwrap();
    claim_one(&store, Stage::Recombine).await;
    store.finish(spawn(&seeds[1])).await.unwrap();
    assert_eq!(store.pending().await.unwrap(), Pending { leased: 1, ..Pending::default() });
}

#[tokio::test]
async fn leases_end_with_their_process() {
    let dir = tempfile::tempdir().unwrap();
    let store = sealed(dir.path(), 5).await;
    let before = store.claim(&[Stage::Decompose], 3).await.unwrap();
    drop(store);
    let store = Store::create_or_open(dir.path()).unwrap();
    let pending = store.pending().await.unwrap();
    assert_eq!(pending, Pending { ready: 5, ..Pending::default() });
    assert_eq!(store.claim(&[Stage::Decompose], 3).await.unwrap(), before);
}
