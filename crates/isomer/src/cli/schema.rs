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
    Infer(SchemaInferArgs),
}

/// Ask the model for the elements of a domain, from a few of its problems
#[derive(Clone, Debug, Args)]
#[command(after_help = "\
The examples are rows as `run` takes them; three or more, ten at most are shown to the model.
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
