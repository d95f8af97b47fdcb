//! Recordings: the same bytes every time, and a clear word when one has a hole.

use crate::support::{Place, complete, finish, quick};

#[test]
fn two_replays_give_the_same_bytes() {
    let place = Place::new(8);
    let mock = quick();
    complete(&mut place.run("live", &mock, &["--record", "answers.jsonl", "--jobs", "3"]));
    let asked = mock.asked().len();
    let mut bytes = Vec::new();
    for (run, jobs) in [("one", "1"), ("two", "16")] {
        let arguments = ["--replay", "answers.jsonl", "--jobs", jobs];
        complete(&mut place.run(run, &mock, &arguments));
        bytes.push(std::fs::read(place.path(run).join("tasks.jsonl")).unwrap());
    }
    assert_eq!(mock.asked().len(), asked, "a replay asked the endpoint");
    assert!(!bytes[0].is_empty());
    assert!(bytes[0] == bytes[1], "two replays differ");
    assert_eq!(place.task_ids("one"), place.task_ids("live"));
    let tasks = place.tasks("one");
    let provenance = &tasks[0]["provenance"];
    assert!(provenance.to_string().contains("replay"), "{provenance}");
}

#[test]
fn a_hole_in_a_recording_is_named() {
    let place = Place::new(6);
    complete(&mut place.run("live", &quick(), &["--record", "answers.jsonl"]));
    let text = std::fs::read_to_string(place.path("answers.jsonl")).unwrap();
    let kept: Vec<&str> = text.lines().filter(|line| !line.contains("Mistake: ")).collect();
    assert!(kept.len() < text.lines().count());
    std::fs::write(place.path("holes.jsonl"), kept.join("\n") + "\n").unwrap();
    let mock = quick();
    let measured = finish(&mut place.run("holes", &mock, &["--replay", "holes.jsonl"]));
    assert_ne!(measured.status.code(), Some(0));
    assert!(measured.stderr.contains("recording"), "{}", measured.stderr);
    assert!(measured.stderr.contains("harden"), "{}", measured.stderr);
    assert!(mock.asked().is_empty());
    // Which item it was, so that it can be looked at.
    let (_, rest) = measured.stderr.split_once("for item `").unwrap();
    let (item, _) = rest.split_once('`').unwrap();
    let shown = complete(place.isomer().args(["show", "holes", item])).stdout;
    assert!(shown.contains(&item[..8]), "{shown}");
}
