//! Kill -9 at any moment: nothing is lost and nothing is paid for twice.

use std::collections::BTreeSet;
use std::time::Duration;

use isomer_bench::process::Watched;

use crate::support::{Place, complete, quick, slow, wait_for_requests};

#[test]
fn a_killed_run_goes_on_and_pays_for_nothing_twice() {
    let place = Place::new(8);
    complete(&mut place.run("whole", &quick(), &[]));

    let mock = slow(60);
    let mut on_disk = BTreeSet::new();
    for share in [3, 10, 20, 30] {
        let seen = mock.asked().len();
        let process = Watched::start(&mut place.run("killed", &mock, &["--jobs", "4"])).unwrap();
        wait_for_requests(&mock, seen.max(share) + 2);
        process.kill().unwrap();
        assert_none_of(&on_disk, &mock.asked()[seen..]);
        on_disk = place.recorded("killed");
    }
    assert!(on_disk.len() > 10, "the kills came too early to prove anything: {}", on_disk.len());
    let seen = mock.asked().len();
    complete(&mut place.run("killed", &mock, &["--jobs", "4"]));
    assert_none_of(&on_disk, &mock.asked()[seen..]);
    assert_eq!(place.task_ids("killed"), place.task_ids("whole"));
}

fn assert_none_of(on_disk: &BTreeSet<String>, asked: &[isomer_bench::mock::Asked]) {
    let again: Vec<_> = asked.iter().filter(|asked| on_disk.contains(&asked.body)).collect();
    assert!(again.is_empty(), "paid for again: {again:?}");
}

#[test]
fn a_complete_run_asks_nothing_when_started_again() {
    let place = Place::new(6);
    let mock = quick();
    complete(&mut place.run("out", &mock, &[]));
    let before = std::fs::read(place.path("out/tasks.jsonl")).unwrap();
    let asked = mock.asked().len();
    complete(&mut place.run("out", &mock, &[]));
    assert_eq!(mock.asked().len(), asked);
    assert_eq!(std::fs::read(place.path("out/tasks.jsonl")).unwrap(), before);
    // Without the seeds too: a run is whole in its folder.
    std::fs::remove_file(place.path("seeds.jsonl")).unwrap();
    complete(place.isomer().args(["run", "-o", "out", "--base-url", &mock.base_url()]));
    assert_eq!(mock.asked().len(), asked);
}

#[test]
fn a_second_process_is_refused_and_does_no_harm() {
    let place = Place::new(6);
    let mock = slow(150);
    let mut first = Watched::start(&mut place.run("out", &mock, &[])).unwrap();
    wait_for_requests(&mock, 2);
    let other = quick();
    let second = crate::support::finish(&mut place.run("out", &other, &[]));
    assert!(first.wait_for(Duration::ZERO), "{}", first.stderr());
    assert_eq!(second.status.code(), Some(1), "{}", second.stderr);
    assert!(second.stderr.contains("another process"), "{}", second.stderr);
    assert!(other.asked().is_empty());
    let first = first.finish().unwrap();
    assert_eq!(first.status.code(), Some(0), "{}", first.stderr);
}
