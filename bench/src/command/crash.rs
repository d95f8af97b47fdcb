//! What is lost and what is paid again when the process is killed at random moments.

use std::collections::{BTreeSet, HashSet};
use std::path::Path;
use std::time::Duration;

use clap::Args;
use isomer_bench::ledger;
use isomer_bench::mock::{Ending, Latency, Mock, Profile};
use isomer_bench::process::Watched;
use serde_json::Value;

use crate::Failure;
use crate::driver::{Driver, complete};
use crate::table::{line, print, progress};

/// Kill a run without warning, again and again, and resume it
///
/// A reply that is on disk must never be asked for again. A call that is in flight at the moment of
/// a kill has no reply on disk and is asked again: that cannot be avoided and is counted apart.
#[derive(Clone, Debug, Args)]
pub(crate) struct Arguments {
    /// Kills
    #[arg(long, default_value_t = 20)]
    pub(crate) kills: u32,

    /// Seeds per run
    #[arg(long, default_value_t = 40)]
    pub(crate) seeds: usize,

    /// Latency of the endpoint
    #[arg(long, default_value = "lognormal:50ms:0.8")]
    pub(crate) latency: Latency,

    /// Model calls in flight at most
    #[arg(long, default_value_t = 16)]
    pub(crate) jobs: usize,

    /// Seed of the moments
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
}

impl Default for Arguments {
    fn default() -> Self {
        let median = Duration::from_millis(50);
        Self {
            kills: 20,
            seeds: 40,
            latency: Latency::Lognormal { median, sigma: 0.8 },
            jobs: 16,
            seed: 1,
        }
    }
}

#[derive(Debug, Default)]
struct Damage {
    kills: u32,
    runs: u32,
    paid_twice: usize,
    in_flight_again: usize,
    tasks_lost: usize,
    tasks_other: usize,
}

pub(crate) fn run(driver: &Driver, arguments: &Arguments) -> Result<(), Failure> {
    let seeds = driver.seeds(arguments.seeds)?;
    progress("one run without a kill");
    let undisturbed = driver.path("crash-none");
    let mock = start(arguments)?;
    let whole = complete(&mut driver.run(&undisturbed, &seeds, &mock, arguments.jobs))?;
    let expected = task_ids(&undisturbed)?;
    let mut damage = Damage::default();
    while damage.kills < arguments.kills {
        let run = driver.path(&format!("crash-{}", damage.runs));
        // About ten kills would fit into one run without a restart's own cost.
        let longest = whole.wall / 5;
        disturbed(driver, arguments, &run, &seeds, longest, &mut damage)?;
        let found = task_ids(&run)?;
        damage.tasks_lost += expected.difference(&found).count();
        damage.tasks_other += found.difference(&expected).count();
        damage.runs += 1;
    }
    report(&damage, expected.len(), arguments);
    Ok(())
}

fn start(arguments: &Arguments) -> Result<Mock, Failure> {
    Ok(Mock::start(Profile { latency: arguments.latency, ..Profile::default() })?)
}

/// One run from its first start to its end, killed as often as chance and the wanted number allow.
fn disturbed(
    driver: &Driver,
    arguments: &Arguments,
    run: &Path,
    seeds: &Path,
    longest: Duration,
    damage: &mut Damage,
) -> Result<(), Failure> {
    let mock = start(arguments)?;
    let mut on_disk = BTreeSet::new();
    loop {
        let seen = mock.asked().len();
        let mut command = driver.run(run, seeds, &mock, arguments.jobs);
        let ended = if damage.kills < arguments.kills {
            let mut process = Watched::start(&mut command)?;
            if process.wait_for(longest.mul_f64(moment(arguments.seed, damage.kills))) {
                process.kill()?;
                damage.kills += 1;
                progress(&format!("kill {} of {}", damage.kills, arguments.kills));
                false
            } else {
                let measured = process.finish()?;
                if !measured.status.success() {
                    return Err(format!("a resumed run failed:\n{}", measured.stderr).into());
                }
                true
            }
        } else {
            complete(&mut command)?;
            true
        };
        count_again(&mock, seen, &on_disk, damage);
        if ended {
            return Ok(());
        }
        on_disk = ledger::recorded(run)?;
    }
}

/// Sorts the requests since `seen` into those that were on disk at the last kill, and others that
/// had been asked before.
fn count_again(mock: &Mock, seen: usize, on_disk: &BTreeSet<String>, damage: &mut Damage) {
    let asked = mock.asked();
    let (before, after) = asked.split_at(seen);
    let before: HashSet<&str> = before.iter().map(|asked| asked.body.as_str()).collect();
    for asked in after {
        if on_disk.contains(&asked.body) {
            damage.paid_twice += 1;
        } else if before.contains(asked.body.as_str()) && asked.ending != Ending::Unauthorized {
            damage.in_flight_again += 1;
        }
    }
}

/// A share of the longest wait in `[0.02, 1)`.
fn moment(seed: u64, kill: u32) -> f64 {
    // A generator of full period (PCG's multiplier) is chance enough for moments of a clock.
    let mixed = (seed.wrapping_mul(1000).wrapping_add(u64::from(kill)))
        .wrapping_mul(6_364_136_223_846_793_005)
        .wrapping_add(1_442_695_040_888_963_407);
    let share = f64::from(u32::try_from(mixed >> 32).unwrap_or(0)) / f64::from(u32::MAX);
    share.max(0.02)
}

fn task_ids(run: &Path) -> Result<BTreeSet<String>, Failure> {
    std::fs::read_to_string(run.join("tasks.jsonl"))?
        .lines()
        .map(|line| {
            let task: Value = serde_json::from_str(line)?;
            Ok(task["id"].as_str().unwrap_or_default().to_owned())
        })
        .collect()
}

fn report(damage: &Damage, tasks: usize, arguments: &Arguments) {
    let head = [
        "kills",
        "runs",
        "tasks per run",
        "tasks lost",
        "other tasks",
        "paid twice",
        "asked again, in flight at a kill",
    ];
    let row = vec![
        damage.kills.to_string(),
        damage.runs.to_string(),
        tasks.to_string(),
        damage.tasks_lost.to_string(),
        damage.tasks_other.to_string(),
        damage.paid_twice.to_string(),
        damage.in_flight_again.to_string(),
    ];
    print(&format!("Crash, {} seeds, {}", arguments.seeds, arguments.latency), &head, &[row]);
    line(&format!(
        "\nPaid twice: the reply was on disk when the process was killed, and the request came \
         again. At most {} calls can be in flight at a kill.",
        arguments.jobs
    ));
}

#[cfg(test)]
mod tests {
    use super::moment;

    #[test]
    fn moments_are_spread() {
        let moments: Vec<f64> = (0..20).map(|kill| moment(1, kill)).collect();
        assert!(moments.iter().all(|share| (0.02..=1.0).contains(share)), "{moments:?}");
        assert!(moments.iter().filter(|share| **share < 0.5).count() > 4, "{moments:?}");
        assert!(moments.iter().filter(|share| **share > 0.5).count() > 4, "{moments:?}");
    }
}
