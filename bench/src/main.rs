//! `isomer-bench`: every speed claim of the project as a command that prints a ratio.

mod command;
mod driver;
mod sandbox;
mod splitmix;
mod table;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::command::{
    all, calls, crash, curate, export, memory, rate, sandbox as jails, schema, serve, throughput,
};

/// What ends a command early, in words.
type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Measures isomer against a mock endpoint on this machine, and its sandbox against others
///
/// Every command prints ratios within one run, which can be compared between machines; absolute
/// times cannot.
#[derive(Debug, Parser)]
#[command(name = "isomer-bench", version)]
struct Cli {
    /// The binary to measure [default: `isomer` beside this program]
    #[arg(long, value_name = "PATH", global = true)]
    isomer: Option<PathBuf>,

    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Throughput(throughput::Arguments),
    Memory(memory::Arguments),
    Crash(crash::Arguments),
    Calls(calls::Arguments),
    Curate(curate::Arguments),
    Export(export::Arguments),
    Schema(schema::Arguments),
    Rate(rate::Arguments),
    Sandbox(jails::Arguments),
    Serve(serve::Arguments),
    All(all::Arguments),
}

fn main() -> ExitCode {
    // The sandbox starts this very program for each jail.
    isomer_sandbox::run_launcher_if_asked();
    match run(Cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            table::complain(failure.as_ref());
            ExitCode::FAILURE
        }
    }
}

fn run(cli: Cli) -> Result<(), Failure> {
    let isomer = cli.isomer.as_deref();
    match cli.command {
        Command::Throughput(arguments) => {
            throughput::run(&driver::Driver::find(isomer)?, &arguments)
        }
        Command::Memory(arguments) => memory::run(&driver::Driver::find(isomer)?, &arguments),
        Command::Crash(arguments) => crash::run(&driver::Driver::find(isomer)?, &arguments),
        Command::Calls(arguments) => calls::run(&driver::Driver::find(isomer)?, &arguments),
        Command::Curate(arguments) => curate::run(&driver::Driver::find(isomer)?, &arguments),
        Command::Export(arguments) => export::run(&driver::Driver::find(isomer)?, &arguments),
        Command::Schema(arguments) => schema::run(&driver::Driver::find(isomer)?, &arguments),
        Command::All(arguments) => all::run(&driver::Driver::find(isomer)?, &arguments),
        Command::Rate(arguments) => rate::run(&arguments),
        Command::Sandbox(arguments) => jails::run(&arguments),
        Command::Serve(arguments) => serve::run(&arguments),
    }
}
