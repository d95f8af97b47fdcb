//! One task, from its reference to its mutants.

use isomer_record::{TaskLine, Verdict};
use isomer_sandbox::{Execute, SandboxError};
use isomer_syntax::Program;
use tokio::time::{Instant, timeout_at};

use super::super::TestMatrix;
use super::outcome::{NearMissKills, TaskTests, kills_with, letters, runs_as_main};
use super::settings::{TestSettings, Until};
use super::trial::Trial;
use super::{coverage, mutation};
use crate::verify::tasks::usable;

/// Runs the tests of one task on its reference solution, its near-misses and mutants of the
/// reference. A task whose tests cannot be run says why in [`TaskTests::unmeasured`].
///
/// # Errors
///
/// Only for failures of the sandbox itself, which say nothing about the task.
pub async fn examine(
    task: &TaskLine,
    settings: &TestSettings,
    until: Until,
    sandbox: &dyn Execute,
) -> Result<TaskTests, SandboxError> {
    let held = match usable(task.clone()) {
        Ok(held) => held,
        Err(reason) => return Ok(TaskTests::unmeasured(reason)),
    };
    if task.solution.trim().is_empty() {
        return Ok(TaskTests::unmeasured("the task has no reference solution"));
    }
    let trial = Trial { held: &held, conditions: &settings.conditions, sandbox };
    let deadline = Instant::now() + settings.time;
    let mut found = TaskTests { tests: trial.tests(), ..TaskTests::default() };
    let Some(reference) = in_time(deadline, trial.row(&task.solution)).await? else {
        return Ok(TaskTests::unmeasured("the reference solution took too long"));
    };
    let failed = reference.verdicts.iter().copied().find(|verdict| kills_with(*verdict));
    found.reference = Some(failed.unwrap_or(Verdict::Accepted));
    near_misses(&trial, deadline, &mut found).await?;
    if failed.is_some() {
        return Ok(found);
    }
    let Some(program) = Program::parse(&task.solution) else { return Ok(found) };
    let paths = program.paths(runs_as_main(task.judge_mode));
    match in_time(deadline, coverage::measure(&trial, &paths, reference.cpu_ms)).await? {
        Some(coverage) => found.coverage = coverage,
        None => found.cut = true,
    }
    let mutants = program.mutants(settings.mutants);
    let attack =
        mutation::Attack { trial: &trial, settings, until, deadline, cpu_ms: reference.cpu_ms };
    let (mutants, cut) = attack.run(mutants).await?;
    found.mutants = Some(mutants);
    found.cut |= cut;
    Ok(found)
}

/// Runs every near-miss on every test.
async fn near_misses(
    trial: &Trial<'_>,
    deadline: Instant,
    found: &mut TaskTests,
) -> Result<(), SandboxError> {
    let near_misses = &trial.held.task.near_misses;
    if near_misses.is_empty() {
        return Ok(());
    }
    let mut rows = Vec::with_capacity(near_misses.len());
    for near_miss in near_misses {
        let row = in_time(deadline, trial.row(&near_miss.code)).await?;
        found.cut |= row.is_none();
        rows.push(row.map_or_else(|| vec![Verdict::NotRun; found.tests], |row| row.verdicts));
    }
    if found.reference == Some(Verdict::Accepted) {
        let ran = |row: &&Vec<Verdict>| row.iter().any(|verdict| *verdict != Verdict::NotRun);
        let places = rows.iter().take_while(ran).count();
        found.near_misses = NearMissKills::of(&near_misses[..places], &rows);
    }
    let rows = rows.iter().map(|row| letters(row)).collect();
    found.matrix = Some(TestMatrix { tests: found.tests, rows });
    Ok(())
}

/// What comes of something, unless the time runs out.
pub(super) async fn in_time<T>(
    deadline: Instant,
    work: impl Future<Output = Result<T, SandboxError>>,
) -> Result<Option<T>, SandboxError> {
    timeout_at(deadline, work).await.ok().transpose()
}
