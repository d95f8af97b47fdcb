//! The figures of a run, live or dead, from its folder alone.

use std::collections::BTreeSet;
use std::fs::{File, TryLockError};
use std::path::Path;

use isomer_record::{NearMissStatus, Stage};
use isomer_store::{Reader, Spent, StageTally, StoreError};
use serde::Deserialize;

use super::summary::{Money, ReasonCount, RunState, StageSummary, Summary, TaskTotals};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::settings::{Answers, RunFile};

/// Opens the store of a run for looking.
pub(crate) fn open(run: &Path) -> Result<Reader, Failure> {
    Reader::open(run).map_err(|error| store_failure(run, &error))
}

fn store_failure(run: &Path, error: &StoreError) -> Failure {
    let failure = Failure::because(format!("failed to read run `{}`", run.display()), error);
    match error {
        StoreError::NotARun { .. } => failure
            .help("a run is a folder that `isomer run SEEDS -o FOLDER` made")
            .exit(Exit::Usage),
        _ => failure,
    }
}

/// Reads everything that reports show.
pub(crate) fn collect(run: &Path, file: &RunFile) -> Result<Summary, Failure> {
    let reader = open(run)?;
    let state = collect_state(run, &reader)?;
    read(run, file, &reader, state).map_err(|error| store_failure(run, &error))
}

/// The same at the end of a start of this process, which may not have let go of the run yet.
pub(crate) fn collect_at_end(run: &Path, file: &RunFile) -> Result<Summary, Failure> {
    let reader = open(run)?;
    let state = resting_state(&reader).map_err(|error| store_failure(run, &error))?;
    read(run, file, &reader, state).map_err(|error| store_failure(run, &error))
}

/// Where a run is that nobody works on.
fn resting_state(reader: &Reader) -> Result<RunState, StoreError> {
    let finished = reader.times()?.finished_ms.is_some();
    Ok(if finished { RunState::Complete } else { RunState::Stopped })
}

/// Where the run is.
pub(crate) fn collect_state(run: &Path, reader: &Reader) -> Result<RunState, Failure> {
    if is_locked(run) {
        return Ok(RunState::Working);
    }
    resting_state(reader).map_err(|error| store_failure(run, &error))
}

/// Whether another process writes to the run. Asks for a shared lock and gives it back at once.
fn is_locked(run: &Path) -> bool {
    let Ok(file) = File::open(run.join("run.lock")) else { return false };
    matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock))
}

fn read(
    run: &Path,
    file: &RunFile,
    reader: &Reader,
    state: RunState,
) -> Result<Summary, StoreError> {
    let tallies = reader.tallies()?;
    let spending = reader.spent()?;
    let times = reader.times()?;
    let spent_by = |stage: Stage| {
        let found = spending.stages.iter().find(|(name, _)| name == stage.as_str());
        found.map(|(_, spent)| money(spent)).unwrap_or_default()
    };
    let stages = tallies.stages.iter().map(|tally| StageSummary {
        reasons: reasons(tally.stage, &tallies.reasons),
        spent: spent_by(tally.stage),
        ..stage_summary(tally)
    });
    let tasks_file = run.join(isomer_flow::dataset::FILE_NAME);
    let models: BTreeSet<&str> = match file.identity.answers {
        Answers::Live => file.identity.roles.values().map(|role| role.model.as_str()).collect(),
        // The names in the settings are not those that answered.
        Answers::Recording => BTreeSet::from(["as recorded"]),
    };
    Ok(Summary {
        run: run.display().to_string(),
        state,
        pack: file.identity.pack.source.clone(),
        models: models.into_iter().map(str::to_owned).collect(),
        answers: file.identity.answers,
        seeds: reader.seeds()?,
        samples: file.identity.samples,
        elapsed_ms: times
            .last_outcome_ms
            .unwrap_or(times.created_ms)
            .saturating_sub(times.created_ms),
        stages: stages.collect(),
        spent: money(&spending.total),
        tasks: tasks(reader)?,
        tasks_file: tasks_file.is_file().then(|| tasks_file.display().to_string()),
    })
}

fn stage_summary(tally: &StageTally) -> StageSummary {
    StageSummary {
        stage: tally.stage,
        kept: tally.tally.kept,
        dropped: tally.tally.dropped,
        failed: tally.tally.failed,
        waiting: tally.ready + tally.parked,
        in_flight: tally.leased,
        reasons: Vec::new(),
        spent: Money::default(),
    }
}

fn reasons(stage: Stage, all: &[(Stage, isomer_record::DropReason, u64)]) -> Vec<ReasonCount> {
    let mut found: Vec<ReasonCount> = all
        .iter()
        .filter(|(at, _, _)| *at == stage)
        .map(|(_, reason, count)| ReasonCount { reason: *reason, count: *count })
        .collect();
    found.sort_by_key(|one| std::cmp::Reverse(one.count));
    found
}

fn money(spent: &Spent) -> Money {
    Money {
        calls: spent.calls,
        prompt_tokens: spent.prompt_tokens,
        completion_tokens: spent.completion_tokens,
        cost_usd: spent.cost_usd,
        unpriced_calls: spent.unpriced_calls,
    }
}

/// The part of a hardened task that the totals need; the suites stay unread.
#[derive(Deserialize)]
struct Rates {
    near_misses: Vec<Fate>,
    kill_rate_before: f64,
    kill_rate_after: f64,
}

#[derive(Deserialize)]
struct Fate {
    status: NearMissStatus,
}

fn tasks(reader: &Reader) -> Result<TaskTotals, StoreError> {
    let mut totals = TaskTotals::default();
    let (mut before, mut after) = (0.0, 0.0);
    reader.for_each_hardened(|item| {
        let Some(rates) = item.output::<Rates>(Stage::Harden)? else { return Ok(()) };
        totals.count += 1;
        before += rates.kill_rate_before;
        after += rates.kill_rate_after;
        let counted = rates.near_misses.iter().filter(|near_miss| {
            matches!(near_miss.status, NearMissStatus::Killed | NearMissStatus::Survived)
        });
        totals.near_misses += counted.count() as u64;
        totals.example.get_or_insert_with(|| item.id.to_string());
        Ok::<_, StoreError>(())
    })?;
    if totals.count > 0 {
        let mean = |sum: f64| sum * super::numbers::share(1, totals.count);
        totals.kill_rate_before = Some(mean(before));
        totals.kill_rate_after = Some(mean(after));
    }
    Ok(totals)
}
