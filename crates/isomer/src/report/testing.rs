//! Fixed figures for tests.

use isomer_record::{DropReason, Stage};

use super::summary::{Money, ReasonCount, RunState, StageSummary, Summary, TaskTotals};
use crate::settings::Answers;

pub(crate) fn summary() -> Summary {
    let reasons = |list: &[(DropReason, u64)]| -> Vec<ReasonCount> {
        list.iter().map(|(reason, count)| ReasonCount { reason: *reason, count: *count }).collect()
    };
    let lost = [
        reasons(&[(DropReason::ReplyUnreadable, 2)]),
        reasons(&[(DropReason::BlueprintCopiesParent, 1)]),
        reasons(&[(DropReason::StatementTooShort, 1)]),
        reasons(&[]),
        reasons(&[(DropReason::SolutionWrongAnswer, 12), (DropReason::GeneratorFailed, 3)]),
        reasons(&[(DropReason::NearMissesSurvive, 7)]),
    ];
    let kept = [98, 97, 96, 96, 81, 74];
    let stages = Stage::ALL
        .into_iter()
        .zip(kept)
        .zip(lost)
        .map(|((stage, kept), reasons)| StageSummary {
            stage,
            kept,
            dropped: reasons.iter().map(|one| one.count).sum(),
            failed: 0,
            waiting: 0,
            in_flight: 0,
            reasons,
            spent: money(100),
        })
        .collect();
    Summary {
        run: "runs/first".to_owned(),
        state: RunState::Complete,
        pack: "algorithm".to_owned(),
        models: vec!["deepseek-chat".to_owned()],
        answers: Answers::Live,
        seeds: Some(100),
        samples: 1,
        elapsed_ms: 724_000,
        stages,
        spent: money(600),
        tasks: TaskTotals {
            count: 74,
            near_misses: 320,
            kill_rate_before: Some(0.712),
            kill_rate_after: Some(0.9843),
            example: Some("3fa9c1d20011223344556677889900aa".to_owned()),
        },
        tasks_file: Some("runs/first/tasks.jsonl".to_owned()),
    }
}

#[expect(clippy::cast_precision_loss, reason = "small numbers of a test")]
fn money(calls: u64) -> Money {
    Money {
        calls,
        prompt_tokens: calls * 1_450,
        completion_tokens: calls * 890,
        cost_usd: calls as f64 * 0.0015,
        unpriced_calls: 0,
    }
}
