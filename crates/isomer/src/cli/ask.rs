//! Flags of every command that asks a model.

use std::path::PathBuf;

use clap::Args;

use super::RunArgs;
use super::run::positive_amount;

/// Where answers come from, and whether they are kept
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct AnswerArgs {
    /// OpenAI-compatible endpoint [default: `https://api.deepseek.com/v1`]
    #[arg(long, value_name = "U", help_heading = "Model")]
    pub(crate) base_url: Option<String>,

    /// Answer from a recording and from nothing else; needs no key
    #[arg(long, value_name = "F", help_heading = "Model", conflicts_with = "record")]
    pub(crate) replay: Option<PathBuf>,

    /// Write every answer to a recording
    #[arg(long, value_name = "F", help_heading = "Model")]
    pub(crate) record: Option<PathBuf>,
}

/// Who answers, and what the answers may cost
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct AskArgs {
    /// Model [default: deepseek-chat]
    #[arg(long, value_name = "M", help_heading = "Model")]
    pub(crate) model: Option<String>,

    #[command(flatten)]
    pub(crate) answers: AnswerArgs,

    /// Stop before this cost in US dollars
    #[arg(long, value_name = "X", help_heading = "Model", allow_negative_numbers = true,
          value_parser = positive_amount)]
    pub(crate) budget_usd: Option<f64>,

    /// Settings file [default: isomer.toml in the working directory, if there is one]
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
}

impl AskArgs {
    /// The same wishes as `isomer run` would take them.
    pub(crate) fn as_run(&self) -> RunArgs {
        RunArgs {
            model: self.model.clone(),
            answers: self.answers.clone(),
            budget_usd: self.budget_usd,
            config: self.config.clone(),
            ..RunArgs::default()
        }
    }
}
