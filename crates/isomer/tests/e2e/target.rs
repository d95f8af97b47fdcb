//! `isomer measure --target`: what is asked of a person, and what becomes of what was paid for.

use std::process::Command;
use std::time::Duration;

use isomer_bench::mock::{Kind, Mock, Profile};
use isomer_bench::process::Watched;
use serde_json::{Value, json};

use crate::support::{Place, complete, faulty, finish, quick, signal, slow, wait_for_requests};
use crate::terminal::at_terminal;

/// A model that is not free.
const PRICED: &str = "[prices]\nmock = { prompt = 1.0, completion = 2.0 }\n";

/// Two tasks that the mock knows.
pub(crate) fn tasks(place: &Place) {
    let line = |name: &str| {
        json!({
            "id": name,
            "statement": format!("Read a count and numbers.\n\nLedger mark: pairs-3-{name}-stdio."),
            "judge_mode": "stdio",
            "solution": "print(0)\n",
            "tests": {"input": ["2\n1 2\n", "3\n3 6 9\n", "0\n\n"], "output": ["1\n", "3\n", "0\n"],
                      "type": "stdin_stdout"},
        })
    };
    let lines = ["0000000a", "0000000b"].map(|name| line(name).to_string());
    std::fs::write(place.path("tasks.jsonl"), lines.join("\n")).unwrap();
}

/// Asks the mock for `samples` answers to each of the tasks.
pub(crate) fn measure(place: &Place, mock: &Mock, samples: u32, more: &[&str]) -> Command {
    let mut command = place.isomer();
    command.args(["measure", "tasks.jsonl", "--json", "--target", "mock"]);
    command.args(["--k", &samples.to_string(), "--base-url", &mock.base_url()]).args(more);
    command
}

pub(crate) fn json_of(command: &mut Command) -> Value {
    let measured = complete(command);
    serde_json::from_str(&measured.stdout).unwrap()
}

pub(crate) fn asked(mock: &Mock) -> usize {
    mock.asked().iter().filter(|asked| asked.kind == Kind::Target).count()
}

#[test]
fn a_killed_measurement_asks_nothing_twice_and_a_recording_answers_the_same() {
    let place = Place::new(0);
    tasks(&place);
    let mock = slow(80);
    let process = Watched::start(&mut measure(&place, &mock, 6, &["--jobs", "2"])).unwrap();
    wait_for_requests(&mock, 6);
    process.kill().unwrap();
    let before = asked(&mock);
    let arguments = ["--jobs", "2", "--record", "answers.jsonl"];
    let first = json_of(&mut measure(&place, &mock, 6, &arguments));
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
    let again = json_of(&mut measure(&place, &mock, 6, &[]));
    assert_eq!(asked(&mock), seen);
    assert_eq!(again, first);

    // The recording has the answers that were asked for while it was written.
    let replayed = json_of(&mut measure(
        &place,
        &mock,
        6,
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
    let found = json_of(&mut measure(&place, &mock, 6, &[]));
    let outcomes = &found["difficulty"]["target"]["outcomes"];
    assert!(outcomes["truncated"].as_u64() >= Some(1), "{outcomes}");
    assert!(outcomes["no_code"].as_u64() >= Some(1), "{outcomes}");
    let seen = asked(&mock);
    json_of(&mut measure(&place, &mock, 6, &[]));
    assert_eq!(asked(&mock), seen, "a cut answer was paid for again");

    let rough = faulty("429=0.1,500=0.2,cut=0.1");
    let complete = (0..6).any(|_| {
        let found = finish(&mut measure(&place, &rough, 6, &["-o", "rough"]));
        assert!(matches!(found.status.code(), Some(0 | 5)), "{}", found.stderr);
        found.status.code() == Some(0)
    });
    assert!(complete && rough.stats().answered == 12, "{:?}", rough.stats());
}

#[test]
fn the_cost_is_told_and_agreed_to_before_anything_is_asked() {
    let place = Place::new(0);
    tasks(&place);
    std::fs::write(place.path("isomer.toml"), PRICED).unwrap();
    let mock = quick();
    let refused = finish(&mut measure(&place, &mock, 6, &[]));
    assert_eq!(refused.status.code(), Some(2), "{}", refused.stderr);
    assert!(refused.stderr.contains("12 calls") && refused.stderr.contains("about $0.0"));
    assert!(refused.stderr.contains("--yes"), "{}", refused.stderr);
    assert_eq!(asked(&mock), 0);
    json_of(&mut measure(&place, &mock, 6, &["--yes"]));
    assert_eq!(asked(&mock), 12);
    let small = finish(&mut measure(&place, &mock, 6, &["-o", "small", "--budget-usd", "0.034"]));
    assert_eq!(small.status.code(), Some(3), "{}", small.stderr);
    assert!(asked(&mock) < 24, "{} calls", asked(&mock));
    json_of(&mut measure(&place, &mock, 6, &["-o", "small", "--budget-usd", "2"]));
    assert_eq!(mock.stats().answered, 24, "an answer was paid for twice");
}

#[test]
fn a_person_at_a_terminal_is_asked_before_the_model_is() {
    let place = Place::new(0);
    tasks(&place);
    std::fs::write(place.path("isomer.toml"), PRICED).unwrap();
    let mock = quick();
    for answer in ["n\n", "\n", "\u{4}"] {
        let seen = at_terminal(&mut measure(&place, &mock, 6, &[]), answer);
        assert_eq!(seen.code, Some(4), "{}", seen.screen);
        assert!(seen.screen.contains("12 calls") && seen.screen.contains("Go on? [y/N]"));
        assert!(seen.screen.contains("Nothing was asked"), "{}", seen.screen);
        assert_eq!((seen.stdout.as_str(), mock.asked().len()), ("", 0));
    }
    // Nobody is asked who has agreed already.
    let seen = at_terminal(&mut measure(&place, &mock, 1, &["--yes"]), "n\n");
    assert_eq!((seen.code, asked(&mock)), (Some(0), 2), "{}", seen.screen);
    assert!(!seen.screen.contains("Go on?"), "{}", seen.screen);
    let seen = at_terminal(&mut measure(&place, &mock, 6, &["--quiet"]), "y\n");
    assert_eq!((seen.code, asked(&mock)), (Some(0), 12), "{}", seen.screen);
    assert!(seen.screen.contains("10 calls"), "{}", seen.screen);
    let found: Value = serde_json::from_str(&seen.stdout).unwrap();
    assert_eq!(found["difficulty"]["target"]["samples"], 6);
}

#[test]
fn an_interrupt_keeps_what_was_paid_for_and_the_same_command_goes_on() {
    let place = Place::new(0);
    tasks(&place);
    let mock = slow(300);
    let process = Watched::start(&mut measure(&place, &mock, 20, &["--jobs", "2"])).unwrap();
    wait_for_requests(&mock, 4);
    signal(&process, "INT");
    let measured = process.finish().unwrap();
    assert_eq!(measured.status.code(), Some(4), "{}", measured.stderr);
    let stats = mock.stats();
    assert_eq!(stats.answered, stats.requests, "calls were cut off: {stats:?}");
    assert!(stats.requests < 40, "it was not stopped: {stats:?}");
    let found = json_of(&mut measure(&place, &mock, 20, &[]));
    assert_eq!(found["difficulty"]["target"]["calls"], 40);
    assert_eq!(mock.stats().answered, 40, "an answer was paid for twice");
}

#[test]
fn the_second_interrupt_does_not_wait_for_a_silent_endpoint() {
    let place = Place::new(0);
    tasks(&place);
    std::fs::write(place.path("isomer.toml"), "").unwrap();
    let mock = faulty("hang=1");
    let mut process = Watched::start(&mut measure(&place, &mock, 6, &[])).unwrap();
    wait_for_requests(&mock, 2);
    signal(&process, "INT");
    while !process.stderr().contains("again to stop at once") {
        assert!(process.wait_for(Duration::from_millis(20)), "{}", process.stderr());
    }
    signal(&process, "INT");
    // The endpoint would be waited for through five minutes.
    let measured = process.finish().unwrap();
    assert_eq!(measured.status.code(), Some(4), "{}", measured.stderr);
    assert!(measured.wall < Duration::from_secs(60), "{:?}", measured.wall);
}

#[test]
fn an_endpoint_that_never_answers_well_is_given_up_with_its_own_words() {
    let place = Place::new(0);
    tasks(&place);
    let hasty = "[limits]\nretries = 0\n[timeouts]\nfirst_token = 1\n";
    std::fs::write(place.path("isomer.toml"), hasty).unwrap();
    for (fault, words) in [
        ("hang", "no first token within 1 s"),
        ("html", "the endpoint answered with a web page"),
        ("500", "the endpoint failed (500)"),
        ("429", "the endpoint limits the rate of calls (429)"),
        ("invalid_json", "the reply is not the expected JSON"),
        ("no_choices", "the reply has no choices"),
    ] {
        let mock = faulty(&format!("{fault}=1"));
        let measured = finish(&mut measure(&place, &mock, 2, &[]));
        assert_eq!((measured.status.code(), asked(&mock)), (Some(5), 4), "{}", measured.stderr);
        let found: Value = serde_json::from_str(&measured.stdout).unwrap();
        let trouble = found["trouble"].as_str().unwrap();
        assert!(trouble.contains("task `0000000") && trouble.contains(words), "{trouble}");
        assert_eq!(found["difficulty"]["target"]["unjudged"], 4, "{found:#}");
    }
    // Failures are no samples: the same command asks again.
    let found = json_of(&mut measure(&place, &quick(), 2, &[]));
    assert_eq!(found["difficulty"]["target"]["tasks"], 2);
}

#[test]
fn a_refused_key_is_told_before_all_tests_have_run() {
    let place = Place::new(0);
    let line = |task: u32| {
        let body = format!("n = n * 3 + {task}\n").repeat(12);
        json!({
            "id": task.to_string(), "statement": "Compute it.", "judge_mode": "stdio",
            "solution": format!("n = int(input())\n{body}print(n)\n"),
            "tests": {"input": ["1\n"], "output": ["0\n"], "type": "stdin_stdout"},
        })
    };
    let lines: Vec<String> = (0..60).map(|task| line(task).to_string()).collect();
    std::fs::write(place.path("tasks.jsonl"), lines.join("\n")).unwrap();
    let mock =
        Mock::start(Profile { key: Some("right".to_owned()), ..Profile::default() }).unwrap();
    let measured = finish(&mut measure(&place, &mock, 1, &["--jobs", "1"]));
    assert_eq!(measured.status.code(), Some(1), "{}", measured.stderr);
    assert!(measured.stderr.contains("401") && measured.stderr.contains("OPENAI_API_KEY"));
    let ran = std::fs::read_to_string(place.path("tasks.measure/tests.jsonl")).unwrap();
    assert!(ran.lines().count() < 60, "everything was run first");
}
