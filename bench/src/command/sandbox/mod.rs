//! The sandbox against everything that could be used instead of it, as ratios in one run.

mod crowd;
mod goals;
mod solo;

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use isomer_sandbox::{Isolation, Sandbox, Settings};

use self::goals::Goals;
use crate::Failure;
use crate::sandbox::{Course, Peer, Plan, pin, processors};
use crate::table::{line, print};

/// Compare the sandbox with fresh interpreters, bubblewrap and other projects' servers
///
/// All take turns on the same problems and the same cores; claimed are the medians of the ratios
/// within the rounds. The first line says how busy the machine was before.
#[derive(Clone, Debug, Args)]
pub(crate) struct Arguments {
    /// Python interpreter [default: the one on the search path, never a shim]
    #[arg(long, value_name = "PATH")]
    python: Option<PathBuf>,

    /// Python with numpy and pandas, such as that of a virtual environment; without it nothing
    /// about packages is measured
    #[arg(long, value_name = "PATH")]
    packages: Option<PathBuf>,

    /// Server to compare with: `sandboxfusion=URL`, `sandboxfusion-lite=URL`, `scalebox=URL`, or
    /// any other name with one of these protocols, as in `mine:scalebox=URL`
    #[arg(long = "peer", value_name = "NAME=URL")]
    peers: Vec<Peer>,

    /// Problems at once
    #[arg(long, value_delimiter = ',', default_value = "1,2,4,8")]
    at_once: Vec<usize>,

    /// Turns of each contender
    #[arg(long, default_value_t = 9)]
    rounds: usize,

    /// Length of a turn, in ms
    #[arg(long, value_name = "N", default_value_t = 300)]
    turn_ms: u64,
}

impl Default for Arguments {
    fn default() -> Self {
        Self {
            python: None,
            packages: None,
            peers: Vec::new(),
            at_once: vec![1, 8],
            rounds: 5,
            turn_ms: 200,
        }
    }
}

impl Arguments {
    fn plan(&self, at_once: usize) -> Plan {
        Plan { rounds: self.rounds, turn: Duration::from_millis(self.turn_ms), at_once }
    }
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let cores = processors()?;
    let load = std::fs::read_to_string("/proc/loadavg")?;
    let load = load.split_whitespace().next().unwrap_or_default();
    line(&format!("{} cores; load before the first turn: {load}", cores.len()));
    let mut goals = Goals::default();
    let last = cores.last().copied().into_iter().collect::<Vec<_>>();
    // Whatever is started by a pinned thread is pinned as well: interpreters, jails, helpers.
    pin(&last)?;
    let alone = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    alone.block_on(solo::run(arguments, &mut goals))?;
    drop(alone);
    pin(&cores)?;
    let all = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    all.block_on(crowd::run(arguments, cores.len(), &mut goals))?;
    goals.print();
    Ok(())
}

async fn open(python: Option<PathBuf>, slots: usize) -> Result<Sandbox, Failure> {
    let launcher = std::env::current_exe()?;
    Ok(Sandbox::open(Settings { launcher, python, slots, isolation: Isolation::Full }).await?)
}

/// One line for each contender, compared with the first.
fn show(title: &str, tests: usize, courses: &[Course]) {
    #[expect(clippy::cast_precision_loss, reason = "no problem has 2^52 tests")]
    let tests = tests as f64;
    let Some(first) = courses.first() else { return };
    let rows: Vec<Vec<String>> = courses
        .iter()
        .map(|course| {
            let at = |share| crate::sandbox::percentile(&course.singles, share) * 1e3;
            vec![
                course.name.clone(),
                format!("{:.2}", course.median() * 1e3 / tests),
                course
                    .median_work()
                    .map_or_else(String::new, |work| format!("{:.2}", work * 1e3 / tests)),
                format!("{:.0}", tests / course.median()),
                format!("{:.2}", at(0.5)),
                format!("{:.2}", at(0.95)),
                format!("{:.1}", course.ratio(first)),
            ]
        })
        .collect();
    let head = [
        "way",
        "ms per test",
        "CPU ms",
        "tests per s",
        "p50 of a problem, ms",
        "p95, ms",
        "× isomer's time",
    ];
    print(title, &head, &rows);
}
