//! The command line as clap sees it. Nothing here decides anything: settings do.

mod ask;
mod curate;
mod export;
mod inspect;
mod measure;
mod pack;
mod reference;
mod run;
mod sandbox;
mod schema;
mod setup;
mod verify;

use clap::{ArgAction, Args, Parser, Subcommand};

pub(crate) use ask::{AnswerArgs, AskArgs};
pub(crate) use curate::CurateArgs;
pub(crate) use export::{CARD, ExportArgs};
pub(crate) use inspect::{ShowArgs, StatusArgs};
pub(crate) use measure::{MeasureArgs, TargetArgs};
pub(crate) use pack::{PackArgs, PackCheckArgs, PackCommand, PackListArgs, PackNewArgs};
pub(crate) use run::{IsolationArg, QuickstartArgs, RunArgs};
pub(crate) use sandbox::{
    ProgramArgs, SandboxArgs, SandboxBenchArgs, SandboxCommand, SandboxRunArgs, SandboxServeArgs,
    WallArgs,
};
pub(crate) use schema::{
    LensArgs, SchemaArgs, SchemaCommand, SchemaHistoryArgs, SchemaImproveArgs, SchemaInferArgs,
    SchemaMeasureArgs,
};
pub(crate) use setup::{CompletionsArgs, DoctorArgs, EnvArgs, InitArgs};
pub(crate) use verify::VerifyArgs;

/// Makes verifiable code tasks for reinforcement learning from seed problems.
///
/// A run takes problems apart into elements, recombines them into new ones, lets a model write task,
/// solution and tests, executes everything in a sandbox, and attacks the tests with near-miss
/// solutions until they hold.
#[derive(Debug, Parser)]
#[command(
    name = "isomer",
    version,
    max_term_width = 80,
    propagate_version = true,
    subcommand_required = true,
    arg_required_else_help = true,
    after_help = "Start with `isomer quickstart`: it needs no key. Then `isomer init`."
)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,

    #[command(flatten)]
    pub(crate) loudness: Loudness,
}

/// How much is written to standard error.
#[derive(Clone, Copy, Debug, Default, Args)]
pub(crate) struct Loudness {
    /// Say more on standard error; twice for every detail
    #[arg(short, long, global = true, action = ArgAction::Count, conflicts_with = "quiet")]
    pub(crate) verbose: u8,

    /// Only errors and results
    #[arg(short, long, global = true)]
    pub(crate) quiet: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Run(Box<RunArgs>),
    Quickstart(QuickstartArgs),
    Status(StatusArgs),
    Show(ShowArgs),
    Pack(Box<PackArgs>),
    Schema(Box<SchemaArgs>),
    Measure(Box<MeasureArgs>),
    Curate(Box<CurateArgs>),
    Verify(Box<VerifyArgs>),
    Export(Box<ExportArgs>),
    Sandbox(Box<SandboxArgs>),
    Doctor(DoctorArgs),
    Env(EnvArgs),
    Init(InitArgs),
    Completions(CompletionsArgs),
}
