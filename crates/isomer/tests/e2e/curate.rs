//! `isomer curate --kills`: fewer tests, and still every mutant dies that died before.

use std::collections::BTreeMap;

use isomer_record::TaskLine;
use serde_json::{Value, json};

use crate::support::{Place, complete, finish};

fn write(place: &Place, name: &str, rows: &[Value]) {
    let lines: Vec<String> = rows.iter().map(Value::to_string).collect();
    std::fs::write(place.path(name), lines.join("\n") + "\n").unwrap();
}

fn lines(place: &Place, name: &str) -> Vec<Value> {
    let text = std::fs::read_to_string(place.path(name)).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// A task of the quickstart that reads its input, and one that is called.
fn two_tasks(place: &Place) -> Vec<Value> {
    complete(place.isomer().args(["quickstart", "-o", "example"]));
    let tasks = place.tasks("example");
    let of = |mode: &str| tasks.iter().find(|task| task["judge_mode"] == mode).unwrap().clone();
    vec![of("stdio"), of("call")]
}

fn measure(place: &Place, file: &str, more: &[&str]) -> Value {
    let measured = complete(place.isomer().args(["measure", file, "--json"]).args(more));
    let found: Value = serde_json::from_str(&measured.stdout).unwrap();
    found["test_quality"].clone()
}

/// How many mutants are killed, by task, and what is kept of which test kills them.
fn kills(place: &Place, file: &str) -> BTreeMap<String, (u64, Value)> {
    let of = |line: Value| {
        let mutants = &line["mutants"];
        let killed = mutants["killed"].as_u64().unwrap();
        (line["id"].as_str().unwrap().to_owned(), (killed, mutants["kills"].clone()))
    };
    lines(place, file).into_iter().map(of).collect()
}

fn curate(place: &Place, file: &str, kills: &str) -> Value {
    let arguments = ["curate", file, "-o", "small.jsonl", "--json", "--min-tests", "1"];
    let curated = complete(place.isomer().args(arguments).args(["--kills", kills]));
    serde_json::from_str(&curated.stdout).unwrap()
}

#[test]
fn no_mutant_that_was_killed_survives_fewer_tests() {
    let place = Place::new(0);
    let tasks = two_tasks(&place);
    write(&place, "few.jsonl", &tasks);
    let measures = "few.measure/tasks.measures.jsonl";
    let plain = measure(&place, "few.jsonl", &[]);
    assert!(kills(&place, measures).values().all(|(killed, kills)| *killed > 0 && kills.is_null()));
    let refused = finish(place.isomer().args([
        "curate",
        "few.jsonl",
        "-o",
        "small.jsonl",
        "--min-tests",
        "1",
        "--kills",
        measures,
    ]));
    assert_eq!(refused.status.code(), Some(2), "{}", refused.stderr);
    assert!(refused.stderr.contains("--every-test"), "{}", refused.stderr);

    // What was kept without the rows does not do, and figures do not depend on them.
    assert_eq!(measure(&place, "few.jsonl", &["--every-test"]), plain);
    let before = kills(&place, measures);
    for (id, (killed, kills)) in &before {
        let rows = kills["rows"].as_array().unwrap();
        assert_eq!(rows.len() as u64, *killed, "{id}");
    }
    // What was kept with them does, and they stay.
    let kept = std::fs::metadata(place.path("few.measure/tests.jsonl")).unwrap().len();
    assert_eq!(measure(&place, "few.jsonl", &[]), plain);
    assert_eq!(std::fs::metadata(place.path("few.measure/tests.jsonl")).unwrap().len(), kept);
    assert_eq!(kills(&place, measures), before);

    let summary = curate(&place, "few.jsonl", measures);
    assert_eq!(summary["mutants"], json!({"known": 2, "changed": 0, "unknown": 0}));
    assert!(summary["tests_after"].as_u64() < summary["tests_before"].as_u64(), "{summary}");
    measure(&place, "small.jsonl", &[]);
    let after = kills(&place, "small.measure/tasks.measures.jsonl");
    for (id, (killed, _)) in &before {
        assert_eq!(after[id].0, *killed, "{id}");
    }

    parquet_is_read_and_becomes_the_same_lines(&place, measures);
    changed_and_unknown_tasks_keep_their_tests(&place, &tasks, measures);
}

fn parquet_is_read_and_becomes_the_same_lines(place: &Place, measures: &str) {
    let wanted = lines(place, "small.jsonl");
    complete(place.isomer().args([
        "export",
        "few.jsonl",
        "--format",
        "parquet",
        "-o",
        "few.parquet",
    ]));
    let summary = curate(place, "few.parquet", measures);
    assert_eq!(summary["mutants"], json!({"known": 2, "changed": 0, "unknown": 0}));
    let mut found = lines(place, "small.jsonl");
    // The export has its own order.
    found.sort_by_key(|row| wanted.iter().position(|one| one["id"] == row["id"]));
    for (found, wanted) in found.iter().zip(&wanted) {
        let read = |row: &Value| serde_json::from_value::<TaskLine>(row.clone()).unwrap();
        assert_eq!(read(found), read(wanted));
    }
    assert_eq!(found.len(), wanted.len());
}

fn changed_and_unknown_tasks_keep_their_tests(place: &Place, tasks: &[Value], measures: &str) {
    let mut rows = tasks.to_vec();
    for column in ["input", "output"] {
        rows[0]["tests"][column].as_array_mut().unwrap().pop();
    }
    rows[1]["id"] = "another".into();
    write(place, "other.jsonl", &rows);
    let summary = curate(place, "other.jsonl", measures);
    assert_eq!(summary["mutants"], json!({"known": 0, "changed": 1, "unknown": 1}));
    assert_eq!(summary["tests_after"], summary["tests_before"]);
    assert_eq!(lines(place, "small.jsonl"), rows);
}
