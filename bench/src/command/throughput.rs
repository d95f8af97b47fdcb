//! Wall time over the time that no scheduler could beat.

use std::time::Duration;

use clap::Args;
use isomer_bench::mock::{Latency, Mock, Profile};

use crate::Failure;
use crate::driver::{Driver, complete, tasks};
use crate::table::{line, print, progress, seconds};

/// Compare wall time with the bound max(Σ latency / jobs, Σ sandbox CPU / cores)
#[derive(Clone, Debug, Args)]
pub(crate) struct Arguments {
    /// Seeds per run
    #[arg(long, default_value_t = 200)]
    pub(crate) seeds: usize,

    /// Latencies of the endpoint
    #[arg(long, value_delimiter = ',', default_value = "0,200ms,lognormal:1s:0.8")]
    pub(crate) latencies: Vec<Latency>,

    /// Model calls in flight at most
    #[arg(long, value_delimiter = ',', default_value = "8,64")]
    pub(crate) jobs: Vec<usize>,

    /// Share of designs that are too short, so that the endpoint and not the sandbox is the
    /// bottleneck of more settings
    #[arg(long, default_value_t = 0.0)]
    pub(crate) short_designs: f64,
}

const HEAD: [&str; 10] = [
    "latency",
    "jobs",
    "wall s",
    "Σ latency / jobs",
    "Σ sandbox CPU / cores",
    "bound s",
    "wall / bound",
    "calls",
    "tasks",
    "own CPU s",
];

pub(crate) fn run(driver: &Driver, arguments: &Arguments) -> Result<(), Failure> {
    let seeds = driver.seeds(arguments.seeds)?;
    let cores = std::thread::available_parallelism()?.get();
    let mut rows = Vec::new();
    for latency in &arguments.latencies {
        for jobs in &arguments.jobs {
            progress(&format!("{} seeds at {latency} with {jobs} jobs", arguments.seeds));
            let (latency, short_designs) = (*latency, arguments.short_designs);
            let mock = Mock::start(Profile { latency, short_designs, ..Profile::default() })?;
            let run = driver.path(&format!("throughput-{}", rows.len()));
            let measured = complete(&mut driver.run(&run, &seeds, &mock, *jobs))?;
            let stats = mock.stats();
            let endpoint = share(Duration::from_millis(stats.latency_ms), *jobs);
            let sandbox = share(measured.descendants_cpu, cores);
            let bound = endpoint.max(sandbox);
            rows.push(vec![
                latency.to_string(),
                jobs.to_string(),
                seconds(measured.wall),
                seconds(endpoint),
                seconds(sandbox),
                seconds(bound),
                format!("{:.2}", measured.wall.as_secs_f64() / bound.as_secs_f64()),
                stats.requests.to_string(),
                tasks(&run)?.to_string(),
                seconds(measured.own_cpu),
            ]);
            std::fs::remove_dir_all(&run)?;
        }
    }
    print(&format!("Throughput, {} seeds, {cores} cores", arguments.seeds), &HEAD, &rows);
    line(
        "\nThe sandbox's CPU is that of all descendants of isomer; own CPU is that of the isomer \
         process, which shares the cores with the sandbox and with the endpoint.",
    );
    Ok(())
}

fn share(total: Duration, among: usize) -> Duration {
    total / u32::try_from(among.max(1)).unwrap_or(u32::MAX)
}
