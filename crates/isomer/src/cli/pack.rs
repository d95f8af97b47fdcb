//! `isomer pack` and its commands.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use isomer_record::JudgeMode;

use super::AskArgs;

/// Make and check domains of one's own
#[derive(Clone, Debug, Args)]
#[command(subcommand_required = true, arg_required_else_help = true)]
pub(crate) struct PackArgs {
    #[command(subcommand)]
    pub(crate) command: PackCommand,
}

#[derive(Clone, Debug, Subcommand)]
pub(crate) enum PackCommand {
    New(Box<PackNewArgs>),
    Check(PackCheckArgs),
    List(PackListArgs),
}

/// Make a domain pack from a few example tasks
///
/// The model is asked for the elements that such tasks are made of; numbers and commented prompts
/// come from templates. The pack is checked, and then yours to change.
#[derive(Clone, Debug, Args)]
#[command(after_help = "\
The examples are rows as `run` takes them: three or more, of which the model is
shown ten at most.
Never overwrites a folder.

Examples:
  isomer pack new regex --from examples.jsonl --task-type \"regular expressions\"
  isomer pack new sql --from e.jsonl --task-type \"SQL\" --judge-mode pytest
  isomer run seeds.jsonl -o runs/sql --pack ./sql")]
pub(crate) struct PackNewArgs {
    /// Name of the pack: small letters, digits, `_` and `-`
    #[arg(value_parser = pack_name)]
    pub(crate) name: String,

    /// Example tasks: JSONL, JSON or a folder of them (repeatable)
    #[arg(long, value_name = "EXAMPLES", required = true)]
    pub(crate) from: Vec<PathBuf>,

    /// What the tasks are, in a few words; it stands in the prompts
    #[arg(long, value_name = "TEXT", value_parser = task_type)]
    pub(crate) task_type: String,

    /// How solutions are judged
    #[arg(long, value_name = "MODE", default_value = "call")]
    pub(crate) judge_mode: JudgeModeArg,

    /// Folder to make [default: one of the pack's name in the working directory]
    #[arg(short, long, value_name = "DIR")]
    pub(crate) output: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) ask: AskArgs,
}

/// How solutions are judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum JudgeModeArg {
    /// Programs, by what they print
    Stdio,
    /// Functions, by what they return
    Call,
    /// Modules, by a pytest file
    Pytest,
}

impl From<JudgeModeArg> for JudgeMode {
    fn from(mode: JudgeModeArg) -> Self {
        match mode {
            JudgeModeArg::Stdio => Self::Stdio,
            JudgeModeArg::Call => Self::Call,
            JudgeModeArg::Pytest => Self::Pytest,
        }
    }
}

/// Say everything that is wrong with a pack
#[derive(Clone, Debug, Args)]
#[command(after_help = "\
Reads every file and fills in every prompt with all kinds of content that it
can meet.
Exit code 2 when something is wrong.

Examples:
  isomer pack check ./sql
  isomer pack check ./sql --json")]
pub(crate) struct PackCheckArgs {
    /// Folder of the pack, or the name of a built-in one
    #[arg(value_name = "DIR")]
    pub(crate) pack: String,

    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// List the built-in packs
#[derive(Clone, Debug, Args)]
#[command(after_help = "\
Examples:
  isomer pack list
  isomer pack list --json")]
pub(crate) struct PackListArgs {
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

fn pack_name(text: &str) -> Result<String, String> {
    let fits = |letter: char| {
        letter.is_ascii_lowercase() || letter.is_ascii_digit() || "_-".contains(letter)
    };
    if text.starts_with(|letter: char| letter.is_ascii_lowercase()) && text.chars().all(fits) {
        return Ok(text.to_owned());
    }
    Err("expected small letters, digits, `_` and `-`, beginning with a letter".to_owned())
}

/// It becomes part of templates, in which braces mean something.
pub(super) fn task_type(text: &str) -> Result<String, String> {
    let text = text.trim();
    if text.is_empty() || text.contains(['{', '}', '\n', '\r']) {
        return Err("expected a few words on one line, without braces".to_owned());
    }
    Ok(text.to_owned())
}
