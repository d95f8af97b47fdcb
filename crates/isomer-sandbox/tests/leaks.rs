//! Nothing is left behind. Alone in its file, because a footprint is that of a whole process.

mod common;

use std::time::Duration;

use common::{job, once, sandbox};
use isomer_sandbox::{Ending, Entry, Isolation};
use serde_json::json;

/// Open descriptors, children and mounts of this process.
fn footprint() -> (usize, String, usize) {
    let descriptors = std::fs::read_dir("/proc/self/fd").unwrap().count();
    let mut children = String::new();
    for task in std::fs::read_dir("/proc/self/task").unwrap().flatten() {
        children += &std::fs::read_to_string(task.path().join("children")).unwrap_or_default();
    }
    let mounts = std::fs::read_to_string("/proc/self/mountinfo").unwrap().lines().count();
    (descriptors, children, mounts)
}

async fn settles(expected: &(usize, String, usize)) -> (usize, String, usize) {
    for _ in 0..200 {
        if footprint() == *expected {
            break;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    footprint()
}

#[tokio::test]
async fn nothing_is_left_behind() {
    let sandbox = sandbox(Isolation::Full).await;
    once(&sandbox, "print(1)", Entry::Stdio, json!("")).await;
    let before = footprint();
    let source = "import os\nopen('/tmp/x', 'w')\nos.kill(os.getpid(), 9)";
    for _ in 0..10 {
        sandbox.run(job(source, Entry::Stdio, vec![json!(""); 2])).await.unwrap();
    }
    assert_eq!(settles(&before).await, before);

    let sleeper = job("import time; time.sleep(60)", Entry::Stdio, vec![json!("")]);
    for milliseconds in [1, 20, 60, 300] {
        let running = sandbox.run(sleeper.clone());
        let waited = tokio::time::timeout(Duration::from_millis(milliseconds), running).await;
        assert!(waited.is_err(), "the sleeper came back");
    }
    assert_eq!(settles(&before).await, before);
    // The slots are free again.
    let execution = once(&sandbox, "print(1)", Entry::Stdio, json!("")).await;
    assert_eq!(execution.ending, Ending::Finished);
}
