//! What a run's store says for its report.

use std::path::Path;

use isomer_record::{DropReason, Stage};
use isomer_report::{Example, ReasonFacts, RunFacts, Spending, StageFacts};
use isomer_store::{Ending, ItemFilter, ItemRow, ItemState, Reader, StoreError};
use serde_json::Value;

use crate::commands::show_list::title;
use crate::failure::Failure;
use crate::report::{self, Money, RunState, StageSummary, Summary, product_name};
use crate::settings::{Answers, RunFile};

/// Examples of a reason.
const EXAMPLES: usize = 3;
/// Letters of a text of the evidence.
const LETTERS: usize = 4000;

/// The facts of the run in a folder.
pub(super) fn facts(run: &Path) -> Result<RunFacts, Failure> {
    let file = RunFile::require(run)?;
    let summary = report::collect(run, &file)?;
    let reader = report::open(run)?;
    read(&file, summary, &reader).map_err(|error| {
        Failure::because(format!("failed to read run `{}`", run.display()), &error)
    })
}

fn read(file: &RunFile, summary: Summary, reader: &Reader) -> Result<RunFacts, StoreError> {
    let stages = summary.stages.iter().map(|stage| stage_facts(reader, stage));
    Ok(RunFacts {
        stages: stages.collect::<Result<_, _>>()?,
        state: match summary.state {
            RunState::Working => "working",
            RunState::Stopped => "stopped",
            RunState::Complete => "complete",
        }
        .to_owned(),
        settings: settings(file),
        replayed: summary.answers == Answers::Recording,
        spent: spending(&summary.spent),
        run: summary.run,
        pack: summary.pack,
        models: summary.models,
        seeds: summary.seeds,
        samples: summary.samples,
        elapsed_ms: summary.elapsed_ms,
    })
}

fn settings(file: &RunFile) -> Vec<(String, String)> {
    let identity = &file.identity;
    [
        ("isomer", file.isomer.clone()),
        ("pack digest", identity.pack.digest.clone()),
        ("core elements", identity.pack.core.join(", ")),
        ("seeds digest", identity.seeds.digest.clone()),
        ("seed of the draws", identity.seed.to_string()),
        ("repairs", identity.repairs.to_string()),
        ("near-misses asked for", identity.near_misses.to_string()),
        ("rounds of hardening", identity.harden_rounds.to_string()),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into()
}

fn stage_facts(reader: &Reader, stage: &StageSummary) -> Result<StageFacts, StoreError> {
    let work = reader.work(stage.stage)?;
    let reasons = stage.reasons.iter().map(|one| {
        Ok(ReasonFacts {
            reason: one.reason.as_str().to_owned(),
            count: one.count,
            examples: examples(reader, stage.stage, one.reason)?,
        })
    });
    Ok(StageFacts {
        stage: stage.stage.as_str().to_owned(),
        product: product_name(stage.stage).to_owned(),
        kept: stage.kept,
        dropped: stage.dropped,
        failed: stage.failed,
        open: stage.waiting + stage.in_flight,
        reasons: reasons.collect::<Result<_, StoreError>>()?,
        spent: spending(&stage.spent),
        work_ms: work.stage_ms,
        call_ms: work.call_ms,
    })
}

fn spending(money: &Money) -> Spending {
    Spending {
        calls: money.calls,
        prompt_tokens: money.prompt_tokens,
        completion_tokens: money.completion_tokens,
        cost_usd: money.cost_usd,
        unpriced_calls: money.unpriced_calls,
    }
}

fn examples(reader: &Reader, stage: Stage, reason: DropReason) -> Result<Vec<Example>, StoreError> {
    let filter =
        ItemFilter { stage: Some(stage), state: Some(ItemState::Dropped), reason: Some(reason) };
    reader.items(&filter, EXAMPLES)?.iter().map(|row| example(reader, row)).collect()
}

fn example(reader: &Reader, row: &ItemRow) -> Result<Example, StoreError> {
    let seed = row.seed_id.as_ref().map(|seed| format!("seed {seed}"));
    let mut example =
        Example { item: row.id.to_string(), title: seed.unwrap_or_default(), ..Example::default() };
    for outcome in reader.outcomes(&row.id)? {
        match outcome.ending {
            Ending::Kept { output } if outcome.stage == Stage::Design => {
                let statement = output.get("statement").and_then(Value::as_str);
                example.title = title(statement.unwrap_or_default());
            }
            Ending::Dropped { detail, evidence, .. } => {
                example.detail = cut(&detail);
                example.evidence = evidence.as_ref().map(texts).unwrap_or_default();
            }
            Ending::Kept { .. } | Ending::Failed { .. } => {}
        }
    }
    Ok(example)
}

/// The fields of the evidence, strings as they are.
fn texts(evidence: &Value) -> Vec<(String, String)> {
    let Value::Object(fields) = evidence else {
        return vec![("evidence".to_owned(), cut(&text(evidence)))];
    };
    let fields = fields.iter().filter(|(_, value)| !value.is_null());
    fields.map(|(name, value)| (name.clone(), cut(&text(value)))).collect()
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => serde_json::to_string_pretty(other).unwrap_or_default(),
    }
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(LETTERS) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
