//! `isomer status` and `isomer show`.

use std::path::PathBuf;

use clap::Args;

/// Say how far a run is, what it lost where, and what it cost
#[derive(Clone, Debug, Args)]
#[command(after_help = "\
Works on a run in progress, on one that was killed and on a complete one.

Examples:
  isomer status runs/first
  isomer status runs/first --json")]
pub(crate) struct StatusArgs {
    /// Folder of the run
    pub(crate) run: PathBuf,

    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// List tasks and rejects, or show one of them whole
#[derive(Clone, Debug, Args)]
#[command(after_help = "\
Examples:
  isomer show runs/first
  isomer show runs/first 3fa9          whatever has an id from 3fa9 on
  isomer show runs/first two-sum       everything made from the seed `two-sum`
  isomer show runs/first 3fa9 --json")]
pub(crate) struct ShowArgs {
    /// Folder of the run
    pub(crate) run: PathBuf,

    /// An id, the beginning of one, or a seed's id
    pub(crate) item: Option<String>,

    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}
