//! `schema measure` and `schema improve` on a run whose elements' worth is known.

use std::process::Command;

use isomer_bench::mock::{Kind, Latency, Mock, Profile, Proposals};
use isomer_bench::process::Watched;
use serde_json::Value;

use crate::support::{Place, complete, finish, wait_for_requests};

const SEEDS: usize = 40;

/// A mock whose tasks end after design: only elements matter here.
fn mock(proposals: Proposals, milliseconds: u64) -> Mock {
    let latency = Latency::Fixed(std::time::Duration::from_millis(milliseconds));
    Mock::start(Profile { short_designs: 1.0, proposals, latency, ..Profile::default() }).unwrap()
}

/// A run with decomposed seeds and no tasks.
fn decomposed(mock: &Mock) -> Place {
    let place = Place::new(SEEDS);
    let measured = finish(&mut place.run("out", mock, &["--samples", "1"]));
    assert_eq!(measured.status.code(), Some(7), "{}", measured.stderr);
    place
}

fn improve(place: &Place, mock: &Mock, more: &[&str]) -> Command {
    let mut command = place.isomer();
    command.args(["schema", "improve", "out", "--json", "--base-url", &mock.base_url()]).args(more);
    command
}

fn json(command: &mut Command) -> Value {
    let measured = complete(command);
    serde_json::from_str(&measured.stdout).unwrap()
}

fn asked(mock: &Mock, kind: Kind) -> usize {
    mock.asked().iter().filter(|asked| asked.kind == kind).count()
}

#[test]
fn a_run_is_measured_as_table_json_and_picture() {
    let place = decomposed(&mock(Proposals::Better, 0));
    let table = complete(place.isomer().args(["schema", "measure", "out"])).stdout;
    for part in ["E1 Core Algorithm Idea", "I(Eᵢ; problem | Eⱼ)", "chance", "score", "few for"]
    {
        assert!(table.contains(part), "no `{part}`\n{table}");
    }
    assert!(table.lines().all(|line| line.chars().count() <= 80), "{table}");
    let arguments = ["schema", "measure", "out", "--json", "--picture", "picture.svg"];
    let measured = json(place.isomer().args(arguments));
    assert_eq!(measured["survey"]["items"], SEEDS);
    assert_eq!(measured["survey"]["clusters"], 6);
    assert_eq!(measured["survey"]["given"][0].as_array().unwrap().len(), 4);
    assert!(measured["survey"]["given"][0][0].is_null());
    let picture = std::fs::read_to_string(place.path("picture.svg")).unwrap();
    assert!(picture.starts_with("<svg") && picture.contains("E4 Difficulty Level"), "{picture}");
    // The same again, and nothing of the run is touched.
    assert!(json(place.isomer().args(arguments)) == measured, "two measurements differ");
    assert!(place.path("out/schema/embeddings.db").is_file());
    let few = json(place.isomer().args(["schema", "measure", "out", "--json", "--sample", "9"]));
    assert_eq!((&few["survey"]["items"], &few["survey"]["clusters"]), (&9.into(), &3.into()));
}

#[test]
fn a_better_schema_is_kept_and_can_be_used() {
    let mock = mock(Proposals::Better, 0);
    let place = decomposed(&mock);
    let before = mock.asked().len();
    let history = json(&mut improve(&place, &mock, &["--rounds", "2"]));
    let attempts = history["attempts"].as_array().unwrap();
    assert_eq!(attempts[1]["decision"], "kept", "{}", attempts[1]["why"]);
    assert!(attempts[1]["comparison"]["interval"]["low"].as_f64().unwrap() > 0.0);
    assert_eq!(attempts[1]["schema"][0]["name"], "Setting");
    assert_eq!(attempts[1]["proposals"].as_array().unwrap().len(), 2);
    // The second round has nothing new to offer, and says so.
    assert_eq!(attempts[2]["decision"], "unusable", "{}", attempts[2]["why"]);
    assert_eq!(mock.asked().len() - before, SEEDS + 2);
    // Again: nothing is asked, and nothing changes.
    assert!(json(&mut improve(&place, &mock, &["--rounds", "2"])) == history, "it changed");
    assert_eq!(mock.asked().len() - before, SEEDS + 2);
    let shown = complete(place.isomer().args(["schema", "history", "out"])).stdout;
    assert!(shown.contains("best: version 1"), "{shown}");
    assert!(shown.lines().all(|line| line.chars().count() <= 80), "{shown}");
    let schema = ["--schema", "out/schema/versions/1.json"];
    let used = finish(&mut place.run("next", &mock, &schema));
    assert_eq!(used.status.code(), Some(7), "{}", used.stderr);
    let measured = json(place.isomer().args(["schema", "measure", "next", "--json"]));
    assert_eq!(measured["elements"][1], "Question");
}

#[test]
fn a_worse_schema_is_refused_with_its_figures() {
    let mock = mock(Proposals::Worse, 0);
    let place = decomposed(&mock);
    let history = json(&mut improve(&place, &mock, &[]));
    let attempt = &history["attempts"][1];
    assert_eq!(attempt["decision"], "refused");
    assert!(attempt["why"].as_str().unwrap().contains("worse beyond doubt"), "{}", attempt["why"]);
    let shown = complete(place.isomer().args(["schema", "history", "out"])).stdout;
    assert!(shown.contains("best: the run's own schema"), "{shown}");
}

#[test]
fn proposals_that_cannot_be_read_end_a_round_and_nothing_else() {
    let mock = mock(Proposals::Prose, 0);
    let place = decomposed(&mock);
    let history = json(&mut improve(&place, &mock, &[]));
    assert_eq!(history["attempts"][1]["decision"], "unusable");
    assert_eq!(asked(&mock, Kind::Proposals), 3);
}

#[test]
fn a_killed_improvement_goes_on_and_pays_for_nothing_twice() {
    let quick = mock(Proposals::Better, 0);
    let place = decomposed(&quick);
    let whole = json(&mut improve(&place, &quick, &[]));
    std::fs::remove_dir_all(place.path("out/schema")).unwrap();

    let slow = mock(Proposals::Better, 60);
    for share in [1, 12, 30] {
        let process = Watched::start(&mut improve(&place, &slow, &["--jobs", "4"])).unwrap();
        wait_for_requests(&slow, share);
        std::thread::sleep(std::time::Duration::from_millis(100));
        process.kill().unwrap();
    }
    let history = json(&mut improve(&place, &slow, &["--jobs", "4"]));
    assert!(history["attempts"] == whole["attempts"], "kills changed the result");
    // What was in flight at a kill may be asked again, nothing else.
    assert!(slow.asked().len() <= SEEDS + 1 + 3 * 4, "{}", slow.asked().len());
}

#[test]
fn a_dead_endpoint_is_an_error_and_leaves_no_round() {
    let living = mock(Proposals::Better, 0);
    let place = decomposed(&living);
    let mut command = place.isomer();
    command.args(["schema", "improve", "out", "--base-url", "http://127.0.0.1:9/v1"]);
    let dead = finish(&mut command);
    assert_eq!(dead.status.code(), Some(5), "{}", dead.stderr);
    let history = json(place.isomer().args(["schema", "history", "out", "--json"]));
    assert_eq!(history["attempts"].as_array().unwrap().len(), 1);
    let history = json(&mut improve(&place, &living, &["--record", "answers.jsonl"]));
    assert_eq!(history["attempts"][1]["decision"], "kept");
    // The recording alone gives the same.
    std::fs::remove_dir_all(place.path("out/schema")).unwrap();
    let asked = living.asked().len();
    let replayed = ["schema", "improve", "out", "--json", "--replay", "answers.jsonl"];
    assert!(json(place.isomer().args(replayed)) == history, "the replay differs");
    assert_eq!(living.asked().len(), asked);
}

#[test]
fn what_cannot_be_measured_is_said() {
    let place = Place::new(4);
    let missing = finish(place.isomer().args(["schema", "measure", "nowhere"]));
    assert_eq!(missing.status.code(), Some(2));
    assert!(missing.stderr.contains("there is no run in `nowhere`"), "{}", missing.stderr);
    let never = finish(place.isomer().args(["schema", "history", "nowhere"]));
    assert!(never.stderr.contains("isomer schema improve nowhere"), "{}", never.stderr);
}
