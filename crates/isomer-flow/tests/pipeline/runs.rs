//! What must be true of runs.

use std::collections::BTreeSet;

use isomer_flow::runner::{EndReason, FlowError, StopLevel};
use isomer_flow::seeds::{BadRow, Reason};
use isomer_record::{DropReason, Event, Stage};
use serde_json::{Value, json};

use crate::script::Mood;
use crate::world::{World, seed, seeds};

pub(crate) async fn a_run_gives_hardened_tasks() -> String {
    let world = World::new(Mood::Able, 4).await;
    let (ended, events) = world.run(None).await;
    assert!(matches!(ended.reason, EndReason::Complete), "{ended:?}");
    let tasks = world.tasks();
    assert_eq!((ended.tasks, tasks.len()), (5, 5), "one of each seed with elements");
    let ids: Vec<String> = tasks.iter().map(|task| task["id"].to_string()).collect();
    assert!(ids.is_sorted());
    let modes: BTreeSet<&str> =
        tasks.iter().filter_map(|task| task["judge_mode"].as_str()).collect();
    assert_eq!(modes, BTreeSet::from(["call", "stdio"]));
    tasks.iter().for_each(check);
    let dropped = events.iter().filter_map(|event| match event {
        Event::Dropped { stage: Stage::Decompose, reason, .. } => Some(*reason),
        _ => None,
    });
    let reasons: BTreeSet<DropReason> = dropped.collect();
    assert_eq!(reasons, BTreeSet::from([DropReason::ReplyUnreadable, DropReason::Refused]));
    world.dataset()
}

/// One line of the dataset against its contract.
fn check(task: &Value) {
    let call = task["judge_mode"] == "call";
    assert_eq!(task["pack"], "small");
    assert_eq!(task["fn_name"], if call { json!("total") } else { Value::Null });
    assert_eq!(task["core_element"], "Story");
    assert_eq!(task["repairs"], u8::from(call), "the first answer of call mode is wrong");
    assert!(task["parents"].as_array().is_some_and(|parents| {
        parents.len() == 4
            && !parents.contains(&json!("hopeless"))
            && !parents.contains(&json!("forbidden"))
    }));
    let statuses: Vec<&str> = task["near_misses"]
        .as_array()
        .map(|all| all.iter().filter_map(|one| one["status"].as_str()).collect())
        .unwrap_or_default();
    assert_eq!(statuses, ["killed", "killed", "killed", "indistinguishable", "invalid"], "{task}");
    assert_eq!(task["near_misses"][0]["verdict_before"], "wrong_answer");
    assert_eq!(task["near_misses"][1]["verdict_before"], "accepted", "killed by a fresh seed");
    assert_eq!(task["near_misses"][2]["verdict_before"], "accepted", "killed by a rewrite");
    assert_eq!(task["near_misses"][2]["verdict_after"], "wrong_answer");
    assert!((task["kill_rate_before"].as_f64().unwrap_or(9.0) - 1.0 / 3.0).abs() < 1e-9);
    assert!((task["kill_rate_after"].as_f64().unwrap_or(9.0) - 1.0).abs() < 1e-9);
    assert_eq!(task["rounds"], 3, "a wrong rewrite, a right one, and the word that one is right");
    let tests = &task["tests"];
    let (inputs, outputs) = (tests["input"].as_array(), tests["output"].as_array());
    let (inputs, outputs) = inputs.zip(outputs).unwrap();
    assert_eq!(inputs.len(), outputs.len());
    assert!((5..=12).contains(&inputs.len()));
    assert_eq!(tests["type"], if call { "function_call" } else { "stdin_stdout" });
    assert_eq!(outputs[0].is_array(), call, "returned values are wrapped");
    let provenance = &task["provenance"];
    assert_eq!(provenance["model"], "script");
    assert_eq!(provenance["replayed"], true);
    assert_eq!(provenance["calls"]["harden"], 4);
    assert_eq!(provenance["calls"]["verify"].as_u64().unwrap_or(0), u64::from(call));
    let calls = 7 + u64::from(call);
    assert_eq!(provenance["prompt_tokens"], 10 * calls);
    assert_eq!(
        provenance["cost_usd"].as_f64(),
        Some(f64::from(u32::try_from(calls).unwrap()) / 4.0)
    );
}

/// Neither interruptions nor the number of jobs leave a trace.
pub(crate) async fn an_interrupted_run_gives_the_same_dataset(dataset: &str) {
    let world = World::new(Mood::Able, 16).await;
    for (after, level) in [(4, StopLevel::Drain), (8, StopLevel::Now), (3, StopLevel::Now)] {
        let (ended, _) = world.run(Some((after, level))).await;
        match level {
            StopLevel::Now => assert!(matches!(ended.reason, EndReason::Stopped), "{ended:?}"),
            _ => assert!(matches!(ended.reason, EndReason::Drained), "{ended:?}"),
        }
        assert_eq!(ended.pending.leased, 0);
    }
    let (ended, _) = world.run(None).await;
    assert!(matches!(ended.reason, EndReason::Complete), "{ended:?}");
    assert_eq!(world.dataset(), dataset);
}

pub(crate) async fn a_refused_key_stops_the_run() {
    let world = World::new(Mood::Unauthorized, 4).await;
    let (ended, events) = world.run(None).await;
    assert!(matches!(ended.reason, EndReason::PermanentModelError(_)), "{ended:?}");
    assert_eq!(ended.pending.ready, 7, "no seed is blamed");
    assert!(!events.iter().any(|event| matches!(event, Event::Failed { .. })));
}

pub(crate) async fn a_broken_endpoint_stops_the_run() {
    let world = World::new(Mood::Broken, 4).await;
    let store = world.store();
    let many = (1..=200).map(|row| Ok(seed(&format!("number {row}"), row))).collect();
    world.ingest(&store, many, false).await.unwrap();
    drop(store);
    let (ended, _) = world.run(None).await;
    assert!(matches!(ended.reason, EndReason::KeepsFailing { .. }), "{ended:?}");
    assert!(ended.pending.failed < 100, "{ended:?}");
    assert!(ended.pending.ready >= 100, "{ended:?}");
}

pub(crate) async fn too_few_seeds_are_noticed_first() {
    let world = World::new(Mood::Able, 1).await;
    let store = world.store();
    let rows = vec![Ok(seed("one", 1)), Ok(seed("two", 2)), Ok(seed("two", 3)), Ok(seed("six", 4))];
    let result = world.ingest(&store, rows, false).await;
    assert!(matches!(result, Err(FlowError::TooFewSeeds { usable: 3, needed: 4 })), "{result:?}");
}

pub(crate) async fn strict_reading_stops_at_the_first_bad_row() {
    let world = World::new(Mood::Able, 1).await;
    let bad = BadRow { file: "b".to_owned(), row: Some(7), reason: Reason::EmptyFile };
    let rows = || {
        let mut rows = seeds();
        rows.push(Err(bad.clone()));
        rows.push(Ok(seed("one", 9)));
        rows
    };
    let store = world.store();
    let result = world.ingest(&store, rows(), true).await;
    assert!(matches!(result, Err(FlowError::BadRow(_))), "{result:?}");
    drop(store);
    let store = world.store();
    let read = world.ingest(&store, rows(), false).await.unwrap();
    assert_eq!((read.seeds, read.bad_rows, read.repeated), (7, 1, 1));
}
