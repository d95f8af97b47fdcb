//! Control groups, where this process may make some.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use isomer_sandbox::{Ending, Entry, Isolation, diagnose};
use serde_json::json;

use crate::TURN;
use crate::common::{once, sandbox, settings};

/// The groups of this process's jails.
pub(crate) fn own(folder: &Path, depth: u32) -> Vec<PathBuf> {
    let prefix = format!("isomer-{}-", std::process::id());
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        if !entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            continue;
        }
        if entry.file_name().to_string_lossy().starts_with(&prefix) {
            found.push(entry.path());
        } else if depth < 6 {
            found.extend(own(&entry.path(), depth + 1));
        }
    }
    found
}

fn all() -> Vec<PathBuf> {
    own("/sys/fs/cgroup".as_ref(), 0)
}

async fn none_is_left() -> bool {
    for _ in 0..200 {
        if all().is_empty() {
            return true;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    false
}

#[tokio::test]
async fn a_full_group_is_a_memory_limit() {
    let _turn = TURN.lock().await;
    let layers = diagnose(settings(Isolation::Full)).await.layers;
    let Some(groups) = layers.last().filter(|layer| layer.active) else {
        println!("skipped: {layers:?}");
        return;
    };
    println!("control groups: {}", groups.detail);
    assert!(none_is_left().await, "left by sandboxes that were closed: {:?}", all());
    let sandbox = sandbox(Isolation::Full).await;
    let greedy = "x = bytearray(300 << 20)\nprint('fits')";
    let run = async |source: &str| once(&sandbox, source, Entry::Stdio, json!("")).await;
    assert_eq!(run(greedy).await.ending, Ending::Finished);
    let made = all();
    let limits = made
        .iter()
        .flat_map(|group| ["memory.limit_in_bytes", "memory.max"].map(|file| group.join(file)));
    let limits: Vec<_> = limits.filter(|file| file.exists()).collect();
    assert!(!limits.is_empty(), "{made:?}");
    // So little is never given: what is to be seen is whose end it is.
    for limit in limits {
        fs::write(limit, (100 << 20).to_string()).unwrap();
    }
    let execution = run(greedy).await;
    assert_eq!(execution.ending, Ending::MemoryLimit, "{execution:?}");
    assert_eq!(run("import os; os.kill(os.getpid(), 9)").await.ending, Ending::Signal(9));
    assert_eq!(run("print(1)").await.ending, Ending::Finished);
    assert_eq!(all(), made, "the jail has survived");
    drop(sandbox);
    assert!(none_is_left().await, "{:?}", all());
}
