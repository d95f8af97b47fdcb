//! Jails that end, are dropped or are killed. Alone in its file, because a footprint is that of a
//! whole process; one test, for the same reason.
#![expect(clippy::unwrap_used, reason = "helpers of tests may fail like tests")]

mod common;

use std::time::Duration;

use common::{call, job, once, sandbox};
use isomer_sandbox::{Ending, Entry, Isolation, SandboxError};
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
    once(&sandbox, "def f(): pass", call(), json!([])).await;
    let before = footprint();
    let source = "import os\nopen('/tmp/x', 'w')\nos.kill(os.getpid(), 9)";
    for _ in 0..10 {
        let executions = sandbox.run(job(source, Entry::Stdio, vec![json!(""); 2])).await.unwrap();
        assert!(executions.iter().all(|one| one.ending == Ending::Signal(9)), "{executions:?}");
    }
    assert_eq!(settles(&before).await, before, "a warm jail is not used again");

    let sleeper = job("import time; time.sleep(60)", Entry::Stdio, vec![json!("")]);
    for milliseconds in [1, 20, 60, 300] {
        let running = sandbox.run(sleeper.clone());
        let waited = tokio::time::timeout(Duration::from_millis(milliseconds), running).await;
        assert!(waited.is_err(), "the sleeper came back");
    }
    // The slots are free again, and one jail is warm as before.
    let execution = once(&sandbox, "print(1)", Entry::Stdio, json!("")).await;
    assert_eq!(execution.ending, Ending::Finished);
    assert_eq!(settles(&before).await.0, before.0);

    // A jail that dies is replaced, and its input runs again: a death is never a verdict.
    let sleeper = job("import time; time.sleep(.5); print(1)", Entry::Stdio, vec![json!(""); 2]);
    for deaths in [1, 7] {
        let (executions, ()) = tokio::join!(sandbox.run(sleeper.clone()), kill_drivers(deaths));
        let letters: Vec<_> = executions.unwrap().into_iter().map(|one| one.ending).collect();
        assert_eq!(letters, [Ending::Finished, Ending::Finished]);
    }
    let (executions, ()) = tokio::join!(sandbox.run(sleeper), kill_drivers(9));
    assert!(matches!(executions, Err(SandboxError::Broken { .. })));
    let execution = once(&sandbox, "print(1)", Entry::Stdio, json!("")).await;
    assert_eq!(execution.ending, Ending::Finished);
    assert_eq!(settles(&before).await.0, before.0);
}

/// Kills the first process of as many jails, one after the other, while it runs a program.
async fn kill_drivers(count: u32) {
    let mut killed = Vec::new();
    while killed.len() < count as usize {
        tokio::time::sleep(Duration::from_millis(20)).await;
        let launchers = footprint().1;
        for driver in launchers.split_whitespace().flat_map(children) {
            let sleeping = children(&driver).first().is_some_and(|program| {
                let command = std::fs::read_to_string(format!("/proc/{program}/wchan"));
                command.is_ok_and(|place| place.contains("nanosleep"))
            });
            if sleeping && !killed.contains(&driver) {
                std::process::Command::new("kill").args(["-9", &driver]).status().unwrap();
                killed.push(driver);
            }
        }
    }
}

fn children(process: &str) -> Vec<String> {
    let path = format!("/proc/{process}/task/{process}/children");
    let list = std::fs::read_to_string(path).unwrap_or_default();
    list.split_whitespace().map(str::to_owned).collect()
}
