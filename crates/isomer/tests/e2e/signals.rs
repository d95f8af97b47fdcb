//! The first Ctrl-C drains, the second stops at once; both keep what was paid for.

use std::time::{Duration, Instant};

use isomer_bench::process::Watched;

use crate::support::{Place, answered, complete, signal, slow, wait_for_requests};

#[test]
fn the_first_interrupt_lets_calls_finish() {
    let place = Place::new(8);
    let mock = slow(400);
    let mut process = Watched::start(&mut place.run("out", &mock, &["--jobs", "4"])).unwrap();
    wait_for_requests(&mock, 6);
    signal(&process, "INT");
    assert!(process.wait_for(Duration::from_millis(50)), "{}", process.stderr());
    let measured = process.finish().unwrap();
    assert_eq!(measured.status.code(), Some(4), "{}", measured.stderr);
    let stats = mock.stats();
    assert_eq!(stats.answered, stats.requests, "calls were cut off: {stats:?}");
    assert_eq!(place.recorded("out"), answered(&mock));
    complete(&mut place.run("out", &mock, &[]));
    assert_eq!(mock.stats().answered_again, 0);
}

#[test]
fn the_second_interrupt_stops_at_once() {
    let place = Place::new(8);
    let mock = slow(2500);
    let mut process = Watched::start(&mut place.run("out", &mock, &[])).unwrap();
    wait_for_requests(&mock, 2);
    signal(&process, "INT");
    assert!(process.wait_for(Duration::from_millis(100)), "{}", process.stderr());
    let second = Instant::now();
    signal(&process, "INT");
    let measured = process.finish().unwrap();
    assert!(second.elapsed() < Duration::from_millis(1500), "{:?}", second.elapsed());
    assert_eq!(measured.status.code(), Some(4), "{}", measured.stderr);
}
