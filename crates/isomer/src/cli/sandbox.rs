//! `isomer sandbox run`, `isomer sandbox serve` and `isomer sandbox bench`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::{IsolationArg, RunArgs};
use crate::exit::Exit;

/// Run untrusted programs in the sandbox: one of them, a server of them, or a measurement
#[derive(Clone, Debug, Args)]
pub(crate) struct SandboxArgs {
    #[command(subcommand)]
    pub(crate) command: SandboxCommand,
}

#[derive(Clone, Debug, Subcommand)]
pub(crate) enum SandboxCommand {
    Run(SandboxRunArgs),
    Serve(SandboxServeArgs),
    Bench(SandboxBenchArgs),
}

/// What all commands need to open the sandbox.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct WallArgs {
    /// Isolation of the programs [default: full]
    #[arg(long, value_name = "LEVEL", help_heading = "Sandbox")]
    pub(crate) isolation: Option<IsolationArg>,

    /// Python interpreter [default: found on PATH]
    #[arg(long, value_name = "PATH", help_heading = "Sandbox")]
    pub(crate) python: Option<PathBuf>,

    /// Installed module to load beforehand, in the server for programs that name
    /// it; without any, the standard library alone is there (repeatable)
    #[arg(long = "package", value_name = "NAME", help_heading = "Sandbox")]
    pub(crate) packages: Vec<String>,

    /// Settings file [default: isomer.toml in the working directory, if there is one]
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
}

/// Where many programs run.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct ProgramArgs {
    #[command(flatten)]
    pub(crate) walls: WallArgs,

    /// Programs at once [default: one per processor; what remote sandboxes bear]
    #[arg(long, value_name = "N", help_heading = "Sandbox",
          value_parser = clap::value_parser!(u32).range(1..=1024))]
    pub(crate) sandbox_slots: Option<u32>,

    /// Run programs on these servers instead (comma-separated, repeatable); empty: here after all
    #[arg(long, value_name = "U", value_delimiter = ',', help_heading = "Sandbox")]
    pub(crate) sandbox_url: Vec<String>,
}

impl ProgramArgs {
    /// The same wishes as `isomer run` would take them.
    pub(crate) fn as_run(&self) -> RunArgs {
        RunArgs {
            isolation: self.walls.isolation,
            python: self.walls.python.clone(),
            sandbox_slots: self.sandbox_slots,
            sandbox_url: self.sandbox_url.clone(),
            ..RunArgs::default()
        }
    }
}

/// Run one program in the sandbox
///
/// Its output goes to standard output, its errors and one line about how it ended, with processor
/// time, time on the clock and peak memory, to standard error.
#[derive(Clone, Debug, Args)]
#[command(after_help = run_help())]
pub(crate) struct SandboxRunArgs {
    /// Source; `-` reads it from standard input
    pub(crate) file: PathBuf,

    /// Language of the source [default: told by the file's ending, or python]
    #[arg(long, value_name = "NAME")]
    pub(crate) language: Option<String>,

    /// What the program reads from standard input; `-` passes on ours [default: nothing]
    #[arg(long, value_name = "FILE", conflicts_with = "function")]
    pub(crate) stdin: Option<PathBuf>,

    /// Call this function instead of running a program
    #[arg(long = "fn", value_name = "NAME")]
    pub(crate) function: Option<String>,

    /// Positional arguments of the function, as a JSON array [default: none]
    #[arg(long, value_name = "JSON", requires = "function", allow_hyphen_values = true)]
    pub(crate) args: Option<String>,

    /// Judge the answer: a file with the expected output, or with the expected value as JSON
    #[arg(long, value_name = "FILE")]
    pub(crate) expected: Option<PathBuf>,

    /// Processor time in ms
    #[arg(long, value_name = "N", default_value_t = 10_000, help_heading = "Limits",
          value_parser = clap::value_parser!(u64).range(1..=86_400_000))]
    pub(crate) cpu_ms: u64,

    /// Time on the clock in ms [default: the processor time and 20 s]
    #[arg(long, value_name = "N", help_heading = "Limits",
          value_parser = clap::value_parser!(u64).range(1..=86_400_000))]
    pub(crate) wall_ms: Option<u64>,

    /// Memory in MiB
    #[arg(long, value_name = "N", default_value_t = 1024, help_heading = "Limits",
          value_parser = clap::value_parser!(u64).range(64..=1_048_576))]
    pub(crate) memory_mib: u64,

    #[command(flatten)]
    pub(crate) walls: WallArgs,

    /// Print everything as JSON on standard output instead
    #[arg(long)]
    pub(crate) json: bool,
}

/// Serve the sandbox over HTTP
///
/// Speaks SandboxFusion's `/run_code` and `/submit`, ScaleBox's `/common_evaluate_batch` and
/// `/common_evaluate`, and `/v1/run` and `/v1/judge`, described by `/openapi.json`. Also answers
/// `/health`, `/v1/ping` and `/metrics`.
#[derive(Clone, Debug, Args)]
#[command(after_help = "\
There is no authentication: whoever reaches the address can use up this
machine's processors. Therefore an address that other machines can reach is
refused without --public.

The first Ctrl-C, or SIGTERM, accepts no more and finishes what was accepted;
the second stops at once.

Examples:
  isomer sandbox serve
  isomer sandbox serve --addr 127.0.0.1:9000 --jobs 8 --queue 64
  isomer sandbox serve --addr 0.0.0.0:8080 --public")]
pub(crate) struct SandboxServeArgs {
    /// Where to listen; port 0 takes any free one
    #[arg(long, value_name = "HOST:PORT", default_value = "127.0.0.1:8080")]
    pub(crate) addr: String,

    /// Listen also where other machines can reach it, without authentication
    #[arg(long)]
    pub(crate) public: bool,

    /// Programs at once [default: one per processor]
    #[arg(short, long, value_name = "N", help_heading = "Limits",
          value_parser = clap::value_parser!(u32).range(1..=1024))]
    pub(crate) jobs: Option<u32>,

    /// Requests that may wait; one more gets 429
    #[arg(long, value_name = "N", default_value_t = 1024, help_heading = "Limits",
          value_parser = clap::value_parser!(u32).range(..=1_000_000))]
    pub(crate) queue: u32,

    /// Seconds a request may take, waiting included; then it gets 503
    #[arg(long, value_name = "N", default_value_t = 1000, help_heading = "Limits",
          value_parser = clap::value_parser!(u64).range(1..=86_400))]
    pub(crate) timeout: u64,

    /// Seconds to finish what was accepted when told to stop
    #[arg(long, value_name = "N", default_value_t = 60, help_heading = "Limits",
          value_parser = clap::value_parser!(u64).range(..=86_400))]
    pub(crate) drain: u64,

    /// Largest request in MiB; a larger one gets 413
    #[arg(long, value_name = "N", default_value_t = 64, help_heading = "Limits",
          value_parser = clap::value_parser!(u32).range(1..=1024))]
    pub(crate) body_mib: u32,

    #[command(flatten)]
    pub(crate) walls: WallArgs,
}

/// Measure how many verdicts per second this machine gives
///
/// Judges a tiny right program over and over behind all walls: one test at a time, one test in all
/// slots at once, and suites of 20 tests in all slots at once.
#[derive(Clone, Debug, Args)]
#[command(after_help = "\
Examples:
  isomer sandbox bench
  isomer sandbox bench --jobs 8 --package numpy --package pandas")]
pub(crate) struct SandboxBenchArgs {
    /// Programs at once [default: one per processor]
    #[arg(short, long, value_name = "N", help_heading = "Limits",
          value_parser = clap::value_parser!(u32).range(1..=1024))]
    pub(crate) jobs: Option<u32>,

    /// Length of each of the three measurements, in seconds
    #[arg(long, value_name = "N", default_value_t = 3,
          value_parser = clap::value_parser!(u64).range(1..=3600))]
    pub(crate) seconds: u64,

    #[command(flatten)]
    pub(crate) walls: WallArgs,

    /// Print everything as JSON on standard output instead
    #[arg(long)]
    pub(crate) json: bool,
}

fn run_help() -> String {
    format!(
        "\
Exit code {} when the program ended normally (and, with --expected, its answer
is right), {} when it did not.

Examples:
  isomer sandbox run solution.py --stdin input.txt --expected output.txt
  isomer sandbox run solution.py --fn add --args '[1, 2]'
  isomer sandbox run - < solution.py",
        Exit::Complete.code(),
        Exit::ProgramFailed.code()
    )
}
