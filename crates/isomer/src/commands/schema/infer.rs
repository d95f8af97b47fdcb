//! `isomer schema infer`: the elements of a domain from a few of its problems.

use crate::cli::SchemaInferArgs;
use crate::commands::Setting;
use crate::exit::Exit;
use crate::failure::Failure;

/// Runs the command.
#[expect(clippy::unused_async, reason = "the question follows")]
pub(super) async fn infer(args: &SchemaInferArgs, _setting: Setting<'_>) -> Result<Exit, Failure> {
    let _ = args.ask.as_run();
    Err(Failure::new(format!("not built yet: {:?}", args.task_type)))
}
