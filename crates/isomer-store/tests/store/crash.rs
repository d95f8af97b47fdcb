//! Processes that die, disks that fill, and two writers at once.

use std::collections::HashSet;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use isomer_record::{Id, Stage};
use isomer_store::{Store, StoreError};
use serde_json::{Value, json};

use crate::common::{kept, sealed};

const DIR: &str = "ISOMER_STORE_TEST_DIR";
const SEEDS: u64 = 4_000;

/// Finishes items at thirty-two ends and says so, until it is killed or the store fails.
#[test]
#[ignore = "started by the other tests as a process of its own"]
fn writing_process() {
    #[expect(clippy::disallowed_methods, reason = "how the parent names the run")]
    let dir = std::env::var_os(DIR).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        match Store::create_or_open(Path::new(&dir)) {
            Ok(store) => {
                futures::future::join_all((0..32).map(|_| finish_all(&store))).await;
            }
            Err(error) => say("error", &error),
        }
    });
}

async fn finish_all(store: &Store) {
    while let Ok(claims) = store.claim(&[Stage::Decompose], 1).await {
        let Some(claim) = claims.first() else { return };
        match store.finish(kept(claim, product(&claim.item), None)).await {
            Ok(()) => say("done", &claim.item),
            Err(error) => return say("error", &error),
        }
    }
}

/// About 1,300 bytes that zstd cannot shrink by much.
fn product(item: &Id) -> Value {
    let noise: Vec<_> = (0..40).map(|n| Id::derive([item.as_str(), &n.to_string()])).collect();
    json!({"noise": noise})
}

fn say(word: &str, what: &dyn std::fmt::Display) {
    let mut out = std::io::stdout().lock();
    writeln!(out, "\n{word} {what}").unwrap();
}

fn start(dir: &Path, file_limit_kib: Option<u32>) -> Child {
    let limit = file_limit_kib.map_or_else(String::new, |kib| {
        // Without the signal a write beyond the limit fails with an error, as on a full disk.
        format!("trap '' XFSZ; ulimit -f {kib};")
    });
    Command::new("bash")
        .args(["-c", &format!("{limit} exec \"$@\""), "-"])
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", "crash::writing_process", "--ignored", "--nocapture"])
        .env(DIR, dir)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// Reads what the child says until its end; kills it when it has done `most`.
fn listen(child: &mut Child, most: usize) -> (HashSet<String>, Option<String>) {
    let (mut done, mut error) = (HashSet::new(), None);
    for line in BufReader::new(child.stdout.take().unwrap()).lines() {
        match line.unwrap().split_once(' ') {
            Some(("done", id)) if id.len() == 32 => {
                done.insert(id.to_owned());
                if done.len() == most {
                    child.kill().unwrap();
                }
            }
            Some(("error", text)) => error = Some(text.to_owned()),
            _ => {}
        }
    }
    child.wait().unwrap();
    (done, error)
}

/// Everything acknowledged is there, the file is sound, and the rest can be done.
async fn check_and_complete(dir: &Path, done: &HashSet<String>) {
    let database = rusqlite::Connection::open(dir.join("run.db")).unwrap();
    let check: String =
        database.pragma_query_value(None, "integrity_check", |row| row.get(0)).unwrap();
    assert_eq!(check, "ok");
    drop(database);

    let store = Store::create_or_open(dir).unwrap();
    for id in done {
        let item = Id::from_stored(id.as_str());
        let output = store.output(&item, Stage::Decompose).await.unwrap();
        assert_eq!(output, Some(product(&item)));
    }
    let pending = store.pending().await.unwrap();
    assert!(pending.ready + done.len() as u64 <= SEEDS);
    for claim in store.claim(&[Stage::Decompose], usize::MAX).await.unwrap() {
        assert!(!done.contains(claim.item.as_str()));
        store.release(&[claim.item]).await.unwrap();
        if pending.ready > 100 {
            break;
        }
    }
    let tallies = store.reader().unwrap().tallies().unwrap();
    assert_eq!(tallies.stages[0].tally.kept + pending.ready, SEEDS);
}

#[tokio::test]
async fn what_was_acknowledged_survives_kill_9() {
    let dir = tempfile::tempdir().unwrap();
    drop(sealed(dir.path(), SEEDS).await);
    let mut all = HashSet::new();
    for most in [1, 500, 700] {
        let (done, error) = listen(&mut start(dir.path(), None), most);
        assert_eq!(error, None);
        assert!(done.len() >= most, "{} of {most}", done.len());
        assert!(all.is_disjoint(&done), "work was done twice");
        all.extend(done);
        check_and_complete(dir.path(), &all).await;
    }
}

#[tokio::test]
async fn a_full_disk_stops_the_run_and_room_resumes_it() {
    let dir = tempfile::tempdir().unwrap();
    drop(sealed(dir.path(), SEEDS).await);
    let (done, error) = listen(&mut start(dir.path(), Some(4_000)), usize::MAX);
    let error = error.unwrap();
    assert!(error.contains("database failed") || error.contains("closed for writing"), "{error}");
    assert!(done.len() < usize::try_from(SEEDS).unwrap());
    check_and_complete(dir.path(), &done).await;

    let (rest, error) = listen(&mut start(dir.path(), None), usize::MAX);
    assert_eq!(error, None);
    assert!(done.is_disjoint(&rest));
    let store = Store::create_or_open(dir.path()).unwrap();
    assert!(store.pending().await.unwrap().is_complete());
}

#[tokio::test]
async fn only_one_process_writes() {
    let dir = tempfile::tempdir().unwrap();
    let store = sealed(dir.path(), 1).await;
    let (done, error) = listen(&mut start(dir.path(), None), usize::MAX);
    assert!(done.is_empty());
    let error = error.unwrap();
    assert!(error.ends_with("is being written by another process"), "{error}");
    assert!(matches!(Store::create_or_open(dir.path()), Err(StoreError::Locked { .. })));
    assert_eq!(store.pending().await.unwrap().ready, 1);
}
