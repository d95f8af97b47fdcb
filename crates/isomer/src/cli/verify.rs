//! `isomer verify`.

use std::path::PathBuf;

use clap::Args;

use super::ProgramArgs;
use crate::exit::Exit;

/// Judge many solutions per task, and with labels also the tests themselves
///
/// SOLUTIONS are JSON lines of {task_id or id, code or solution, label}, plain or compressed with
/// gzip or zstd. Every solution gets a line of results; the same command goes on where it was
/// stopped and judges nothing twice. With labels (true or false, right or wrong) it says how many
/// right solutions the tests accept and how many wrong ones they reject.
#[derive(Clone, Debug, Args)]
#[command(after_help = help())]
pub(crate) struct VerifyArgs {
    /// Folder of a run, or a file of tasks as in its tasks.jsonl
    pub(crate) tasks: PathBuf,

    /// File of solutions
    #[arg(long, value_name = "FILE")]
    pub(crate) solutions: PathBuf,

    /// File of results [default: SOLUTIONS with the ending .verdicts.jsonl]
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,

    /// Pack whose limits hold for all tasks [default: the one that a task names]
    #[arg(long, value_name = "NAME|DIR", help_heading = "Limits")]
    pub(crate) pack: Option<String>,

    /// Processor time of each test in ms [default: the pack's, or 10000]
    #[arg(long, value_name = "MS", help_heading = "Limits",
          value_parser = clap::value_parser!(u64).range(1..=86_400_000))]
    pub(crate) cpu_ms: Option<u64>,

    /// Time on the clock of each test in ms [default: the pack's, or 30000]
    #[arg(long, value_name = "MS", help_heading = "Limits",
          value_parser = clap::value_parser!(u64).range(1..=86_400_000))]
    pub(crate) wall_ms: Option<u64>,

    /// Memory in MiB [default: the pack's, or 1024]
    #[arg(long, value_name = "MIB", help_heading = "Limits",
          value_parser = clap::value_parser!(u64).range(64..=1_048_576))]
    pub(crate) memory_mib: Option<u64>,

    #[command(flatten)]
    pub(crate) programs: ProgramArgs,

    /// Print the rates as JSON on standard output
    #[arg(long)]
    pub(crate) json: bool,
}

fn help() -> String {
    format!(
        "\
Examples:
  isomer verify runs/first --solutions samples.jsonl
  isomer verify tasks.jsonl --solutions labelled.zst -o judged.jsonl --json

{}",
        Exit::table()
    )
}
