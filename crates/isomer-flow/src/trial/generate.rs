//! Generators: what they make for one seed, and whether they make it again.

use isomer_record::{DropReason, JudgeMode, Suite};
use isomer_sandbox::{Ending, Entry, Execution, Job, Output, Stop};
use serde_json::{Value, json};

use super::Flaw;
use super::suite::read;
use crate::stages::{Cx, Exit};

/// The first seed of every generator, which makes the suite; larger ones make fresh inputs.
const FIRST_SEED: u64 = 0;

/// The suite of the first seed, made under two hash seeds.
pub(super) async fn twice(
    cx: &Cx,
    mode: JudgeMode,
    generator: &str,
) -> Result<Result<Suite, Flaw>, Exit> {
    let mut returned = Vec::with_capacity(2);
    for hash_seed in [0, 1] {
        let executions = run(cx, generator, FIRST_SEED..FIRST_SEED + 1, hash_seed).await?;
        match executions.first().map_or_else(|| Err(not_run()), value) {
            Ok(value) => returned.push(value),
            Err(flaw) => return Ok(Err(flaw)),
        }
    }
    if returned.first() != returned.last() {
        return Ok(Err(Flaw::new(
            DropReason::GeneratorNotDeterministic,
            "the generator gave other tests for the same seed when Python's string hashing was \
             seeded differently: something depends on the order of a set",
        )));
    }
    Ok(returned.pop().ok_or_else(not_run).and_then(|value| read(&value, mode)))
}

/// The suites of other seeds; a seed that gives none is left out.
pub(crate) async fn suites(
    cx: &Cx,
    mode: JudgeMode,
    generator: &str,
    seeds: std::ops::Range<u64>,
) -> Result<Vec<Suite>, Exit> {
    let executions = run(cx, generator, seeds, 0).await?;
    Ok(executions
        .iter()
        .filter_map(|execution| value(execution).ok())
        .filter_map(|value| read(&value, mode).ok())
        .collect())
}

async fn run(
    cx: &Cx,
    generator: &str,
    seeds: std::ops::Range<u64>,
    hash_seed: u32,
) -> Result<Vec<Execution>, Exit> {
    let job = Job {
        source: generator.to_owned(),
        entry: Entry::Call { function: "generate_tests".to_owned() },
        inputs: seeds.map(|seed| json!([seed])).collect(),
        // Packs without this have no generators.
        limits: cx.pack.limits.generator.as_ref().unwrap_or(&cx.pack.limits.solution).sandbox(),
        hash_seed,
        stop: Stop::AfterTimeLimits(1),
        ..Job::default()
    };
    Ok(cx.sandbox.run(job).await?)
}

fn value(execution: &Execution) -> Result<Value, Flaw> {
    match (&execution.ending, &execution.output) {
        (Ending::Finished, Output::Value(value)) => value.to_json().map_err(|error| {
            Flaw::new(DropReason::SuiteMalformed, format!("the tests are not JSON: {error}"))
        }),
        (Ending::TimeLimit, _) => {
            Err(Flaw::new(DropReason::GeneratorTimeLimit, "the generator took too long"))
        }
        (ending, _) => {
            let detail = format!("the generator failed: {}", ending.describe());
            Err(Flaw::new(DropReason::GeneratorFailed, detail))
        }
    }
}

fn not_run() -> Flaw {
    Flaw::new(DropReason::GeneratorFailed, "the generator was not run")
}
