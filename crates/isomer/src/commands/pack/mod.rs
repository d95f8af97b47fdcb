//! `isomer pack`: one file a command.

mod check;
mod list;
mod new;

use super::{Setting, wait_for};
use crate::cli::{PackArgs, PackCommand};
use crate::exit::Exit;
use crate::failure::Failure;

/// Runs the command.
pub(super) fn pack(args: &PackArgs, setting: Setting<'_>) -> Result<Exit, Failure> {
    match &args.command {
        PackCommand::New(args) => wait_for(new::new(args, setting)),
        PackCommand::Check(args) => check::check(args, setting),
        PackCommand::List(args) => list::list(args),
    }
}
