//! A solution on a suite.

use isomer_record::{Design, JudgeMode, Suite, Verdict};
use isomer_sandbox::{Entry, Execution, Job, Stop, judge};

use crate::stages::{Cx, Exit};

/// Runs `source` on all inputs of `suite`.
pub(crate) async fn executions(
    cx: &Cx,
    design: &Design,
    source: &str,
    suite: &Suite,
    hash_seed: u32,
    stop: Stop,
) -> Result<Vec<Execution>, Exit> {
    let job = Job {
        source: source.to_owned(),
        entry: entry(design),
        inputs: suite.input.clone(),
        limits: cx.pack.limits.solution.sandbox(),
        hash_seed,
        stop,
        ..Job::default()
    };
    Ok(cx.sandbox.run(job).await?)
}

/// The verdict of each test. A program that runs into a time limit is not run any further.
pub(crate) async fn verdicts(
    cx: &Cx,
    design: &Design,
    source: &str,
    suite: &Suite,
) -> Result<Vec<Verdict>, Exit> {
    let executions = executions(cx, design, source, suite, 0, Stop::AfterTimeLimits(1)).await?;
    Ok(judged(design, suite, &executions))
}

/// Judges what came out.
pub(crate) fn judged(design: &Design, suite: &Suite, executions: &[Execution]) -> Vec<Verdict> {
    suite
        .output
        .iter()
        .zip(executions)
        .map(|(expected, execution)| {
            judge(design.judge_mode, design.comparison, expected, execution)
        })
        .collect()
}

/// Whether a verdict counts against the program; a test that was not run says nothing.
pub(crate) const fn failed(verdict: Verdict) -> bool {
    !matches!(verdict, Verdict::Accepted | Verdict::NotRun)
}

fn entry(design: &Design) -> Entry {
    match (design.judge_mode, &design.fn_name) {
        (JudgeMode::Call, Some(function)) => Entry::Call { function: function.clone() },
        _ => Entry::Stdio,
    }
}
