//! One file a command, and the one place where errors end.

mod asking;
mod conditions;
mod curate;
mod dataset;
mod doctor;
mod embedder;
mod env;
mod environment_checks;
mod export;
mod export_card;
mod init;
mod live;
mod measure;
mod pack;
mod python;
mod quickstart;
mod remote;
mod replayed;
mod report_file;
mod run;
mod sandbox;
mod sandbox_bench;
mod sandbox_serve;
mod schema;
mod show;
mod show_list;
mod signals;
mod status;
mod verify;
mod writable;

use std::future::Future;
use std::sync::Mutex;
use std::thread::Builder;

use clap::CommandFactory;

use crate::cli::{Cli, Command, CompletionsArgs, Loudness, SandboxCommand};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::{self, Paint};
use crate::settings::Environment;

/// What every command may want to know.
#[derive(Clone, Copy)]
pub(crate) struct Setting<'a> {
    /// The process environment.
    pub(crate) environment: &'a Environment,
    /// How much is said.
    pub(crate) loudness: Loudness,
    /// Colours on standard error.
    pub(crate) paint: Paint,
    /// Colours on standard output.
    pub(crate) data_paint: Paint,
}

/// Runs the command and shows its error, if it has one.
pub(crate) fn dispatch(cli: Cli, environment: &Environment) -> Exit {
    let colour = environment.wants_colour();
    let setting = Setting {
        environment,
        loudness: cli.loudness,
        paint: Paint { enabled: colour && environment.interactive },
        data_paint: Paint { enabled: colour && environment.interactive_data },
    };
    log(cli.loudness);
    match run(cli.command, setting) {
        Ok(exit) => exit,
        Err(failure) => {
            output::note(&failure.render(setting.paint));
            failure.code()
        }
    }
}

fn run(command: Command, setting: Setting<'_>) -> Result<Exit, Failure> {
    match command {
        Command::Run(args) => wait_for(run::run(&args, setting)),
        Command::Quickstart(args) => wait_for(quickstart::quickstart(&args, setting)),
        Command::Status(args) => status::status(&args, setting),
        Command::Show(args) => show::show(&args, setting),
        Command::Pack(args) => pack::pack(&args, setting),
        Command::Schema(args) => schema::schema(&args, setting),
        Command::Measure(args) => wait_for(measure::run(&args, setting)),
        Command::Curate(args) => curate::run(&args, setting),
        Command::Verify(args) => wait_for(verify::run(&args, setting)),
        Command::Export(args) => wait_for(export::run(&args, setting)),
        Command::Sandbox(args) => match args.command {
            SandboxCommand::Run(args) => wait_for(sandbox::run(&args, setting)),
            SandboxCommand::Serve(args) => wait_for(sandbox_serve::run(&args, setting)),
            SandboxCommand::Bench(args) => wait_for(sandbox_bench::run(&args, setting)),
        },
        Command::Doctor(args) => wait_for(doctor::doctor(&args, setting)),
        Command::Env(args) => env::env(&args, setting),
        Command::Init(args) => init::init(&args),
        Command::Completions(args) => completions(&args),
    }
}

/// Runs the asynchronous part of a command to its end.
fn wait_for(command: impl Future<Output = Result<Exit, Failure>>) -> Result<Exit, Failure> {
    let runtime = room_for_threads().and_then(|()| tokio::runtime::Runtime::new());
    let runtime = runtime.map_err(|error| {
        Failure::because("failed to start the runtime", &error)
            .help("raise the limits on processes and open files (`ulimit -u`, `ulimit -n`)")
    })?;
    let result = runtime.block_on(command);
    // Whatever still blocks, a reader of a huge file for instance, must not hold the process.
    runtime.shutdown_background();
    result
}

/// Whether there may be as many threads as the runtime starts: it panics where it cannot have one.
fn room_for_threads() -> std::io::Result<()> {
    let count = std::thread::available_parallelism()?.get();
    let gate = Mutex::new(());
    std::thread::scope(|scope| {
        // All of them are to be there at once.
        let _closed = gate.lock();
        let wait = || drop(gate.lock());
        (0..count).try_for_each(|_| Builder::new().spawn_scoped(scope, wait).map(drop))
    })
}

fn completions(args: &CompletionsArgs) -> Result<Exit, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "isomer", &mut script);
    write(output::data(&String::from_utf8_lossy(&script)))?;
    Ok(Exit::Complete)
}

/// An error of standard output.
fn write(result: std::io::Result<()>) -> Result<(), Failure> {
    result.map_err(|error| Failure::because("failed to write to standard output", &error))
}

/// Logs go to standard error, and only when asked for.
fn log(loudness: Loudness) {
    let level = match loudness.verbose {
        0 => return,
        1 => tracing::Level::INFO,
        2 => tracing::Level::DEBUG,
        _ => tracing::Level::TRACE,
    };
    tracing_subscriber::fmt()
        .with_max_level(level)
        .with_writer(std::io::stderr)
        .with_target(false)
        .init();
}
