//! A sandbox for tests, with the launcher of this crate.
#![expect(clippy::expect_used, reason = "a test without a sandbox cannot go on")]

use isomer_sandbox::{Entry, Execution, Isolation, Job, Limits, Sandbox, Settings};
use serde_json::Value;

/// Settings with the launcher of this crate.
pub(crate) fn settings(isolation: Isolation) -> Settings {
    Settings {
        launcher: env!("CARGO_BIN_EXE_isomer-jail").into(),
        python: None,
        slots: 2,
        isolation,
    }
}

/// A sandbox with the given walls.
pub(crate) async fn sandbox(isolation: Isolation) -> Sandbox {
    Sandbox::open(settings(isolation)).await.expect("this machine can build the walls")
}

/// Limits that make tests quick.
pub(crate) const LIMITS: Limits = Limits {
    cpu_ms: 1_000,
    wall_ms: 3_000,
    memory_bytes: 512 << 20,
    output_bytes: 1 << 20,
    file_bytes: 8 << 20,
};

/// A job with those limits.
pub(crate) fn job(source: &str, entry: Entry, inputs: Vec<Value>) -> Job {
    Job { source: source.to_owned(), entry, inputs, limits: LIMITS, ..Job::default() }
}

/// The entry that calls `f`.
pub(crate) fn call() -> Entry {
    Entry::Call { function: "f".to_owned() }
}

/// Runs a source once.
pub(crate) async fn once(sandbox: &Sandbox, source: &str, entry: Entry, input: Value) -> Execution {
    let mut executions =
        sandbox.run(job(source, entry, vec![input])).await.expect("no error of ours");
    executions.pop().expect("one execution")
}
