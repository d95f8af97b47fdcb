//! `isomer run` and `isomer quickstart`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::AnswerArgs;
use crate::exit::Exit;

/// Make tasks from seed problems, or go on with a run that was stopped
#[derive(Clone, Debug, Default, Args)]
#[command(after_help = run_help())]
pub(crate) struct RunArgs {
    /// Seed problems: JSONL, JSON or a folder of them; left out, an existing run goes on
    #[arg(value_name = "SEEDS")]
    pub(crate) seeds: Vec<PathBuf>,

    /// Folder of the run; if it holds one already, that run is resumed
    #[arg(short, long, value_name = "RUN")]
    pub(crate) output: PathBuf,

    /// Domain pack: the name of a built-in one, or a folder
    #[arg(long, value_name = "NAME|DIR", help_heading = "Task", help = pack_help())]
    pub(crate) pack: Option<String>,

    /// Schema file that replaces the pack's elements
    #[arg(long, value_name = "FILE", help_heading = "Task")]
    pub(crate) schema: Option<PathBuf>,

    /// Element kept from the first parent instead of the pack's choice (repeatable)
    #[arg(long, value_name = "NAME", help_heading = "Task")]
    pub(crate) core_element: Vec<String>,

    /// Blueprints per seed; the same run may be asked for more later [default: 1]
    #[arg(long, value_name = "N", help_heading = "Task",
          value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) samples: Option<u32>,

    /// Seed of every random choice [default: 0]
    #[arg(long, value_name = "N", help_heading = "Task")]
    pub(crate) seed: Option<u64>,

    /// Repairs of a solution or generator that fails [default: 1]
    #[arg(long, value_name = "N", help_heading = "Task")]
    pub(crate) repair: Option<u32>,

    /// Near-miss solutions asked for per task [default: the pack's]
    #[arg(long, value_name = "N", help_heading = "Task")]
    pub(crate) near_misses: Option<u32>,

    /// Rewrites of the tests against surviving near-misses [default: 3]
    #[arg(long, value_name = "N", help_heading = "Task")]
    pub(crate) harden_rounds: Option<u32>,

    /// Refuse to start when a seed row is unusable or an id is repeated
    #[arg(long, help_heading = "Task")]
    pub(crate) strict: bool,

    /// Model for every role that the settings file does not name [default: deepseek-chat]
    #[arg(long, value_name = "M", help_heading = "Model")]
    pub(crate) model: Option<String>,

    #[command(flatten)]
    pub(crate) answers: AnswerArgs,

    /// Model calls in flight at most; adapts downwards by itself [default: 16]
    #[arg(short, long, value_name = "N", help_heading = "Limits",
          value_parser = clap::value_parser!(u32).range(1..=4096))]
    pub(crate) jobs: Option<u32>,

    /// Stop before this cost in US dollars, over all starts of the run
    #[arg(long, value_name = "X", help_heading = "Limits", allow_negative_numbers = true,
          value_parser = positive_amount)]
    pub(crate) budget_usd: Option<f64>,

    /// Stop before this many tokens, over all starts of the run
    #[arg(long, value_name = "N", help_heading = "Limits")]
    pub(crate) budget_tokens: Option<u64>,

    /// Requests sent per minute at most
    #[arg(long, value_name = "N", help_heading = "Limits",
          value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) requests_per_minute: Option<u32>,

    /// Tokens sent and received per minute at most
    #[arg(long, value_name = "N", help_heading = "Limits",
          value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) tokens_per_minute: Option<u32>,

    /// Isolation of generated code [default: full]
    #[arg(long, value_name = "LEVEL", help_heading = "Sandbox")]
    pub(crate) isolation: Option<IsolationArg>,

    /// Sandboxed programs at once [default: one per processor; what remote sandboxes bear]
    #[arg(long, value_name = "N", help_heading = "Sandbox",
          value_parser = clap::value_parser!(u32).range(1..=1024))]
    pub(crate) sandbox_slots: Option<u32>,

    /// Python interpreter for generated code [default: found on PATH]
    #[arg(long, value_name = "PATH", help_heading = "Sandbox")]
    pub(crate) python: Option<PathBuf>,

    /// Run programs on these servers instead (comma-separated, repeatable); empty: here after all
    #[arg(long, value_name = "U", value_delimiter = ',', help_heading = "Sandbox")]
    pub(crate) sandbox_url: Vec<String>,

    /// Settings file [default: isomer.toml in the working directory, if there is one]
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,

    /// Print the final summary as JSON on standard output
    #[arg(long)]
    pub(crate) json: bool,
}

/// How strongly generated code is walled off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum IsolationArg {
    /// Everything; refuse to start where the machine cannot give it
    Full,
    /// What the machine can give; `isomer doctor` says what is missing
    Reduced,
}

/// Make tasks from built-in seeds and recorded answers: no key, no network
#[derive(Clone, Debug, Args)]
#[command(after_help = "\
Examples:
  isomer quickstart
  isomer show runs/quickstart
  isomer quickstart --fresh
  isomer quickstart --all")]
pub(crate) struct QuickstartArgs {
    /// Domain pack [default: the same as of `run`]
    pub(crate) pack: Option<String>,

    /// Every pack that has a recording, one after another
    #[arg(long, conflicts_with_all = ["pack", "output"])]
    pub(crate) all: bool,

    /// Folder of the run [default: runs/quickstart, or runs/quickstart-PACK for a pack named]
    #[arg(short, long, value_name = "RUN")]
    pub(crate) output: Option<PathBuf>,

    /// Remove an older quickstart run in that folder first
    #[arg(long)]
    pub(crate) fresh: bool,

    /// Isolation of generated code [default: full]
    #[arg(long, value_name = "LEVEL")]
    pub(crate) isolation: Option<IsolationArg>,

    /// Python interpreter for generated code [default: found on PATH]
    #[arg(long, value_name = "PATH")]
    pub(crate) python: Option<PathBuf>,

    /// Print the final summary as JSON on standard output
    #[arg(long)]
    pub(crate) json: bool,
}

pub(super) fn positive_amount(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(amount) if amount.is_finite() && amount > 0.0 => Ok(amount),
        _ => Err("expected an amount above zero, such as 2.50".to_owned()),
    }
}

/// The names come from the packs themselves.
fn pack_help() -> String {
    format!(
        "Domain pack: a folder, or a built-in one ({}) [default: {}]",
        isomer_flow::pack::Pack::names().join(", "),
        crate::settings::default_pack()
    )
}

fn run_help() -> String {
    format!(
        "\
Examples:
  isomer run seeds.jsonl -o runs/first --samples 2 --budget-usd 5
  isomer run -o runs/first                          go on where it stopped
  isomer run seeds.jsonl -o runs/local --base-url http://127.0.0.1:8000/v1
  isomer run seeds.jsonl -o runs/again --replay answers.jsonl
  isomer run -o runs/first --sandbox-url http://box1:8080,http://box2:8080

Environment:
  OPENAI_API_KEY   key of the endpoint; never stored, never shown
  OPENAI_BASE_URL  as --base-url
  ISOMER_MODEL     as --model
  SANDBOX_URL      as --sandbox-url
  NO_COLOR         no colours

Flags win over the environment, which wins over isomer.toml.
The first Ctrl-C lets the calls in flight finish, the second stops at once;
both keep everything that was paid for.

{}",
        Exit::table()
    )
}
