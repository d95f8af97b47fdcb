//! Peak memory against the number of seeds.

use clap::Args;
use isomer_bench::mock::{Mock, Profile};

use crate::Failure;
use crate::driver::{Driver, complete, tasks};
use crate::table::{line, print, progress, seconds};

/// Compare the peak memory of runs of different length
///
/// So that long runs end in reasonable time, most designs of the mock are too short to be tasks:
/// such an item passes four stages and ends there. The rest goes all the way.
#[derive(Clone, Debug, Args)]
pub(crate) struct Arguments {
    /// Numbers of seeds
    #[arg(long, value_delimiter = ',', default_value = "200,2000,20000")]
    pub(crate) seeds: Vec<usize>,

    /// Share of designs that are too short; 0 takes every task all the way
    #[arg(long, default_value_t = 0.995)]
    pub(crate) short_designs: f64,

    /// Model calls in flight at most; fewer than the tasks that go all the way in the second
    /// shortest run, or the runs differ in how many are in flight at once
    #[arg(long, default_value_t = 16)]
    pub(crate) jobs: usize,
}

pub(crate) fn run(driver: &Driver, arguments: &Arguments) -> Result<(), Failure> {
    let mut rows = Vec::new();
    let mut before: Option<u64> = None;
    for count in &arguments.seeds {
        progress(&format!("{count} seeds"));
        let seeds = driver.seeds(*count)?;
        let short_designs = arguments.short_designs;
        let mock = Mock::start(Profile { short_designs, ..Profile::default() })?;
        let run = driver.path(&format!("memory-{count}"));
        let measured = complete(&mut driver.run(&run, &seeds, &mock, arguments.jobs))?;
        rows.push(vec![
            count.to_string(),
            format!("{:.1}", mebibytes(measured.peak_kib)),
            before.map_or_else(String::new, |before| ratio(measured.peak_kib, before)),
            seconds(measured.wall),
            seconds(measured.own_cpu),
            mock.stats().requests.to_string(),
            tasks(&run)?.to_string(),
        ]);
        before = Some(measured.peak_kib);
        std::fs::remove_dir_all(&run)?;
    }
    let head = ["seeds", "peak MiB", "to row above", "wall s", "own CPU s", "calls", "tasks"];
    print("Memory of the isomer process (VmHWM)", &head, &rows);
    line(&format!(
        "\n{} of 1000 tasks end after design in this profile, so that long runs stay short.",
        arguments.short_designs * 1000.0
    ));
    Ok(())
}

#[expect(clippy::cast_precision_loss, reason = "sizes of processes are far below 2^52 KiB")]
fn mebibytes(kibibytes: u64) -> f64 {
    kibibytes as f64 / 1024.0
}

fn ratio(now: u64, before: u64) -> String {
    format!("{:.2}", mebibytes(now) / mebibytes(before))
}
