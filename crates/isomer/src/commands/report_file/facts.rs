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

#[cfg(test)]
mod tests {
    use isomer_record::{DropReason, Id, Origin, Seed, Stage};
    use isomer_store::{Finish, Finished, SeedRow, Store};
    use serde_json::{Value, json};

    use super::{LETTERS, cut, examples, texts};

    /// A run of one seed, which goes on by itself to the stage where it is rejected.
    async fn rejected_at_verify(dir: &std::path::Path) -> Store {
        let store = Store::create_or_open(dir).unwrap();
        let origin = Origin { file: "seeds.jsonl".to_owned(), row: 1 };
        let seed =
            Seed { id: "s".to_owned(), statement: "Add.".to_owned(), solution: None, origin };
        let row = SeedRow { item: Id::derive(["s"]), order_key: [0; 16], seed };
        store.add_seeds(vec![row]).await.unwrap();
        store.seal_seeds().await.unwrap();
        let rejected = Finished::Dropped {
            reason: DropReason::SolutionWrongAnswer,
            detail: "test 3".to_owned(),
            evidence: Some(json!({"solution": "def f(): pass", "test": [3, 4], "nothing": null})),
        };
        let kept = |output, next| Finished::Kept { output, next: Some(next) };
        for (stage, result) in [
            (Stage::Decompose, kept(json!({}), Stage::Design)),
            (Stage::Design, kept(json!({"statement": "\n# A sum\nAdd."}), Stage::Verify)),
            (Stage::Verify, rejected),
        ] {
            let item = store.claim(&[stage], 1).await.unwrap().remove(0).item;
            let finish = Finish { item, stage, result, spawn: Vec::new(), elapsed_ms: 5 };
            store.finish(finish).await.unwrap();
        }
        store
    }

    #[tokio::test]
    async fn an_example_has_its_title_and_its_evidence() {
        let dir = tempfile::tempdir().unwrap();
        let store = rejected_at_verify(dir.path()).await;
        let reader = store.reader().unwrap();
        let found = examples(&reader, Stage::Verify, DropReason::SolutionWrongAnswer).unwrap();
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].title.as_str(), found[0].detail.as_str()), ("A sum", "test 3"));
        let names: Vec<&str> = found[0].evidence.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["solution", "test"]);
        assert_eq!(found[0].evidence[0].1, "def f(): pass");
        assert!(examples(&reader, Stage::Harden, DropReason::Refused).unwrap().is_empty());
    }

    #[test]
    fn evidence_of_any_shape_is_text_of_bounded_length() {
        let text = Value::String("é".repeat(LETTERS + 1));
        let [(name, shown)] = texts(&text).try_into().unwrap();
        assert_eq!((name.as_str(), shown.chars().count()), ("evidence", LETTERS + 1));
        assert!(shown.ends_with('…'));
        assert_eq!(cut("short"), "short");
    }
}
