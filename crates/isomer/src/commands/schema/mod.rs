//! `isomer schema`: one file a command.

mod infer;

use super::{Setting, wait_for};
use crate::cli::{SchemaArgs, SchemaCommand};
use crate::exit::Exit;
use crate::failure::Failure;

/// Runs the command.
pub(super) fn schema(args: &SchemaArgs, setting: Setting<'_>) -> Result<Exit, Failure> {
    match &args.command {
        SchemaCommand::Infer(args) => wait_for(infer::infer(args, setting)),
    }
}
