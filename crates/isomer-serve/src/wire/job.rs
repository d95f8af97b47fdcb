//! A job as `/v1/run` takes it.

use isomer_sandbox::{Entry, Job, Limits, Stop};
use serde_json::{Value, json};

use super::files_to_json;

/// The body of a request for this job. Numbers that are not finite are written as Python writes
/// them (`NaN`), which the server reads, though no strict JSON reader does.
pub fn job_to_json(job: &Job) -> Value {
    let function = match &job.entry {
        Entry::Stdio => None,
        Entry::Call { function } => Some(function),
    };
    let stop = match job.stop {
        Stop::Never => json!("never"),
        Stop::AfterFirst => json!("after_first"),
        Stop::AfterTimeLimits(count) => json!({"after_time_limits": count}),
    };
    json!({
        "source": job.source,
        "language": job.language.name(),
        "fn_name": function,
        "inputs": job.inputs,
        "limits": limits_to_json(&job.limits),
        "hash_seed": job.hash_seed,
        "stop": stop,
        "packages": job.packages,
        "files": files_to_json(&job.files),
        "fetch": job.fetch,
        "width": job.width,
    })
}

/// Limits in JSON.
pub(super) fn limits_to_json(limits: &Limits) -> Value {
    json!({
        "cpu_ms": limits.cpu_ms,
        "wall_ms": limits.wall_ms,
        "memory_bytes": limits.memory_bytes,
        "output_bytes": limits.output_bytes,
        "file_bytes": limits.file_bytes,
    })
}
