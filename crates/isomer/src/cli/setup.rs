//! `isomer doctor`, `isomer init` and `isomer completions`.

use std::path::PathBuf;

use clap::Args;
use clap_complete::Shell;

use super::IsolationArg;

/// Check what a run needs from this machine and say what to do
#[derive(Clone, Debug, Args)]
#[command(after_help = "\
The endpoint is asked only if a key or a base URL is set.
Exit code 6 when the isolation or Python is missing, 1 when something else fails.

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
