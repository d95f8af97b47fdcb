//! Seeds: order, duplicates, interrupted readings.

use isomer_record::{Origin, Stage};
use isomer_store::{Decomposed, RepeatedSeed, Store, StoreError};
use serde_json::json;

use crate::common::{claim_one, dropped, failed, kept, sealed, seed};

#[tokio::test]
async fn positions_follow_the_keys_and_not_the_reading() {
    for order in [[0, 1, 2], [2, 0, 1]] {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::create_or_open(dir.path()).unwrap();
        for number in order {
            store.add_seeds(vec![seed(number)]).await.unwrap();
        }
        assert_eq!(store.seal().await.unwrap(), None);
        assert_eq!(store.seal_seeds().await.unwrap(), 3);
        assert_eq!(store.seal_seeds().await.unwrap(), 3);
        assert_eq!(store.seal().await.unwrap(), Some(3));
        for position in 0..3 {
            let state = store.seed_at(position).await.unwrap();
            assert_eq!(state.seed_id, format!("s{}", 2 - position));
            assert_eq!(state.state, Decomposed::Pending);
        }
        let behind = store.seed_at(3).await;
        assert!(matches!(behind, Err(StoreError::UnknownSeed { position: 3 })));
        let late = store.add_seeds(vec![seed(9)]).await;
        assert!(matches!(late, Err(StoreError::SeedsSealed)));
    }
}

#[tokio::test]
async fn the_first_row_wins_and_the_others_are_named() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::create_or_open(dir.path()).unwrap();
    let mut same_id = seed(1);
    same_id.item = seed(77).item;
    same_id.seed.origin.row = 50;
    let mut same_content = seed(2);
    same_content.seed.id = "copy".to_owned();
    same_content.seed.origin.row = 60;
    let rows = vec![seed(1), seed(2), same_id, same_content, seed(1)];
    let added = store.add_seeds(rows).await.unwrap();
    assert_eq!(added.added, 2);
    let at = |row| Origin { file: "seeds.jsonl".to_owned(), row };
    assert_eq!(
        added.duplicate_ids,
        [RepeatedSeed { seed_id: "s1".to_owned(), first: at(2), repeated: at(50) }]
    );
    assert_eq!(
        added.repeated_content,
        [RepeatedSeed { seed_id: "copy".to_owned(), first: at(3), repeated: at(60) }]
    );
    assert_eq!(store.seal_seeds().await.unwrap(), 2);
}

#[tokio::test]
async fn an_unfinished_reading_is_forgotten() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::create_or_open(dir.path()).unwrap();
    store.add_seeds(vec![seed(1), seed(2)]).await.unwrap();
    drop(store);
    let store = Store::create_or_open(dir.path()).unwrap();
    assert_eq!(store.seal().await.unwrap(), None);
    let added = store.add_seeds(vec![seed(2)]).await.unwrap();
    assert_eq!((added.added, added.duplicate_ids.len()), (1, 0));
    assert_eq!(store.seal_seeds().await.unwrap(), 1);
    drop(store);
    let store = Store::create_or_open(dir.path()).unwrap();
    assert_eq!(store.seal().await.unwrap(), Some(1));
}

#[tokio::test]
async fn a_run_may_have_no_seeds() {
    let dir = tempfile::tempdir().unwrap();
    let store = sealed(dir.path(), 0).await;
    assert_eq!(store.seal().await.unwrap(), Some(0));
    assert!(store.pending().await.unwrap().is_complete());
}

#[tokio::test]
async fn a_seed_shows_how_its_decomposition_ended() {
    let dir = tempfile::tempdir().unwrap();
    let store = sealed(dir.path(), 3).await;
    let claims = store.claim(&[Stage::Decompose], 3).await.unwrap();
    assert_eq!(claims[0].input["id"], "s2");
    store.finish(kept(&claims[0], json!({"Idea": "sum"}), None)).await.unwrap();
    let reason = isomer_record::DropReason::Refused;
    store.finish(dropped(&claims[1], reason)).await.unwrap();
    store.finish(failed(&claims[2])).await.unwrap();
    let Decomposed::Kept(elements) = store.seed_at(0).await.unwrap().state else { panic!() };
    assert_eq!(elements.get("Idea"), Some("sum"));
    assert_eq!(store.seed_at(1).await.unwrap().state, Decomposed::Dropped);
    assert_eq!(store.seed_at(2).await.unwrap().state, Decomposed::Pending);

    drop(store);
    let store = Store::create_or_open(dir.path()).unwrap();
    let again = claim_one(&store, Stage::Decompose).await;
    assert_eq!((again.position, again.attempts), (2, 1));
    store.finish(kept(&again, json!({"Idea": "late"}), None)).await.unwrap();
    assert!(matches!(store.seed_at(2).await.unwrap().state, Decomposed::Kept(_)));
    let outcomes = store.reader().unwrap().outcomes(&again.item).unwrap();
    assert_eq!(outcomes.iter().map(|row| row.attempt).collect::<Vec<_>>(), [0, 1]);
}
