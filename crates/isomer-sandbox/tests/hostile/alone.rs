//! Each hostile program by itself: it ends as it must, in time, and is never accepted.

use std::collections::HashSet;
use std::time::Instant;

use isomer_record::{Comparison, JudgeMode, Verdict};
use isomer_sandbox::{Ending, Entry, Execution, Isolation, Sandbox, judge};
use serde_json::json;

use crate::common::{LIMITS, call, once, sandbox};
use crate::program::{self, Program};

/// What a judge says who wants another answer than any of the programs gives.
pub(crate) fn verdict(program: &Program, execution: &Execution) -> Verdict {
    match program.entry {
        Entry::Stdio => judge(JudgeMode::Stdio, Comparison::Exact, &json!("right"), execution),
        Entry::Call { .. } => judge(JudgeMode::Call, Comparison::Exact, &json!(42), execution),
    }
}

async fn check(sandbox: &Sandbox, program: &Program) -> Vec<String> {
    let started = Instant::now();
    let entry = program.entry.clone();
    let execution = once(sandbox, &program.source, entry, program.input()).await;
    let mut complaints: Vec<_> = program.complaint(&execution).into_iter().collect();
    if verdict(program, &execution) == Verdict::Accepted {
        complaints.push(format!("{}: accepted", program.name));
    }
    if started.elapsed().as_millis() > 2 * u128::from(LIMITS.wall_ms) {
        complaints.push(format!("{}: took {:?}", program.name, started.elapsed()));
    }
    complaints
}

#[tokio::test]
async fn every_program_ends_as_it_must() {
    let sandbox = sandbox(Isolation::Full).await;
    let programs = program::all();
    let names: HashSet<_> = programs.iter().map(|program| program.name).collect();
    assert_eq!(names.len(), programs.len(), "a name is used twice");
    let (one, other) = programs.split_at(programs.len() / 2);
    let half = async |programs: &[Program]| {
        let mut complaints = Vec::new();
        for program in programs {
            complaints.extend(check(&sandbox, program).await);
        }
        complaints
    };
    let (one, other) = tokio::join!(half(one), half(other));
    let complaints = [one, other].concat();
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

#[tokio::test]
async fn the_right_answer_is_accepted_by_the_same_judge() {
    let sandbox = sandbox(Isolation::Full).await;
    for program in program::all().iter().filter(|program| !program.is_slow()).step_by(40) {
        let source = match program.entry {
            Entry::Stdio => "print('right')",
            Entry::Call { .. } => "def f(x): return 6 * x",
        };
        let right = once(&sandbox, source, program.entry.clone(), program.input()).await;
        assert_eq!(
            (verdict(program, &right), &right.ending),
            (Verdict::Accepted, &Ending::Finished)
        );
    }
    let value = once(&sandbox, "def f(x): return 6 * x", call(), json!([7])).await;
    assert_eq!(value.ending, Ending::Finished);
}
