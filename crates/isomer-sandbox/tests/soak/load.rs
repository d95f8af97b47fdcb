//! Verdicts while all cores are busy with others: they follow a program's own processor time.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use isomer_sandbox::{Ending, Entry, Isolation, Job, Limits, Output, Sandbox, Settings};
use serde_json::json;

use crate::TURN;
use crate::common::{LIMITS, job, settings};

/// Spins until a share of the limit is used up, by the clock that counts for the limit.
const SPIN: &str = "import time\nshare = float(input())\nwhile time.process_time() < share * .25: pass\nprint('done')";

/// Threads that keep every core busy twice over, until they are dropped.
struct Crowd {
    over: Arc<AtomicBool>,
}

impl Crowd {
    fn gather() -> Self {
        let over = Arc::new(AtomicBool::new(false));
        for _ in 0..2 * thread::available_parallelism().map_or(2, usize::from) {
            let over = Arc::clone(&over);
            thread::spawn(move || while !over.load(Ordering::Relaxed) {});
        }
        Self { over }
    }
}

impl Drop for Crowd {
    fn drop(&mut self) {
        self.over.store(true, Ordering::Relaxed);
    }
}

/// Runs programs that use 80 % and 120 % of their limit.
async fn verdicts_hold(runs: usize) {
    let _turn = TURN.lock().await;
    let settings = Settings { slots: 4, ..settings(Isolation::Full) };
    let sandbox = Sandbox::open(settings).await.expect("this machine can build the walls");
    let _crowd = Crowd::gather();
    let limits = Limits { cpu_ms: 250, wall_ms: 60_000, ..LIMITS };
    let spin = |share: &str, runs| Job {
        limits,
        width: 2,
        ..job(SPIN, Entry::Stdio, vec![json!(share); runs])
    };
    let (right, greedy) =
        tokio::join!(sandbox.run(spin("0.8", runs)), sandbox.run(spin("1.2", runs.div_ceil(4))));
    let (right, greedy) = (right.expect("no error of ours"), greedy.expect("no error of ours"));
    for one in &right {
        assert_eq!(one.ending, Ending::Finished, "{one:?}");
        assert_eq!(one.output, Output::Text("done\n".to_owned()));
    }
    assert!(greedy.iter().all(|one| one.ending == Ending::TimeLimit), "{greedy:?}");
    let most = |times: &mut dyn Iterator<Item = u64>| times.max().unwrap_or(0);
    println!(
        "{} right programs at 80 % of 250 ms: none out of time; most cpu {} ms, most wall {} ms",
        right.len(),
        most(&mut right.iter().map(|one| one.cpu_ms)),
        most(&mut right.iter().map(|one| one.wall_ms)),
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_loaded_machine_changes_no_verdict() {
    verdicts_hold(20).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes many minutes: 1,000 runs"]
async fn a_loaded_machine_changes_no_verdict_for_long() {
    verdicts_hold(1_000).await;
}
