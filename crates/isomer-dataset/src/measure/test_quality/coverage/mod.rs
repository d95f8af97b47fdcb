//! How much of the reference the tests reach.
//!
//! The reference runs in the jail with a tracer beside it, in the same process: it could write down
//! anything about itself. So what is read back is matched against the lines and branches that its
//! syntax tree has, and used for nothing but these figures.

mod reached;
mod tracer;

use isomer_record::JudgeMode;
use isomer_sandbox::{Limits, Outcome, SandboxError};
use isomer_syntax::Paths;

use super::super::Coverage;
use super::trial::Trial;
use reached::Reached;

/// How much of the reference the tests reach; `None` where no test brought anything back.
pub(super) async fn measure(
    trial: &Trial<'_>,
    paths: &Paths,
    reference_ms: u64,
) -> Result<Option<Coverage>, SandboxError> {
    let limits = wide(&trial.conditions.limits, reference_ms);
    let reached = match trial.held.task.judge_mode {
        JudgeMode::Pytest => session(trial, paths, limits).await?,
        JudgeMode::Stdio | JudgeMode::Call => programs(trial, paths, limits).await?,
    };
    Ok(reached.map(|reached| reached.coverage(paths)))
}

async fn programs(
    trial: &Trial<'_>,
    paths: &Paths,
    limits: Limits,
) -> Result<Option<Reached>, SandboxError> {
    let executions = trial.sandbox.run(tracer::job(trial, paths, limits)).await?;
    let files = executions.iter().flat_map(|execution| &execution.files);
    Ok(files.filter_map(|(_, content)| Reached::read(content)).reduce(Reached::and))
}

async fn session(
    trial: &Trial<'_>,
    paths: &Paths,
    limits: Limits,
) -> Result<Option<Reached>, SandboxError> {
    let report = trial.sandbox.run_tests(tracer::session(trial, paths, limits)).await?;
    let told = report.outcomes.iter().rev().find(|test| tracer::tells(&test.id));
    Ok(told
        .filter(|test| test.outcome == Outcome::Skipped)
        .and_then(|test| Reached::read(test.message.as_bytes())))
}

/// A traced program takes longer: up to forty times, where its own lines take most of the time.
fn wide(limits: &Limits, reference_ms: u64) -> Limits {
    const FACTOR: u64 = 40;
    const START_MS: u64 = 2_000;
    const MOST_MS: u64 = 60_000;
    let cpu_ms = (FACTOR * reference_ms + START_MS).min(MOST_MS);
    Limits {
        cpu_ms,
        wall_ms: limits.wall_ms.max(3 * cpu_ms),
        // What the tracer itself needs.
        memory_bytes: limits.memory_bytes + (64 << 20),
        file_bytes: limits.file_bytes.max(1 << 20),
        ..*limits
    }
}
