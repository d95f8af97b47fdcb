//! `isomer doctor`, `isomer env`, `isomer init` and `isomer completions`.

use std::path::PathBuf;

use clap::Args;
use clap_complete::Shell;

use super::IsolationArg;

/// Check what a run needs from this machine and say what to do
#[derive(Clone, Debug, Args)]
#[command(after_help = "\
The endpoint is asked only if a key or a base URL is set.
Exit code 6 when the isolation or Python is missing, 1 when another check fails.

Examples:
  isomer doctor
  isomer doctor --isolation reduced --json")]
pub(crate) struct DoctorArgs {
    /// Isolation to check for [default: full]
    #[arg(long, value_name = "LEVEL")]
    pub(crate) isolation: Option<IsolationArg>,

    /// Python interpreter to check [default: found on PATH]
    #[arg(long, value_name = "PATH")]
    pub(crate) python: Option<PathBuf>,

    /// Endpoint to check
    #[arg(long, value_name = "U")]
    pub(crate) base_url: Option<String>,

    /// Remote sandboxes to check instead of the one here (comma-separated, repeatable)
    #[arg(long, value_name = "U", value_delimiter = ',')]
    pub(crate) sandbox_url: Vec<String>,

    /// Settings file [default: isomer.toml in the working directory, if there is one]
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,

    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// Make or check the Python environment for packs whose tasks need libraries
///
/// Prints the path of its interpreter. There is one environment for all runs, an ordinary virtual
/// environment with pinned numpy, pandas, scipy, scikit-learn, matplotlib and pytest, made with uv
/// if that is there and with pip otherwise. It is in $ISOMER_ENV, else in
/// $XDG_DATA_HOME/isomer/python, else in ~/.local/share/isomer/python.
#[derive(Clone, Debug, Args)]
#[command(after_help = "\
Making it needs the network and about 600 MiB; what is complete is left as is.
Exit code 6 when it cannot be made, or with --check when something is wrong.

Examples:
  isomer env
  isomer env --check --json
  isomer env --recreate --python python3.13")]
pub(crate) struct EnvArgs {
    /// Only look: load every library, change nothing
    #[arg(long, conflicts_with_all = ["recreate", "python"])]
    pub(crate) check: bool,

    /// Make it anew although it is complete
    #[arg(long)]
    pub(crate) recreate: bool,

    /// CPython 3.9 to 3.14 to make it with [default: python3 on PATH]
    #[arg(long, value_name = "PATH")]
    pub(crate) python: Option<PathBuf>,

    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// Write a commented isomer.toml and a few sample seeds
#[derive(Clone, Debug, Args)]
#[command(after_help = "\
Never overwrites a file.

Examples:
  isomer init
  isomer init my-project")]
pub(crate) struct InitArgs {
    /// Where to write
    #[arg(default_value = ".")]
    pub(crate) dir: PathBuf,
}

/// Print a completion script for a shell
#[derive(Clone, Debug, Args)]
#[command(after_help = "\
Example:
  isomer completions bash > ~/.local/share/bash-completion/completions/isomer")]
pub(crate) struct CompletionsArgs {
    /// The shell
    pub(crate) shell: Shell,
}
