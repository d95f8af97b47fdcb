//! `isomer measure`.

use std::path::PathBuf;

use clap::Args;
use isomer_report::Bounds;

use super::ProgramArgs;
use super::run::positive_amount;
use crate::exit::Exit;

/// Measure how original, diverse and hard a dataset is, and how sharp its tests are
///
/// A dataset is a run or a file of any maker: a tasks.jsonl, HumanEval, MBPP, APPS, TACO and what
/// `export` writes. It is measured as far as it goes; what could not be measured is told. Programs
/// run in the sandbox, and with --target a model is asked; verdicts and answers are kept in a folder,
/// so that the same command goes on where it was stopped and pays nothing twice.
#[derive(Clone, Debug, Args)]
#[command(after_help = help())]
pub(crate) struct MeasureArgs {
    /// Folders of runs, or files of tasks
    #[arg(required = true, value_name = "DATASET")]
    pub(crate) datasets: Vec<PathBuf>,

    /// Hold tasks against this file or run, too; a run's own seeds always are (repeatable)
    #[arg(long, value_name = "FILE|RUN", help_heading = "Originality")]
    pub(crate) against: Vec<PathBuf>,

    /// What embeds texts: `hashing`, which needs nothing; the folder of a sentence-transformers
    /// model; or `endpoint`
    #[arg(long, value_name = "NAME|DIR", default_value = "hashing", help_heading = "Originality")]
    pub(crate) embedder: String,

    /// Embedding model of the endpoint
    #[arg(long, value_name = "M", help_heading = "Originality")]
    pub(crate) embedding_model: Option<String>,

    /// Endpoint with /v1/embeddings [default: that of --base-url]
    #[arg(long, value_name = "U", help_heading = "Originality")]
    pub(crate) embedding_url: Option<String>,

    #[command(flatten)]
    pub(crate) target: TargetArgs,

    /// Results of `isomer verify` with labels: how the tests judge solutions that are known
    #[arg(long, value_name = "FILE", help_heading = "Tests", conflicts_with = "no_run")]
    pub(crate) solutions: Option<PathBuf>,

    /// Run each mutant on every test, not only until its first kill, so that `isomer curate --kills`
    /// knows which tests are needed; the figures are the same, and it takes longer
    #[arg(long, help_heading = "Tests", conflicts_with = "no_run")]
    pub(crate) every_test: bool,

    /// Run no program: texts and sources alone
    #[arg(long, help_heading = "Tests", conflicts_with = "target")]
    pub(crate) no_run: bool,

    #[command(flatten)]
    pub(crate) programs: ProgramArgs,

    /// Folder of kept results [default: RUN/measure, or FILE with the ending .measure]
    #[arg(short, long, value_name = "FOLDER")]
    pub(crate) output: Option<PathBuf>,

    /// Write everything, task by task, as one HTML file that needs nothing else
    #[arg(long, value_name = "FILE")]
    pub(crate) report: Option<PathBuf>,

    /// Size of the report in MiB at most; tasks beyond it are listed or counted, not shown
    #[arg(long, value_name = "N", default_value_t = Bounds::default().most_bytes >> 20,
          requires = "report", value_parser = clap::value_parser!(u64).range(1..=2048))]
    pub(crate) report_mib: u64,

    /// Print the figures as JSON on standard output
    #[arg(long)]
    pub(crate) json: bool,
}

/// The model whose success is measured.
#[derive(Clone, Debug, Args)]
pub(crate) struct TargetArgs {
    /// Model whose solutions are sampled, run and counted
    #[arg(long, value_name = "MODEL", help_heading = "Difficulty")]
    pub(crate) target: Option<String>,

    /// Samples of each task
    #[arg(long, value_name = "N", default_value_t = 8, help_heading = "Difficulty",
          requires = "target", value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub(crate) k: u32,

    /// Share of passing samples from which a model learns
    #[arg(long, value_name = "LOW..HIGH", default_value = "0.05..0.8",
          help_heading = "Difficulty", requires = "target", value_parser = super::curate::band)]
    pub(crate) band: (f64, f64),

    /// OpenAI-compatible endpoint [default: `https://api.deepseek.com/v1`]
    #[arg(long, value_name = "U", help_heading = "Difficulty")]
    pub(crate) base_url: Option<String>,

    /// Answer from a recording and from nothing else; needs no key
    #[arg(
        long,
        value_name = "F",
        help_heading = "Difficulty",
        requires = "target",
        conflicts_with = "record"
    )]
    pub(crate) replay: Option<PathBuf>,

    /// Write every answer to a recording
    #[arg(long, value_name = "F", help_heading = "Difficulty", requires = "target")]
    pub(crate) record: Option<PathBuf>,

    /// Stop before this cost in US dollars, over all starts; agrees to as much
    #[arg(long, value_name = "X", help_heading = "Difficulty", requires = "target",
          allow_negative_numbers = true, value_parser = positive_amount)]
    pub(crate) budget_usd: Option<f64>,

    /// Agree to the cost that is told before the first question
    #[arg(long, help_heading = "Difficulty", requires = "target")]
    pub(crate) yes: bool,

    /// Model calls in flight at most; adapts downwards by itself [default: 16]
    #[arg(short, long, value_name = "N", help_heading = "Difficulty", requires = "target",
          value_parser = clap::value_parser!(u32).range(1..=4096))]
    pub(crate) jobs: Option<u32>,
}

fn help() -> String {
    format!(
        "\
Before a model is asked, calls, tokens and cost are told. Where that is not
free, a terminal asks whether to go on, and no is exit code 4; elsewhere --yes
or --budget-usd has to say so. An answer that is cut, refused or has no program
in it is a sample that fails. What the figures mean: docs/design/measure.md.
Sampling and endpoint of the model: [roles.target] in isomer.toml.

Examples:
  isomer measure runs/first --report report.html
  isomer measure runs/first --against HumanEval.jsonl.gz --json
  isomer measure tasks.jsonl --target deepseek-chat --k 8 --budget-usd 2
  isomer measure foreign.parquet --no-run

{}",
        Exit::table()
    )
}
