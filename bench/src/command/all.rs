//! Everything in a few minutes.

use clap::Args;

use super::{calls, crash, memory, sandbox, throughput};
use crate::Failure;
use crate::driver::Driver;
use crate::table::complain;

/// Run every measurement with short settings
#[derive(Clone, Debug, Args)]
pub(crate) struct Arguments {
    /// Seeds for the measurement of throughput
    #[arg(long, default_value_t = 60)]
    seeds: usize,
}

pub(crate) fn run(driver: &Driver, arguments: &Arguments) -> Result<(), Failure> {
    use isomer_bench::mock::Latency;
    let fixed = Latency::Fixed(std::time::Duration::from_millis(200));
    let results = [
        throughput::run(
            driver,
            &throughput::Arguments {
                seeds: arguments.seeds,
                latencies: vec![Latency::Instant, fixed],
                jobs: vec![8, 64],
                short_designs: 0.9,
            },
        ),
        memory::run(
            driver,
            &memory::Arguments { seeds: vec![200, 2000], short_designs: 0.98, jobs: 16 },
        ),
        crash::run(
            driver,
            &crash::Arguments { kills: 8, seeds: 24, ..crash::Arguments::default() },
        ),
        calls::run(driver, &calls::Arguments {}),
        sandbox::run(&sandbox::Arguments::default()),
    ];
    // One measurement that cannot be made must not hide the others.
    let failed = results.iter().filter(|result| result.is_err()).count();
    for failure in results.iter().filter_map(|result| result.as_ref().err()) {
        complain(failure.as_ref());
    }
    if failed == 0 { Ok(()) } else { Err(format!("{failed} measurements failed").into()) }
}
