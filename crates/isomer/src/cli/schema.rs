//! `isomer schema` and its commands.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::AskArgs;

/// Work on the elements that problems are taken apart into
#[derive(Clone, Debug, Args)]
#[command(subcommand_required = true, arg_required_else_help = true)]
pub(crate) struct SchemaArgs {
    #[command(subcommand)]
    pub(crate) command: SchemaCommand,
}

#[derive(Clone, Debug, Subcommand)]
pub(crate) enum SchemaCommand {
    Measure(SchemaMeasureArgs),
    Improve(SchemaImproveArgs),
    History(SchemaHistoryArgs),
    Infer(SchemaInferArgs),
}

/// Measure what a run's elements tell about its problems, and what they share
#[derive(Clone, Debug, Args)]
#[command(after_help = "\
Works on every run with decomposed seeds, alive or not, and changes none of it.
Values become labels by clustering their embeddings; entropy and information of
labels are in nats. Every embedding is kept in RUN/schema, so a text is embedded
only once. What the figures mean: docs/design/schema-loop.md.

Examples:
  isomer schema measure runs/first
  isomer schema measure runs/first --picture schema.svg
  isomer schema measure runs/first --embedder models/all-MiniLM-L6-v2
  isomer schema measure runs/first --json")]
pub(crate) struct SchemaMeasureArgs {
    /// Folder of the run
    pub(crate) run: PathBuf,

    #[command(flatten)]
    pub(crate) lens: LensArgs,

    /// Measure at most this many seeds, a random choice [default: all]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(4..))]
    pub(crate) sample: Option<u32>,

    /// Draw heat maps and bars into an SVG file
    #[arg(long, value_name = "FILE")]
    pub(crate) picture: Option<PathBuf>,

    /// Settings file [default: isomer.toml in the working directory, if there is one]
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,

    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// Let the model propose better elements, try them on the seeds, keep what measures better
#[derive(Clone, Debug, Args)]
#[command(after_help = "\
A round shows the model the figures, applies its proposals, takes a sample of
the seeds apart anew and measures again. The new schema is kept if its score is
better on the same seeds beyond doubt: the 95 % interval of the gain is above 0.
Every version, proposal, reason and figure is kept in RUN/schema, and every
answer in a ledger there: the same command goes on where it stopped and pays
nothing twice.

Examples:
  isomer schema improve runs/first
  isomer schema improve runs/first --rounds 3 --sample 500 --budget-usd 2
  isomer run s.jsonl -o runs/next --schema runs/first/schema/versions/1.json")]
pub(crate) struct SchemaImproveArgs {
    /// Folder of the run
    pub(crate) run: PathBuf,

    /// Rounds in all, those of earlier starts included
    #[arg(long, value_name = "N", default_value_t = 1,
          value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) rounds: u32,

    /// Seeds to take apart anew, a random choice that stays the same [default: 200]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(4..))]
    pub(crate) sample: Option<u32>,

    #[command(flatten)]
    pub(crate) lens: LensArgs,

    #[command(flatten)]
    pub(crate) ask: AskArgs,

    /// Model calls in flight at most; adapts downwards by itself [default: 16]
    #[arg(short, long, value_name = "N", help_heading = "Model",
          value_parser = clap::value_parser!(u32).range(1..=4096))]
    pub(crate) jobs: Option<u32>,

    /// Print the history as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// Show every schema that was tried for a run, and what became of it
#[derive(Clone, Debug, Args)]
#[command(after_help = "\
Examples:
  isomer schema history runs/first
  isomer schema history runs/first --json")]
pub(crate) struct SchemaHistoryArgs {
    /// Folder of the run
    pub(crate) run: PathBuf,

    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// How texts become labels.
#[derive(Clone, Debug, Args)]
pub(crate) struct LensArgs {
    /// What embeds texts: `hashing`, which needs nothing and compares words and letters; the folder
    /// of a sentence-transformers model such as all-MiniLM-L6-v2; or `endpoint`
    #[arg(long, value_name = "NAME|DIR", default_value = "hashing")]
    pub(crate) embedder: String,

    /// Embedding model of the endpoint
    #[arg(long, value_name = "M")]
    pub(crate) embedding_model: Option<String>,

    /// Endpoint with /v1/embeddings [default: the run's]
    #[arg(long, value_name = "U")]
    pub(crate) embedding_url: Option<String>,

    /// Clusters of texts [default: square root of the seeds, 2 to 10]
    #[arg(long, value_name = "K", value_parser = clap::value_parser!(u32).range(2..=100))]
    pub(crate) clusters: Option<u32>,
}

/// Ask the model for the elements of a domain, from a few of its problems
#[derive(Clone, Debug, Args)]
#[command(after_help = "\
The examples are rows as `run` takes them: three or more, of which the model is
shown ten at most.
The answer is a schema file that `isomer run --schema` takes.

Examples:
  isomer schema infer examples.jsonl --task-type \"SQL task\"
  isomer schema infer tasks.jsonl --task-type \"SQL task\" -o elements.json")]
pub(crate) struct SchemaInferArgs {
    /// Example problems: JSONL, JSON or a folder of them
    #[arg(value_name = "EXAMPLES", required = true)]
    pub(crate) examples: Vec<PathBuf>,

    /// What the problems are, in a few words
    #[arg(long, value_name = "TEXT", value_parser = super::pack::task_type)]
    pub(crate) task_type: String,

    /// Schema file to write, which must not exist [default: standard output]
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) ask: AskArgs,
}
