//! `isomer schema`: one file a command.

mod apart;
mod folder;
mod history;
mod improve;
mod infer;
mod lens;
mod measure;
mod reading;
mod round;

use super::{Setting, wait_for};
use crate::cli::{SchemaArgs, SchemaCommand};
use crate::exit::Exit;
use crate::failure::Failure;

/// Runs the command.
pub(super) fn schema(args: &SchemaArgs, setting: Setting<'_>) -> Result<Exit, Failure> {
    match &args.command {
        SchemaCommand::Measure(args) => wait_for(measure::measure(args, setting)),
        SchemaCommand::Improve(args) => wait_for(improve::improve(args, setting)),
        SchemaCommand::History(args) => history::show(args, setting),
        SchemaCommand::Infer(args) => wait_for(infer::infer(args, setting)),
    }
}
