//! Inputs that the tests do not hold, from other seeds of the task's generator.

use std::collections::BTreeSet;

use isomer_record::{JudgeMode, Suite, Verdict};
use isomer_sandbox::{Ending, Entry, Execution, Job, Output, SandboxError, Stop};
use serde_json::{Value, json};

use super::settings::TestSettings;
use super::trial::Trial;
use crate::verify::tasks::Held;

/// Seeds tried; seed 0 made the task's own tests.
const SEEDS: u64 = 50;

/// Seeds run in one go.
const BATCH: u64 = 5;

/// Largest input with its answer, in bytes: what is larger tells no more and takes longer.
const MOST_BYTES: usize = 64 << 10;

/// A task with tests that are not its own: inputs whose answer the generator computed and the
/// reference confirms. `None` without a generator.
pub(super) async fn inputs(
    trial: &Trial<'_>,
    settings: &TestSettings,
) -> Result<Option<Held>, SandboxError> {
    let task = &trial.held.task;
    let Some(generator) =
        task.generator.as_deref().filter(|_| task.judge_mode != JudgeMode::Pytest)
    else {
        return Ok(None);
    };
    let own = &trial.held.suite;
    let wanted = settings.inputs.saturating_sub(own.len());
    let mut known: BTreeSet<[u8; 32]> = own.input.iter().map(digest).collect();
    let mut fresh = Held { task: task.clone(), suite: Suite::default() };
    let mut seed = 1;
    while seed <= SEEDS && fresh.suite.len() < wanted {
        let seeds = seed..(seed + BATCH).min(SEEDS + 1);
        seed = seeds.end;
        let made = made(trial, settings, generator, seeds).await?;
        let mut tests = Suite::default();
        for (input, output) in made {
            let room = fresh.suite.len() + tests.len() < wanted;
            if room && small(&input, &output) && known.insert(digest(&input)) {
                tests.input.push(input);
                tests.output.push(output);
            }
        }
        let tests = confirmed(trial, settings, tests).await?;
        fresh.suite.input.extend(tests.input);
        fresh.suite.output.extend(tests.output);
    }
    Ok(Some(fresh))
}

/// What the generator makes for these seeds; a seed that makes nothing usable is left out.
async fn made(
    trial: &Trial<'_>,
    settings: &TestSettings,
    generator: &str,
    seeds: std::ops::Range<u64>,
) -> Result<Vec<(Value, Value)>, SandboxError> {
    let job = Job {
        source: generator.to_owned(),
        entry: Entry::Call { function: "generate_tests".to_owned() },
        inputs: seeds.map(|seed| json!([seed])).collect(),
        limits: settings.generator,
        stop: Stop::AfterTimeLimits(1),
        packages: settings.conditions.packages.clone(),
        ..Job::default()
    };
    let executions = trial.sandbox.run(job).await?;
    let mode = trial.held.task.judge_mode;
    Ok(executions.iter().flat_map(|execution| read(execution, mode).unwrap_or_default()).collect())
}

fn read(execution: &Execution, mode: JudgeMode) -> Option<Vec<(Value, Value)>> {
    let (Ending::Finished, Output::Value(value)) = (&execution.ending, &execution.output) else {
        return None;
    };
    let mut value = value.to_json().ok()?;
    let mut column = |name: &str| match value.get_mut(name).map(Value::take) {
        Some(Value::Array(items)) => Some(items),
        _ => None,
    };
    let (inputs, outputs) = (column("input")?, column("output")?);
    let fits = |(input, output): &(Value, Value)| match mode {
        JudgeMode::Stdio => input.is_string() && output.is_string(),
        JudgeMode::Call | JudgeMode::Pytest => input.is_array(),
    };
    (inputs.len() == outputs.len()).then(|| inputs.into_iter().zip(outputs).filter(fits).collect())
}

/// Those tests that the reference passes; where it does not, nobody knows who is right.
async fn confirmed(
    trial: &Trial<'_>,
    settings: &TestSettings,
    tests: Suite,
) -> Result<Suite, SandboxError> {
    if tests.is_empty() {
        return Ok(tests);
    }
    let held = Held { task: trial.held.task.clone(), suite: tests };
    let trial = Trial { held: &held, conditions: &settings.conditions, sandbox: trial.sandbox };
    let row = trial.row(&held.task.solution).await?;
    let mut suite = Suite::default();
    for ((input, output), verdict) in
        held.suite.input.iter().zip(&held.suite.output).zip(row.verdicts)
    {
        if verdict == Verdict::Accepted {
            suite.input.push(input.clone());
            suite.output.push(output.clone());
        }
    }
    Ok(suite)
}

fn small(input: &Value, output: &Value) -> bool {
    input.to_string().len() + output.to_string().len() <= MOST_BYTES
}

fn digest(input: &Value) -> [u8; 32] {
    blake3::hash(input.to_string().as_bytes()).into()
}
