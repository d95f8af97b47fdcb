//! Seed files as users have them.

use std::io::Write;

use crate::support::{Place, complete, finish, quick};

fn spoil(place: &Place) {
    let path = place.path("seeds.jsonl");
    let text = std::fs::read_to_string(&path).unwrap();
    let first = text.lines().next().unwrap();
    let mut file = std::fs::OpenOptions::new().append(true).open(path).unwrap();
    writeln!(file, "{{\"id\": \"torn\", \"statement\": \"half a li").unwrap();
    writeln!(file, "{{\"id\": \"silent\", \"answer\": 42}}").unwrap();
    writeln!(file, "{first}").unwrap();
}

#[test]
fn bad_rows_are_named_and_skipped() {
    let place = Place::new(6);
    spoil(&place);
    let mock = quick();
    let measured = complete(&mut place.run("out", &mock, &[]));
    for row in [7, 8] {
        let named = format!("seeds.jsonl`, row {row}: ");
        assert_eq!(measured.stderr.matches(&named).count(), 1, "{row}\n{}", measured.stderr);
    }
    assert!(measured.stderr.contains("seed-0"), "{}", measured.stderr);
    assert!(!place.tasks("out").is_empty());
}

#[test]
fn a_file_that_is_wrong_in_every_row_does_not_flood_the_terminal() {
    let place = Place::new(6);
    (0..10).for_each(|_| spoil(&place));
    let measured = finish(&mut place.run("out", &quick(), &["--budget-tokens", "1"]));
    assert_eq!(measured.status.code(), Some(3), "{}", measured.stderr);
    assert_eq!(measured.stderr.matches("warning: skipped").count(), 10, "{}", measured.stderr);
    assert!(measured.stderr.contains("30 seed rows are skipped"), "{}", measured.stderr);
}

#[test]
fn strict_refuses_before_the_first_call() {
    let place = Place::new(6);
    spoil(&place);
    let mock = quick();
    let measured = finish(&mut place.run("out", &mock, &["--strict"]));
    assert!(!matches!(measured.status.code(), None | Some(0)), "{:?}", measured.status);
    assert!(measured.stderr.contains("seeds.jsonl`, row 7: "), "{}", measured.stderr);
    assert!(mock.asked().is_empty());
}

#[test]
fn too_few_seeds_are_refused_before_the_first_call() {
    let place = Place::new(3);
    let mock = quick();
    let measured = finish(&mut place.run("out", &mock, &[]));
    assert!(!matches!(measured.status.code(), None | Some(0)), "{:?}", measured.status);
    assert!(measured.stderr.contains("seeds"), "{}", measured.stderr);
    assert!(mock.asked().is_empty(), "{} calls", mock.asked().len());
}

#[test]
fn a_missing_seed_file_is_named() {
    let place = Place::new(4);
    let mut command = place.isomer();
    command.args(["run", "nowhere.jsonl", "-o", "out", "--base-url", "http://127.0.0.1:9/v1"]);
    let measured = finish(&mut command);
    assert!(!matches!(measured.status.code(), None | Some(0)), "{:?}", measured.status);
    assert!(measured.stderr.contains("nowhere.jsonl"), "{}", measured.stderr);
}
