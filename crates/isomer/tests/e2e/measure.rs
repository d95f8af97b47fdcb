//! `isomer measure`: resumed, recorded, on datasets of other makers, and what it refuses.

use std::process::Command;

use isomer_bench::mock::{Kind, Latency, Mock, Profile};
use isomer_bench::process::Watched;
use serde_json::{Value, json};

use crate::support::{Place, complete, faulty, finish, quick, wait_for_requests};

/// Two tasks of ours that the mock knows, without a run.
fn tasks(place: &Place) {
    let line = |name: &str, parameter: u32| {
        json!({
            "id": name,
            "statement": format!("Read a count and numbers.\n\nLedger mark: pairs-{parameter}-{name}-stdio."),
            "judge_mode": "stdio",
            "solution": "print(0)\n",
            "tests": {"input": ["2\n1 2\n", "3\n3 6 9\n", "0\n\n"], "output": ["1\n", "3\n", "0\n"],
                      "type": "stdin_stdout"},
        })
    };
    let lines = [line("0000000a", 3), line("0000000b", 3)].map(|line| line.to_string());
    std::fs::write(place.path("tasks.jsonl"), lines.join("\n")).unwrap();
}

fn measure(place: &Place, mock: &Mock, more: &[&str]) -> Command {
    let mut command = place.isomer();
    command.args(["measure", "tasks.jsonl", "--json", "--target", "mock", "--k", "6"]);
    command.args(["--base-url", &mock.base_url()]).args(more);
    command
}

fn json_of(command: &mut Command) -> Value {
    let measured = complete(command);
    serde_json::from_str(&measured.stdout).unwrap()
}

fn asked(mock: &Mock) -> usize {
    mock.asked().iter().filter(|asked| asked.kind == Kind::Target).count()
}

#[test]
fn a_killed_measurement_asks_nothing_twice_and_a_recording_answers_the_same() {
    let place = Place::new(0);
    tasks(&place);
    let latency = Latency::Fixed(std::time::Duration::from_millis(80));
    let mock = Mock::start(Profile { latency, ..Profile::default() }).unwrap();
    let process = Watched::start(&mut measure(&place, &mock, &["--jobs", "2"])).unwrap();
    wait_for_requests(&mock, 6);
    process.kill().unwrap();
    let before = asked(&mock);
    let arguments = ["--jobs", "2", "--record", "answers.jsonl"];
    let first = json_of(&mut measure(&place, &mock, &arguments));
    // What was in flight when it was killed was never answered.
    assert!(asked(&mock) <= 12 + 3 && before >= 6, "{before} and {} calls", asked(&mock));
    let target = &first["difficulty"]["target"];
    assert_eq!((&target["tasks"], &target["samples"]), (&json!(2), &json!(6)), "{target:#}");
    let outcomes = target["outcomes"].as_object().unwrap();
    assert_eq!(outcomes.values().filter_map(Value::as_u64).sum::<u64>(), 12, "{outcomes:?}");
    assert!(outcomes.contains_key("accepted") && outcomes.contains_key("wrong_answer"));
    let mean = target["pass_at"][0]["mean"].as_f64().unwrap();
    assert!(mean > 0.0 && mean < 1.0, "{mean}");
    assert_eq!(first["test_quality"]["tasks"], 2, "{:#}", first["test_quality"]);

    // Everything is there: nothing is asked, and the figures are the same.
    let seen = asked(&mock);
    let again = json_of(&mut measure(&place, &mock, &[]));
    assert_eq!(asked(&mock), seen);
    assert_eq!(again, first);

    // The recording has the answers that were asked for while it was written.
    let replayed = json_of(&mut measure(
        &place,
        &mock,
        &["--replay", "answers.jsonl", "-o", "other", "--report", "report.html"],
    ));
    let replay = &replayed["difficulty"]["target"];
    assert_eq!((&replay["replayed"], &replay["pass_at"]), (&json!(true), &target["pass_at"]));
    assert_eq!(asked(&mock), seen);
    let report = std::fs::read_to_string(place.path("report.html")).unwrap();
    assert!(report.starts_with("<!") && report.trim_end().ends_with("</html>"));
}

#[test]
fn answers_of_no_use_are_failed_samples_and_failures_of_the_endpoint_are_not() {
    let place = Place::new(0);
    tasks(&place);
    let mock = faulty("truncated=0.4,refusal=0.3");
    let found = json_of(&mut measure(&place, &mock, &[]));
    let outcomes = &found["difficulty"]["target"]["outcomes"];
    assert!(outcomes["truncated"].as_u64() >= Some(1), "{outcomes}");
    assert!(outcomes["no_code"].as_u64() >= Some(1), "{outcomes}");
    let seen = asked(&mock);
    json_of(&mut measure(&place, &mock, &[]));
    assert_eq!(asked(&mock), seen, "a cut answer was paid for again");

    let rough = faulty("429=0.1,500=0.2,cut=0.1");
    let found = finish(&mut measure(&place, &rough, &["-o", "rough"]));
    assert!(matches!(found.status.code(), Some(0 | 5)), "{}", found.stderr);
}

#[test]
fn the_cost_is_told_and_agreed_to_before_anything_is_asked() {
    let place = Place::new(0);
    tasks(&place);
    let settings = "[prices]\nmock = { prompt = 1.0, completion = 2.0 }\n";
    std::fs::write(place.path("isomer.toml"), settings).unwrap();
    let mock = quick();
    let refused = finish(&mut measure(&place, &mock, &[]));
    assert_eq!(refused.status.code(), Some(2), "{}", refused.stderr);
    assert!(refused.stderr.contains("12 calls") && refused.stderr.contains("about $0.0"));
    assert!(refused.stderr.contains("--yes"), "{}", refused.stderr);
    assert_eq!(asked(&mock), 0);
    json_of(&mut measure(&place, &mock, &["--yes"]));
    assert_eq!(asked(&mock), 12);
    let small = finish(&mut measure(&place, &mock, &["-o", "small", "--budget-usd", "0.034"]));
    assert_eq!(small.status.code(), Some(3), "{}", small.stderr);
    assert!(asked(&mock) < 24, "{} calls", asked(&mock));
}

#[test]
fn datasets_of_other_makers_are_measured_as_far_as_they_go() {
    let place = Place::new(0);
    let rows = [
        json!({"id": "bare", "statement": "Add two numbers.", "judge_mode": "stdio"}),
        json!({"question": "Double it.", "solutions": "[\"print(2 * int(input()))\"]", "difficulty": "x",
               "input_output": "{\"inputs\": [\"1\\n\", \"4\\n\"], \"outputs\": [\"2\\n\", \"8\\n\"]}"}),
        json!({"problem": "Halve it.", "code": "print(int(input()) // 2)"}),
        json!({"nothing": 1}),
    ];
    let text = rows.map(|row| row.to_string()).join("\n");
    std::fs::write(place.path("foreign.jsonl"), text).unwrap();
    let measured = complete(place.isomer().args(["measure", "foreign.jsonl", "--json"]));
    let found: Value = serde_json::from_str(&measured.stdout).unwrap();
    assert_eq!((&found["tasks"], &found["unusable"]), (&json!(3), &json!(1)));
    assert!(measured.stderr.contains("foreign.jsonl:4"), "{}", measured.stderr);
    let quality = &found["test_quality"];
    assert_eq!(quality["tasks"], 1, "{quality:#}");
    assert_eq!(quality["unmeasured"][0]["tasks"], 2, "{quality:#}");
    assert_eq!(found["difficulty"]["proxies"]["lines"]["count"], 2);
    let against = ["measure", "foreign.jsonl", "--no-run", "--against", "foreign.jsonl"];
    let refused = finish(place.isomer().args(against));
    assert_eq!(refused.status.code(), Some(2), "{}", refused.stderr);
}

#[test]
fn what_cannot_be_read_or_written_is_refused_at_once() {
    let place = Place::new(0);
    tasks(&place);
    let refuse = |arguments: &[&str], words: &str| {
        let refused = finish(place.isomer().arg("measure").args(arguments));
        assert!(matches!(refused.status.code(), Some(1 | 2)), "{arguments:?} {}", refused.stderr);
        assert!(refused.stderr.contains(words), "{arguments:?} {}", refused.stderr);
        assert!(refused.stdout.is_empty());
    };
    refuse(&["missing.jsonl"], "missing.jsonl");
    std::fs::write(place.path("empty.jsonl"), "").unwrap();
    refuse(&["empty.jsonl", "--no-run"], "the file is empty");
    std::fs::write(place.path("torn.jsonl.gz"), [0x1f, 0x8b, 8, 0, 0, 0]).unwrap();
    refuse(&["torn.jsonl.gz", "--no-run"], "torn.jsonl.gz");
    std::fs::write(place.path("taken"), "a file").unwrap();
    refuse(&["tasks.jsonl", "-o", "taken"], "`taken`");
    refuse(&["tasks.jsonl", "--no-run", "--report", "nowhere/report.html"], "nowhere/report.html");
    refuse(&["tasks.jsonl", "--no-run", "--embedder", "nonsense"], "nonsense");
    assert!(!place.path("report.html").exists() && !place.path("tasks.measure").exists());
}
