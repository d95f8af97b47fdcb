//! The shipped example: its recording must answer exactly the prompts that ship.

use crate::support::{Place, finish};

#[test]
fn the_recording_fits_the_prompts_and_gives_hardened_tasks() {
    let place = Place::new(0);
    let measured = finish(place.isomer().args(["quickstart", "-o", "example", "--json"]));
    // Any other code would mean that a prompt found no answer, or that no task was kept.
    assert_eq!(measured.status.code(), Some(0), "{}", measured.stderr);
    let status = place.status("example");
    assert_eq!(status["answers"], "recording");
    let stages = status["stages"].as_array().unwrap();
    assert!(stages.iter().all(|stage| stage["failed"] == 0), "{status:#}");

    let tasks = place.tasks("example");
    assert!(tasks.len() >= 8, "{} hardened tasks", tasks.len());
    let calls: u64 = stages.iter().filter_map(|stage| stage["spent"]["calls"].as_u64()).sum();
    assert!(calls < 6 * tasks.len() as u64, "{calls} calls for {} tasks", tasks.len());
    for task in &tasks {
        assert_eq!(task["provenance"]["replayed"], true);
        assert!(task["kill_rate_after"].as_f64() >= task["kill_rate_before"].as_f64());
    }
    let modes = |mode: &str| tasks.iter().filter(|task| task["judge_mode"] == mode).count();
    assert!(modes("stdio") > 0 && modes("call") > 0);

    let again = finish(place.isomer().args(["quickstart", "-o", "example"]));
    assert_eq!(again.status.code(), Some(0), "{}", again.stderr);
    assert!(again.stderr.contains("complete already"), "{}", again.stderr);

    let other = finish(place.isomer().args(["quickstart", "tool_usage", "-o", "example"]));
    assert_eq!((other.status.code(), other.stdout.as_str()), (Some(2), ""), "{}", other.stderr);
    assert!(other.stderr.contains("a quickstart of pack `algorithm`"), "{}", other.stderr);
}
