//! What a sandbox holds after many tests: no more than after few.

use std::fs;
use std::time::{Duration, Instant};

use isomer_sandbox::{Ending, Entry, Isolation, Job, Sandbox};
use serde_json::json;

use crate::common::{call, job, sandbox};
use crate::{TURN, groups};

/// Inputs of a job.
const INPUTS: usize = 20;

/// Memory that may come and go, in KiB: buffers of large outputs, the allocator's own gaps.
const SLACK: u64 = 8 << 10;

/// What this process and everything it has started hold.
#[derive(Debug)]
struct Footprint {
    descriptors: usize,
    mounts: usize,
    threads: usize,
    processes: usize,
    groups: usize,
}

impl Footprint {
    fn now() -> Self {
        Self {
            descriptors: fs::read_dir("/proc/self/fd").unwrap().count(),
            mounts: fs::read_to_string("/proc/self/mountinfo").unwrap().lines().count(),
            threads: fs::read_dir("/proc/self/task").unwrap().count(),
            processes: family("self").len(),
            groups: groups::own("/sys/fs/cgroup".as_ref(), 0).len(),
        }
    }
}

impl Footprint {
    /// Whether nothing is more; what others on this machine hold may have become less.
    fn is_within(&self, other: &Self) -> bool {
        self.descriptors <= other.descriptors
            && self.mounts <= other.mounts
            && self.threads <= other.threads
            && self.processes <= other.processes
            && self.groups <= other.groups
    }
}

/// All descendants of a process.
fn family(process: &str) -> Vec<String> {
    let tasks = fs::read_dir(format!("/proc/{process}/task")).into_iter().flatten().flatten();
    let mut family = Vec::new();
    for task in tasks {
        let children = fs::read_to_string(task.path().join("children")).unwrap_or_default();
        for child in children.split_whitespace() {
            family.extend(self::family(child));
            family.push(child.to_owned());
        }
    }
    family
}

/// Resident memory in KiB, of this process and of the largest of those it has started.
fn memory() -> (u64, u64) {
    let resident = |process: &str| {
        let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:").map(str::to_owned));
        line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(0)
    };
    let others = family("self").iter().map(|process| resident(process)).max().unwrap_or(0);
    (resident("self"), others)
}

/// A mix of what programs do.
fn jobs() -> Vec<(Job, Ending)> {
    let stdio = |source: &str| job(source, Entry::Stdio, vec![json!("1 2\n"); INPUTS]);
    let finished = || Ending::Finished;
    vec![
        (stdio("print(sum(map(int, input().split())))"), finished()),
        (stdio("print('x' * 100000)"), finished()),
        (job("def f(x): return [x] * 100", call(), vec![json!([{"a": 1}]); INPUTS]), finished()),
        (stdio("open('x', 'w').write('x' * 10000)"), finished()),
        (
            Job {
                files: vec![("in/a".to_owned(), vec![b'x'; 10_000])],
                fetch: vec!["out".to_owned()],
                ..stdio("open('out', 'w').write(open('in/a').read())")
            },
            finished(),
        ),
        (stdio("import os; os.kill(os.getpid(), 9)"), Ending::Signal(9)),
        (stdio("import sys; sys.stderr.write('x' * 10000); sys.exit(3)"), Ending::ExitStatus(3)),
        (stdio("x = bytearray(1 << 40)"), Ending::MemoryLimit),
        (Job { width: 2, ..stdio("import os; os.mkdir('a'); os.symlink('/', 'a/b')") }, finished()),
    ]
}

async fn run(sandbox: &Sandbox, tests: usize) {
    let jobs = jobs();
    let lane = async |lane: usize| {
        for (job, ending) in jobs.iter().cycle().skip(lane).take(tests / INPUTS / 2) {
            let executions = sandbox.run(job.clone()).await.unwrap();
            assert!(executions.iter().all(|one| one.ending == *ending), "{executions:?}");
        }
    };
    tokio::join!(lane(0), lane(4));
}

/// The second of two long runs leaves nothing that the first did not.
async fn nothing_grows(tests: usize) {
    let _turn = TURN.lock().await;
    let sandbox = sandbox(Isolation::Full).await;
    run(&sandbox, 800).await;
    let (before, (host, jail)) = (Footprint::now(), memory());
    let started = Instant::now();
    run(&sandbox, tests).await;
    let seconds = started.elapsed().as_secs_f64();
    for _ in 0..200 {
        if Footprint::now().is_within(&before) {
            break;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    let (after, (host_after, jail_after)) = (Footprint::now(), memory());
    println!("{tests} tests in {seconds:.0} s: {before:?}, then {after:?}");
    println!(
        "memory of the host {host} KiB, then {host_after}; of a jail {jail}, then {jail_after}"
    );
    assert!(after.is_within(&before), "something has grown");
    assert!(host_after < host + SLACK && jail_after < jail + SLACK);
}

#[tokio::test]
async fn nothing_grows_over_2_000_tests() {
    nothing_grows(2_000).await;
}

#[tokio::test]
#[ignore = "takes some ten minutes"]
async fn nothing_grows_over_200_000_tests() {
    nothing_grows(200_000).await;
}
