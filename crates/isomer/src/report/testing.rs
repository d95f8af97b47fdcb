//! Fixed figures for tests.

use isomer_record::{
    Blueprint, Candidate, Comparison, Design, DropReason, Elements, ExpectedTests, JudgeMode,
    NearMiss, NearMissStatus, Stage, Suite, TestSource, Trust, Verdict,
};
use serde_json::json;

use super::item::{Call, Dossier, Reject, Trial};
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

pub(crate) fn hardened_dossier() -> Dossier {
    let design = Design {
        statement: "# The tide tables\n\nGiven the heights of n tides, print the longest run of \
                    tides that rises strictly, and nothing else at all.\n\n## Input\n\nn, then the heights."
            .to_owned(),
        judge_mode: JudgeMode::Stdio,
        fn_name: None,
        comparison: Comparison::Exact,
        header: None,
    };
    let elements = [("Core Idea", "longest increasing run"), ("Story", "a harbour")];
    let elements = elements.map(|(name, value)| (name.to_owned(), value.to_owned()));
    Dossier {
        id: "3fa9c1d20011223344556677889900aa".to_owned(),
        state: "kept".to_owned(),
        stage: "harden".to_owned(),
        replayed: true,
        blueprint: Some(Blueprint {
            elements: Elements(elements.into_iter().collect()),
            core: vec!["Core Idea".to_owned()],
            parents: ["two-sum", "ferry", "lamps", "words"].map(str::to_owned).to_vec(),
        }),
        design: Some(design.clone()),
        candidate: Some(Candidate {
            design,
            solution: "print(max(map(len, runs(input()))))\n".to_owned(),
            tests: TestSource::Generator(
                "import random\n\n\ndef generate_tests(seed):\n    ...\n".to_owned(),
            ),
        }),
        tests: Some(Suite {
            input: vec![json!("3\n1 2 3\n"), json!("1\n5\n"), json!("0\n\n"), json!("2\n2 1\n")],
            output: vec![json!("3\n"), json!("1\n"), json!("0\n"), json!("1\n")],
        }),
        near_misses: vec![
            near_miss("counts equal heights as rising", Verdict::Accepted, NearMissStatus::Killed),
            near_miss("is slow", Verdict::Accepted, NearMissStatus::Indistinguishable),
        ],
        kill_rate_before: Some(0.0),
        kill_rate_after: Some(1.0),
        rounds: Some(1),
        repairs: Some(0),
        history: vec![Trial { stage: "harden", ending: "kept", elapsed_ms: 31_000 }],
        calls: vec![Call {
            stage: "harden".to_owned(),
            role: "attacker".to_owned(),
            model: "deepseek-chat".to_owned(),
            status: "ok".to_owned(),
            prompt_tokens: 1761,
            completion_tokens: 662,
            cost_usd: Some(0.0013),
            elapsed_ms: 9000,
        }],
        ..Dossier::default()
    }
}

/// The same task, judged by pytest.
pub(crate) fn pytest_dossier() -> Dossier {
    let task = hardened_dossier();
    let header = "def longest(heights: list[int]) -> int:";
    let design = task.design.map(|design| Design {
        statement: format!("{}\n\n## Starter code\n\n```python\n{header}\n```", design.statement),
        judge_mode: JudgeMode::Pytest,
        header: Some(header.to_owned()),
        ..design
    });
    let tests = "from solution import longest\n\n\ndef test_rising():\n    assert longest([1, 2, 3]) == 3\n";
    let names = ["test_rising", "test_equal[heights0-2]", "test_falling", "test_nothing_at_all"];
    Dossier {
        candidate: design.clone().map(|design| Candidate {
            design,
            solution: format!("{header}\n    return max(map(len, runs(heights)))\n"),
            tests: TestSource::Pytest(tests.to_owned()),
        }),
        design,
        tests: Some(Suite::default()),
        expected: Some(ExpectedTests {
            tests: names.map(|name| format!("test_solution.py::{name}")).to_vec(),
            trust: Trust::TwoProcess,
            asked: vec![],
        }),
        ..task
    }
}

fn near_miss(mistake: &str, before: Verdict, status: NearMissStatus) -> NearMiss {
    let killed = status == NearMissStatus::Killed;
    let last = if killed { Verdict::WrongAnswer } else { Verdict::Accepted };
    NearMiss {
        code: String::new(),
        mistake: mistake.to_owned(),
        verdict_before: before,
        verdict_after: last,
        status,
        verdicts: vec![Verdict::Accepted, Verdict::Accepted, last, Verdict::NotRun],
    }
}

pub(crate) fn rejected_dossier() -> Dossier {
    Dossier {
        id: "77b0c1d20011223344556677889900aa".to_owned(),
        state: "dropped".to_owned(),
        stage: "verify".to_owned(),
        reject: Some(Reject {
            reason: DropReason::SolutionWrongAnswer.as_str(),
            detail: "test 3: expected `5`, the solution answered `4`".to_owned(),
            evidence: Some(json!({"input": "3\n1 2 3\n", "expected": "5", "answered": "4"})),
        }),
        history: vec![Trial { stage: "verify", ending: "dropped", elapsed_ms: 900 }],
        ..Dossier::default()
    }
}
