//! `isomer export`.

use std::path::PathBuf;

use clap::Args;
use isomer_export::Format;

use super::WallArgs;

/// The name of what is no rows: `README.md` with the head that the hub reads.
pub(crate) const CARD: &str = "card";

/// Write tasks as a trainer reads them, checked by the trainer's own grading rule
///
/// The reference and every near-miss are run once; each format's graders, re-implemented, then judge
/// what they answered on the tests as they would be written. Tests are chosen and ordered so that the
/// verdicts are right. A task that a format cannot grade right is left out; OUT.left-out.jsonl says
/// why.
#[derive(Clone, Debug, Args)]
#[command(after_help = after_help())]
pub(crate) struct ExportArgs {
    /// Folders of runs, or files of tasks
    #[arg(required = true, value_name = "RUN|FILE")]
    pub(crate) datasets: Vec<PathBuf>,

    /// Formats (comma-separated, repeatable), or `all`
    #[arg(short, long, required = true, value_name = "F", value_delimiter = ',')]
    pub(crate) format: Vec<String>,

    /// The file; with several formats a folder for them
    #[arg(short, long, value_name = "OUT")]
    pub(crate) output: PathBuf,

    /// Licence of the dataset, for its card, as the hub names it
    #[arg(long, value_name = "NAME")]
    pub(crate) license: Option<String>,

    /// What `isomer measure` found of the same dataset, for its card: its `measured.json`
    #[arg(long, value_name = "FILE")]
    pub(crate) measures: Option<PathBuf>,

    /// Rows of a file at most; then OUT is the pattern of their names
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) shard_rows: Option<u64>,

    /// KiB of tests in a row at most
    #[arg(long, value_name = "N", default_value_t = 1024, help_heading = "Limits",
          value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) row_kib: u32,

    /// Programs at once [default: one per processor]
    #[arg(short, long, value_name = "N", help_heading = "Limits",
          value_parser = clap::value_parser!(u32).range(1..=1024))]
    pub(crate) jobs: Option<u32>,

    #[command(flatten)]
    pub(crate) walls: WallArgs,

    /// Print the counts as JSON on standard output
    #[arg(long)]
    pub(crate) json: bool,
}

fn after_help() -> String {
    format!(
        "\
Formats: {}.
Where both are possible, the ending of OUT chooses JSON lines or Parquet.
An export that was killed goes on where it stopped when it is started again.

Examples:
  isomer export runs/first --format verl -o verl.parquet
  isomer export runs/first --format livecodebench -o train.jsonl --json
  isomer export runs/first --format parquet,card -o dataset --license cc-by-4.0
  isomer export runs/first --format all -o exports --shard-rows 10000",
        wrapped(&format!("{}, {CARD}", Format::ALL.map(Format::as_str).join(", ")))
    )
}

/// Breaks a list where a line of the help ends.
fn wrapped(list: &str) -> String {
    const WIDTH: usize = 78;
    let mut text = String::new();
    let mut used = "Formats: ".len();
    for word in list.split(' ') {
        if used + word.len() > WIDTH {
            text.push_str("\n  ");
            used = 2;
        } else if !text.is_empty() {
            text.push(' ');
            used += 1;
        }
        text.push_str(word);
        used += word.len();
    }
    text
}
