//! Many jobs at once while drivers and launchers are killed at random: no job may be lost and no
//! verdict may change.

use std::collections::HashSet;
use std::fs;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use isomer_sandbox::{Ending, Entry, Isolation, Sandbox, Settings};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde_json::json;

use crate::TURN;
use crate::common::{once, settings};
use crate::innocent::{self, Innocent};

/// Jobs at once.
const LANES: usize = 8;

/// Time between two kills.
const PAUSE: Duration = Duration::from_millis(400);

/// Processes that `process` has started and not yet reaped.
fn children(process: &str) -> Vec<i32> {
    let tasks = fs::read_dir(format!("/proc/{process}/task")).into_iter().flatten().flatten();
    let lists = tasks.map(|task| fs::read_to_string(task.path().join("children")));
    let numbers = lists.flat_map(|list| {
        let list = list.unwrap_or_default();
        list.split_whitespace().filter_map(|number| number.parse().ok()).collect::<Vec<_>>()
    });
    numbers.collect()
}

/// Kills a launcher, or the first process of its jail, every now and then: not before every lane
/// had the time for a job, or a slow machine would never come to the end of one.
async fn kill_at_random(over: &AtomicBool, done: &AtomicUsize) -> (usize, usize) {
    let (mut launchers, mut drivers, mut seed) = (0, 0, 88_172_645_463_325_252_u64);
    let mut next = 0;
    let mut random = move || {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        usize::try_from(seed >> 33).unwrap_or(0)
    };
    while !over.load(Ordering::Relaxed) {
        tokio::time::sleep(PAUSE * u32::try_from(random() % 3).unwrap_or(0) + PAUSE / 10).await;
        if done.load(Ordering::Relaxed) < next {
            continue;
        }
        next = done.load(Ordering::Relaxed) + LANES;
        let running = children("self");
        let Some(launcher) = running.get(random() % running.len().max(1)) else { continue };
        let driver = children(&launcher.to_string()).first().copied();
        let (process, count) = match driver {
            Some(driver) if random() % 2 == 0 => (driver, &mut drivers),
            _ => (*launcher, &mut launchers),
        };
        // It may have ended by itself.
        *count += usize::from(kill(Pid::from_raw(process), Signal::SIGKILL).is_ok());
    }
    (launchers, drivers)
}

/// Runs innocent programs until the time is up.
async fn work(
    sandbox: &Sandbox,
    innocents: &[Innocent],
    over: &AtomicBool,
    done: &AtomicUsize,
) -> Vec<String> {
    let mut complaints = Vec::new();
    for innocent in innocents.iter().cycle() {
        if over.load(Ordering::Relaxed) {
            break;
        }
        complaints.extend(innocent::check(sandbox, innocent).await);
        done.fetch_add(1, Ordering::Relaxed);
    }
    complaints
}

async fn survives(time: Duration) {
    let _turn = TURN.lock().await;
    let settings = Settings { slots: LANES, ..settings(Isolation::Full) };
    let sandbox = Sandbox::open(settings).await.unwrap();
    let innocents = innocent::all(&sandbox).await;
    let (over, done) = (AtomicBool::new(false), AtomicUsize::new(0));
    let started = Instant::now();
    let lanes = (0..LANES).map(|_| work(&sandbox, &innocents, &over, &done));
    let clock = async {
        while started.elapsed() < time {
            let before = done.load(Ordering::Relaxed);
            tokio::time::sleep(time.min(Duration::from_secs(20))).await;
            assert!(done.load(Ordering::Relaxed) > before, "no job has ended for long");
        }
        over.store(true, Ordering::Relaxed);
    };
    let (complaints, (launchers, drivers), ()) =
        tokio::join!(futures::future::join_all(lanes), kill_at_random(&over, &done), clock);
    let complaints: HashSet<_> = complaints.into_iter().flatten().collect();
    println!(
        "{} jobs of 2 inputs in {:.0} s, {launchers} launchers and {drivers} drivers killed, {} wrong",
        done.load(Ordering::Relaxed),
        started.elapsed().as_secs_f64(),
        complaints.len()
    );
    assert!(complaints.is_empty(), "{complaints:?}");
    assert!(launchers > 0 && drivers > 0);
    let calm = once(&sandbox, "print(1)", Entry::Stdio, json!("")).await;
    assert_eq!(calm.ending, Ending::Finished);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn random_kills_change_no_verdict() {
    survives(Duration::from_secs(5)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes as long as it is told, or 30 minutes"]
#[expect(clippy::disallowed_methods, reason = "a test's own length has no other way in")]
async fn random_kills_change_no_verdict_for_long() {
    let minutes = std::env::var("ISOMER_SOAK_MINUTES").ok().and_then(|text| text.parse().ok());
    survives(Duration::from_secs(60 * minutes.unwrap_or(30))).await;
}
