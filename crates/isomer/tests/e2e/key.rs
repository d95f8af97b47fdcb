//! Keys: a wrong one stops at once, none is ever written down.

use std::time::Duration;

use isomer_bench::mock::{Mock, Profile};

use crate::support::{KEY, Place, complete, files, finish, quick};

#[test]
fn a_wrong_key_stops_the_run_at_once() {
    let place = Place::new(8);
    let mock =
        Mock::start(Profile { key: Some("right".to_owned()), ..Profile::default() }).unwrap();
    let measured = finish(&mut place.run("out", &mock, &["--jobs", "8"]));
    assert_eq!(measured.status.code(), Some(1), "{}", measured.stderr);
    assert!(measured.stderr.contains("401"), "{}", measured.stderr);
    assert!(measured.stderr.contains("OPENAI_API_KEY"), "{}", measured.stderr);
    assert!(mock.asked().len() <= 8, "{} requests", mock.asked().len());
    assert!(measured.wall < Duration::from_secs(10), "{:?}", measured.wall);
    assert_unknown(&place, "out", &[&measured.stdout, &measured.stderr]);
    // With the right key the same run goes on.
    complete(place.run("out", &mock, &[]).env("OPENAI_API_KEY", "right"));
    assert!(!place.tasks("out").is_empty());
}

#[test]
fn no_key_is_written_down() {
    let place = Place::new(6);
    let arguments = ["-vv", "--record", "answers.jsonl"];
    let measured = complete(&mut place.run("out", &quick(), &arguments));
    assert_unknown(&place, "out", &[&measured.stdout, &measured.stderr]);
    let recording = std::fs::read_to_string(place.path("answers.jsonl")).unwrap();
    assert!(!recording.contains(KEY));
}

fn assert_unknown(place: &Place, run: &str, said: &[&str]) {
    assert!(said.iter().all(|text| !text.contains(KEY)), "{said:?}");
    for file in files(&place.path(run)) {
        let bytes = std::fs::read(&file).unwrap();
        let found = bytes.windows(KEY.len()).any(|window| window == KEY.as_bytes());
        assert!(!found, "{}", file.display());
    }
    for text in isomer_bench::ledger::texts(&place.path(run)).unwrap() {
        assert!(!text.contains(KEY), "{text}");
    }
}
