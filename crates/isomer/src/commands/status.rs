//! `isomer status`: the funnel of any run, from its folder alone.

use super::{Setting, write};
use crate::cli::StatusArgs;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output;
use crate::report;
use crate::settings::RunFile;

/// Runs the command.
pub(super) fn status(args: &StatusArgs, setting: Setting<'_>) -> Result<Exit, Failure> {
    let file = RunFile::require(&args.run)?;
    let summary = report::collect(&args.run, &file)?;
    if args.json {
        write(output::json(&summary))?;
    } else {
        write(output::data(&report::funnel(&summary, setting.data_paint)))?;
    }
    Ok(Exit::Complete)
}
