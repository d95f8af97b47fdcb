//! `isomer show`: one item whole.

use isomer_record::{Blueprint, Candidate, Elements, Hardened, Stage, Verified};
use isomer_store::{Ending, ItemFilter, ItemRow, ItemState, OutcomeRow, Reader, StoreError};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::show_list::shelf;
use super::{Setting, write};
use crate::cli::ShowArgs;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output;
use crate::report::{self, Call, Dossier, Reject, Trial};
use crate::settings::{Answers, RunFile};

/// Runs the command.
pub(super) fn show(args: &ShowArgs, setting: Setting<'_>) -> Result<Exit, Failure> {
    let file = RunFile::require(&args.run)?;
    let reader = report::open(&args.run)?;
    let replayed = file.identity.answers == Answers::Recording;
    let Some(wanted) = &args.item else {
        let shelf = shelf(&args.run, &reader, replayed, args.json).map_err(|e| failure(&e))?;
        if args.json {
            write(output::json(&shelf))?;
        } else {
            write(output::data(&report::list(&shelf, setting.data_paint)))?;
        }
        return Ok(Exit::Complete);
    };
    let items = find(&reader, wanted)?;
    let dossiers = items
        .iter()
        .map(|row| dossier(&reader, row, replayed))
        .collect::<Result<Vec<_>, _>>()
        .map_err(|error| failure(&error))?;
    if args.json {
        match dossiers.as_slice() {
            [one] => write(output::json(one))?,
            many => write(output::json(&many))?,
        }
    } else {
        let pages: Vec<String> =
            dossiers.iter().map(|one| report::item(one, setting.data_paint)).collect();
        write(output::data(&pages.join("\n")))?;
    }
    Ok(Exit::Complete)
}

fn failure(error: &StoreError) -> Failure {
    Failure::because("failed to read the run", error)
}

/// The item with that id or prefix; or a seed with everything made from it.
fn find(reader: &Reader, wanted: &str) -> Result<Vec<ItemRow>, Failure> {
    let seeds = ItemFilter { stage: Some(Stage::Decompose), ..ItemFilter::default() };
    let seeds = reader.items(&seeds, usize::MAX >> 1).map_err(|error| failure(&error))?;
    if let Some(seed) = seeds.into_iter().find(|row| row.seed_id.as_deref() == Some(wanted)) {
        let all = reader.items(&ItemFilter::default(), usize::MAX >> 1);
        let mut family = all.map_err(|error| failure(&error))?;
        family.retain(|row| row.position == seed.position);
        family.sort_by_key(|row| row.seed_id.is_none());
        return Ok(family);
    }
    match reader.item(wanted) {
        Ok(row) => Ok(vec![row]),
        Err(error @ (StoreError::UnknownItem { .. } | StoreError::AmbiguousPrefix { .. })) => {
            Err(Failure::usage(error.to_string()).help(format!(
                "`isomer show {}` lists what there is; a seed is named by its whole id",
                reader.dir().display()
            )))
        }
        Err(error) => Err(failure(&error)),
    }
}

fn dossier(reader: &Reader, row: &ItemRow, replayed: bool) -> Result<Dossier, StoreError> {
    let outcomes = reader.outcomes(&row.id)?;
    let mut dossier = Dossier {
        id: row.id.to_string(),
        state: row.state.as_str().to_owned(),
        stage: row.stage.as_str().to_owned(),
        replayed,
        seed: reader.seed(&row.id)?.and_then(|seed| serde_json::to_value(seed).ok()),
        history: outcomes.iter().map(trial).collect(),
        ..Dossier::default()
    };
    for outcome in &outcomes {
        add_outcome(&mut dossier, outcome);
    }
    if row.state != ItemState::Failed {
        dossier.failure = None;
    }
    for record in reader.calls(&row.id)? {
        let call = record.call;
        dossier.calls.push(Call {
            stage: call.stage,
            role: call.role,
            model: call.model,
            status: call.status,
            prompt_tokens: call.prompt_tokens,
            completion_tokens: call.completion_tokens,
            cost_usd: call.cost_usd,
            elapsed_ms: call.elapsed_ms,
        });
    }
    Ok(dossier)
}

fn trial(outcome: &OutcomeRow) -> Trial {
    let ending = match outcome.ending {
        Ending::Kept { .. } => "kept",
        Ending::Dropped { .. } => "dropped",
        Ending::Failed { .. } => "failed",
    };
    Trial { stage: outcome.stage.as_str(), ending, elapsed_ms: outcome.elapsed_ms }
}

fn add_outcome(dossier: &mut Dossier, outcome: &OutcomeRow) {
    match &outcome.ending {
        Ending::Kept { output } => add_product(dossier, outcome.stage, output),
        Ending::Dropped { reason, detail, evidence } => {
            dossier.reject = Some(Reject {
                reason: reason.as_str(),
                detail: detail.clone(),
                evidence: evidence.clone(),
            });
        }
        Ending::Failed { boundary, error } => {
            dossier.failure = Some(format!("{}: {error}", boundary.as_str()));
        }
    }
}

/// Later products replace what they contain of earlier ones.
fn add_product(dossier: &mut Dossier, stage: Stage, output: &Value) {
    match stage {
        Stage::Decompose => dossier.elements = read::<Elements>(output),
        Stage::Recombine => dossier.blueprint = read::<Blueprint>(output),
        Stage::Design => dossier.design = read(output),
        Stage::Solve => add_candidate(dossier, read(output)),
        Stage::Verify => add_verified(dossier, read(output)),
        Stage::Harden => {
            let Some(hardened) = read::<Hardened>(output) else { return };
            dossier.near_misses = hardened.near_misses;
            dossier.kill_rate_before = Some(hardened.kill_rate_before);
            dossier.kill_rate_after = Some(hardened.kill_rate_after);
            dossier.rounds = Some(hardened.rounds);
            add_verified(dossier, Some(hardened.verified));
        }
    }
}

fn add_candidate(dossier: &mut Dossier, candidate: Option<Candidate>) {
    let Some(candidate) = candidate else { return };
    dossier.design = Some(candidate.design.clone());
    dossier.candidate = Some(candidate);
}

fn add_verified(dossier: &mut Dossier, verified: Option<Verified>) {
    let Some(verified) = verified else { return };
    dossier.repairs = Some(verified.repairs);
    dossier.tests = Some(verified.suite);
    dossier.expected = verified.expected;
    add_candidate(dossier, Some(verified.candidate));
}

/// A product that another version wrote differently is left out rather than an error.
fn read<T: DeserializeOwned>(output: &Value) -> Option<T> {
    serde_json::from_value(output.clone()).ok()
}
