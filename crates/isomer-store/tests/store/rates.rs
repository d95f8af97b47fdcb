//! Ten thousand seeds through all stages in flat memory, and what group commit is worth.

use std::time::Instant;

use futures::future::join_all;
use isomer_record::Stage;
use isomer_store::{Finish, Store};
use serde_json::json;

use crate::common::{child, kept, sealed, seed};

const SEEDS: u64 = 10_000;

fn resident_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

/// Shown with `--nocapture`.
#[expect(clippy::print_stderr, reason = "the rates are for who runs the test")]
fn report(text: &str) {
    eprintln!("{text}");
}

async fn walk(store: &Store) -> (u64, u64, u64) {
    let late_first: Vec<_> = Stage::ALL.into_iter().rev().collect();
    let (mut finished, mut early) = (0, 0);
    loop {
        let claims = store.claim(&late_first, 64).await.unwrap();
        if claims.is_empty() {
            return (finished, early, resident_kib());
        }
        finished += claims.len() as u64;
        join_all(claims.iter().map(|claim| async {
            let output = json!({"stage": claim.stage.as_str(), "text": "word ".repeat(100)});
            let next = claim.stage.next().filter(|_| claim.stage != Stage::Decompose);
            let is_seed = claim.stage == Stage::Decompose;
            let spawn = if is_seed { vec![child(claim.position, 0)] } else { Vec::new() };
            store.finish(Finish { spawn, ..kept(claim, output, next) }).await.unwrap();
        }))
        .await;
        if early == 0 && finished > SEEDS {
            early = resident_kib();
        }
    }
}

#[tokio::test]
async fn ten_thousand_seeds_pass_all_stages_in_flat_memory() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::create_or_open(dir.path()).unwrap();
    let start = Instant::now();
    for batch in 0..SEEDS / 1_000 {
        let rows = (batch * 1_000..(batch + 1) * 1_000).map(seed).collect();
        assert_eq!(store.add_seeds(rows).await.unwrap().added, 1_000);
    }
    store.seal_seeds().await.unwrap();
    report(&format!("{SEEDS} seeds read and sealed in {:.2?}", start.elapsed()));

    let start = Instant::now();
    let (finished, early, late) = walk(&store).await;
    let seconds = start.elapsed().as_secs_f64();
    #[expect(clippy::cast_precision_loss, reason = "a rate for people")]
    let rate = finished as f64 / seconds;
    report(&format!("{finished} finishes in {seconds:.1} s: {rate:.0}/s; {early} -> {late} KiB"));
    assert_eq!(finished, SEEDS * 6);
    assert!(store.pending().await.unwrap().is_complete());
    // The caches of two connections are the only thing that may still fill.
    assert!(late < early + 96 * 1024, "{early} KiB grew to {late} KiB");
    let tallies = store.reader().unwrap().tallies().unwrap();
    assert!(tallies.stages.iter().all(|entry| entry.tally.kept == SEEDS));
}

#[tokio::test]
async fn waiting_finishers_share_commits() {
    let rate = async |finishers: usize, each: usize| {
        let dir = tempfile::tempdir().unwrap();
        let store = sealed(dir.path(), (finishers * each) as u64).await;
        let mut claims = store.claim(&[Stage::Decompose], usize::MAX).await.unwrap();
        let start = Instant::now();
        join_all((0..finishers).map(|_| {
            let mine = claims.split_off(claims.len() - each);
            let store = &store;
            async move {
                for claim in mine {
                    store.finish(kept(&claim, json!({"Idea": "x"}), None)).await.unwrap();
                }
            }
        }))
        .await;
        #[expect(clippy::cast_precision_loss, reason = "a rate for people")]
        let finishes = (finishers * each) as f64;
        finishes / start.elapsed().as_secs_f64()
    };
    let alone = rate(1, 200).await;
    let together = rate(64, 30).await;
    report(&format!("finishes: {alone:.0}/s by one, {together:.0}/s by 64 together"));
    assert!(together > 2.0 * alone, "{alone:.0}/s alone, {together:.0}/s together");
}
