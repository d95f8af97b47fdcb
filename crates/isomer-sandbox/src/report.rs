//! Reports of drivers that work outside of our jails.

use crate::reply::{self, Message};
use crate::{Entry, Execution, Limits, Output, SandboxError, ending};

/// Such a driver takes paths of its interpreter out by itself and writes this instead.
const PREFIX: &str = "<python>";

/// Reads what a driver elsewhere saw of one process, in the form and by the rules of our own
/// driver, so that the same program ends the same everywhere.
///
/// # Errors
///
/// For damaged reports, and for reports of what the driver itself could not do.
pub fn read_report(
    report: &[u8],
    entry: &Entry,
    limits: &Limits,
) -> Result<Execution, SandboxError> {
    let reply = match reply::parse(report) {
        Ok(Message::Ended(reply)) => reply,
        Ok(Message::Missing(error)) => return Err(error),
        Ok(Message::Ready) | Err(_) => {
            return Err(SandboxError::Broken { detail: "a report is damaged".to_owned() });
        }
    };
    let error = ending::compile_error(&reply, PREFIX);
    let execution = ending::execution(reply, entry, limits, PREFIX);
    Ok(match error {
        Some(ending) => Execution { ending, output: Output::None, ..execution },
        None => execution,
    })
}
