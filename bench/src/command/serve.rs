//! The mock endpoint alone, for trying things by hand.

use clap::Args;
use isomer_bench::mock::{Faults, Latency, Mock, Profile};

use crate::Failure;
use crate::table::line;

/// Run the mock endpoint until Ctrl-C
#[derive(Clone, Debug, Args)]
pub(crate) struct Arguments {
    /// Port of the loopback interface; 0 takes a free one
    #[arg(long, default_value_t = 0)]
    port: u16,

    /// `0`, `200ms`, `1.5s` or `lognormal:1s:0.8`
    #[arg(long, default_value = "0")]
    latency: Latency,

    /// Faults with their rates, such as `429=0.05,cut=0.01,hostile=0.1`
    #[arg(long, default_value = "")]
    faults: Faults,

    /// Share of designs that are too short to be tasks
    #[arg(long, default_value_t = 0.0)]
    short_designs: f64,

    /// Share of tasks whose first tests let a near-miss survive
    #[arg(long, default_value_t = 0.4)]
    survivors: f64,

    /// Seed of all chance
    #[arg(long, default_value_t = 1)]
    seed: u64,

    /// Refuse every other key
    #[arg(long)]
    key: Option<String>,
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let profile = Profile {
        seed: arguments.seed,
        latency: arguments.latency,
        faults: arguments.faults.clone(),
        short_designs: arguments.short_designs,
        survivors: arguments.survivors,
        key: arguments.key.clone(),
        ..Profile::default()
    };
    let mock = Mock::start_at(profile, arguments.port)?;
    line(&mock.base_url());
    loop {
        std::thread::park();
    }
}
