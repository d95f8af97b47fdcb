//! Model calls per hardened task on the shipped example.

use clap::Args;
use serde_json::Value;

use crate::Failure;
use crate::driver::{Driver, complete, tasks};
use crate::table::print;

/// Count the model calls of the quickstart per hardened task
#[derive(Clone, Debug, Args)]
pub(crate) struct Arguments {}

pub(crate) fn run(driver: &Driver, _: &Arguments) -> Result<(), Failure> {
    let run = driver.path("quickstart");
    let measured = complete(driver.command().args(["quickstart", "--quiet", "-o"]).arg(&run))?;
    let status = complete(driver.command().arg("status").arg(&run).arg("--json"))?;
    let status: Value = serde_json::from_str(&status.stdout)?;
    let calls = status.pointer("/spent/calls").and_then(Value::as_u64);
    let calls = calls.ok_or("`isomer status --json` has no number `spent.calls`")?;
    let hardened = tasks(&run)? as u64;
    let row = vec![
        calls.to_string(),
        hardened.to_string(),
        ratio(calls, hardened),
        format!("{:.1}", measured.wall.as_secs_f64()),
    ];
    print("Quickstart", &["calls", "hardened tasks", "calls / task", "wall s"], &[row]);
    Ok(())
}

#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
fn ratio(calls: u64, tasks: u64) -> String {
    if tasks == 0 { "none".to_owned() } else { format!("{:.2}", calls as f64 / tasks as f64) }
}
