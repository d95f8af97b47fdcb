//! Endpoints as they are: slow, broken and talkative.

use std::time::Duration;

use crate::support::{Place, complete, faulty, finish, quick};

const TRANSPORT: &str =
    "429=0.04,500=0.06,cut=0.06,invalid_json=0.05,html=0.04,empty=0.04,null=0.04,no_choices=0.04";

#[test]
fn faults_of_transport_cost_no_task() {
    let place = Place::new(8);
    complete(&mut place.run("calm", &quick(), &[]));
    let mock = faulty(TRANSPORT);
    run_until_complete(&place, "rough", &mock);
    let faults: u64 = mock.stats().kinds.values().flat_map(|kind| kind.faults.values()).sum();
    assert!(faults >= 8, "only {faults} faults");
    assert_eq!(mock.stats().answered_again, 0);
    assert_eq!(place.task_ids("rough"), place.task_ids("calm"));
}

/// An item that had more faults than retries is judged in the next start; the code says so.
fn run_until_complete(place: &Place, run: &str, mock: &isomer_bench::mock::Mock) {
    for _ in 0..4 {
        let measured = finish(&mut place.run(run, mock, &[]));
        match measured.status.code() {
            Some(0) => return,
            Some(5) => {}
            other => panic!("{other:?}\n{}", measured.stderr),
        }
    }
    panic!("not complete after four starts");
}

#[test]
fn misshapen_answers_are_asked_for_again() {
    let place = Place::new(8);
    let mock = faulty("truncated=0.08,mangled=0.1,refusal=0.03");
    run_until_complete(&place, "out", &mock);
    let tasks = place.tasks("out").len();
    assert!(tasks >= 2, "{tasks} tasks");
}

#[test]
fn a_silent_endpoint_is_given_up_and_asked_again() {
    let place = Place::new(6);
    let mock = faulty("hang=0.06");
    let measured = finish(&mut place.run("out", &mock, &[]));
    assert!(matches!(measured.status.code(), Some(0 | 5)), "{}", measured.stderr);
    let open = mock.stats().requests - mock.stats().answered;
    assert!(open >= 1, "nothing hung");
    assert!(measured.wall < Duration::from_secs(45), "{:?}", measured.wall);
}

#[test]
fn an_endpoint_that_always_fails_is_left_alone() {
    let place = Place::new(8);
    let mock = faulty("500=1");
    let measured = finish(&mut place.run("out", &mock, &[]));
    assert!(matches!(measured.status.code(), Some(1 | 5)), "{:?}", measured.status);
    assert!(mock.asked().len() <= 100, "{} requests", mock.asked().len());
    assert!(measured.wall < Duration::from_secs(60), "{:?}", measured.wall);
}
