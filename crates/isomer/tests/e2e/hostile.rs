//! Code that attacks or never ends is a reject like any other.

use std::time::Duration;

use crate::support::{Place, finish, malicious};

#[test]
fn hostile_and_wrong_code_is_rejected() {
    let place = Place::new(8);
    let mock = malicious("hostile=0.5,wrong_solution=0.2");
    let measured = finish(&mut place.run("out", &mock, &["--repair", "0"]));
    assert_eq!(measured.status.code(), Some(0), "{}", measured.stderr);
    let tasks = place.tasks("out");
    assert!(tasks.len() <= 6, "{} of 8 tasks", tasks.len());
    for task in &tasks {
        let code = format!("{}{}", task["solution"], task["generator"]);
        for attack in ["import os", "import socket", "bytearray(", "while True:\\n    sys"] {
            assert!(!code.contains(attack), "{code}");
        }
    }
    assert_all_judged(&place, 8);
}

#[test]
fn endless_generators_cost_a_limit_and_no_more() {
    let place = Place::new(6);
    let mock = malicious("endless_generator=0.5");
    let measured = finish(&mut place.run("out", &mock, &["--repair", "0"]));
    assert_eq!(measured.status.code(), Some(0), "{}", measured.stderr);
    assert!(place.tasks("out").len() < 6);
    assert!(measured.wall < Duration::from_secs(90), "{:?}", measured.wall);
    assert_all_judged(&place, 6);
}

/// No item may be left over as a failure of ours.
fn assert_all_judged(place: &Place, blueprints: u64) {
    let status = place.status("out");
    let verify = status["stages"]
        .as_array()
        .and_then(|stages| stages.iter().find(|stage| stage["stage"] == "verify"))
        .unwrap_or_else(|| panic!("{status}"));
    assert_eq!(verify["failed"].as_u64(), Some(0), "{verify}");
    let judged = verify["kept"].as_u64().unwrap() + verify["dropped"].as_u64().unwrap();
    assert_eq!(judged, blueprints, "{verify}");
}
