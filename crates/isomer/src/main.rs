//! The `isomer` command.

mod cli;
mod commands;
mod exit;
mod failure;
mod managed;
mod output;
mod progress;
mod report;
mod settings;

use std::process::ExitCode;

use clap::Parser;

/// Millions of replies of all sizes pass through: the system's allocator keeps the gaps between them
/// and grows with the length of a run although what is in use does not.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Stack for all commands, whatever the shell allows the main thread.
const STACK_BYTES: usize = 8 << 20;

fn main() -> ExitCode {
    // A jail is this program started anew; that start must not do anything else first.
    isomer_sandbox::run_launcher_if_asked();
    let thread = std::thread::Builder::new().name("command".to_owned()).stack_size(STACK_BYTES);
    match thread.spawn(command) {
        Ok(thread) => thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)),
        // Where no thread can be had, the main one may do.
        Err(_) => command(),
    }
}

fn command() -> ExitCode {
    let environment = settings::Environment::read();
    let cli = match cli::Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return output::usage(&error),
    };
    commands::dispatch(cli, &environment).into()
}
