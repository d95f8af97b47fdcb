//! A run from seeds to hardened tasks, and the contract of `tasks.jsonl`.

use std::process::Command;

use isomer_bench::mock::{Mock, Profile};
use serde_json::Value;

use crate::support::{Place, complete};

/// Runs every reference solution on its tests in the machine's own Python, without isomer's
/// sandbox and judge: the solutions are the mock's own, so that this is safe.
const CHECK: &str = r#"
import io, json, sys, contextlib
for line in open(sys.argv[1]):
    task = json.loads(line)
    tests = task["tests"]
    for given, wanted in zip(tests["input"], tests["output"], strict=True):
        if task["judge_mode"] == "call":
            scope = {"__name__": "task"}
            exec(task["solution"], scope)
            answer = [scope[task["fn_name"]](*given)]
        else:
            sys.stdin, out = io.StringIO(given), io.StringIO()
            with contextlib.redirect_stdout(out):
                exec(task["solution"], {"__name__": "__main__"})
            answer, wanted = out.getvalue().split(), wanted.split()
        assert answer == wanted, (task["id"], given, wanted, answer)
"#;

#[test]
fn tasks_keep_the_contract_and_their_solutions_pass() {
    let place = Place::new(8);
    let mock = Mock::start(Profile { survivors: 0.7, ..Profile::default() }).unwrap();
    let measured = complete(&mut place.run("out", &mock, &["--samples", "2"]));
    let tasks = place.tasks("out");
    assert!(tasks.len() >= 12, "{} tasks\n{}", tasks.len(), measured.stderr);
    for task in &tasks {
        check_line(task);
    }
    let ids = place.task_ids("out");
    assert!(ids.is_sorted(), "{ids:?}");
    for mode in ["stdio", "call"] {
        assert!(tasks.iter().any(|task| task["judge_mode"] == mode), "no task in mode {mode}");
    }
    // Hardening did something, and to most of what could be improved.
    let improved =
        |task: &&Value| number(task, "kill_rate_after") > number(task, "kill_rate_before");
    assert!(tasks.iter().filter(improved).count() >= 3);
    let mut python = Command::new("python3");
    let output = python.args(["-c", CHECK]).arg(place.path("out/tasks.jsonl")).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(mock.stats().answered_again, 0);
}

fn number(task: &Value, name: &str) -> f64 {
    task[name].as_f64().unwrap_or_else(|| panic!("`{name}` of {}", task["id"]))
}

fn check_line(task: &Value) {
    let text = |name: &str| {
        let text = task[name].as_str().unwrap_or_else(|| panic!("`{name}` is no text: {task}"));
        assert!(!text.is_empty(), "`{name}` is empty");
        text
    };
    assert_eq!(text("pack"), "algorithm");
    assert!(text("statement").len() > 100);
    assert!(text("generator").contains("def generate_tests"));
    let call = text("judge_mode") == "call";
    assert_eq!(task["fn_name"].is_string(), call, "{}", task["fn_name"]);
    if call {
        assert!(text("solution").contains(&format!("def {}(", task["fn_name"].as_str().unwrap())));
    }
    let tests = &task["tests"];
    let (input, output) = (tests["input"].as_array().unwrap(), tests["output"].as_array().unwrap());
    assert_eq!(input.len(), output.len());
    assert!(input.len() >= 10);
    assert!(input.iter().all(|given| given.is_array() == call && given.is_string() != call));
    assert_eq!(tests["fn_name"], task["fn_name"]);
    assert!(tests["type"].is_string());
    assert_eq!(task["elements"].as_object().unwrap().len(), 4);
    assert!(!task["core_element"].is_null());
    assert_eq!(task["parents"].as_array().unwrap().len(), 4);
    let (before, after) = (number(task, "kill_rate_before"), number(task, "kill_rate_after"));
    assert!(0.0 <= before && before <= after && after <= 1.0, "{before} {after}");
    check_near_misses(task);
    assert_eq!(task["provenance"]["model"], "mock", "{}", task["provenance"]);
}

fn check_near_misses(task: &Value) {
    let near_misses = task["near_misses"].as_array().unwrap();
    assert!(!near_misses.is_empty());
    let status = |near_miss: &Value| near_miss["status"].as_str().unwrap().to_owned();
    for near_miss in near_misses {
        let known = ["killed", "survived", "indistinguishable", "invalid"];
        assert!(known.contains(&status(near_miss).as_str()), "{near_miss}");
        assert!(near_miss["code"].is_string());
        let accepted = near_miss["verdict_after"] == "accepted";
        assert_eq!(status(near_miss) == "killed", !accepted && status(near_miss) != "invalid");
    }
    let count = |wanted: &str| {
        f64::from(
            u32::try_from(near_misses.iter().filter(|n| status(n) == wanted).count()).unwrap(),
        )
    };
    let rate = count("killed") / (count("killed") + count("survived"));
    assert!((rate - number(task, "kill_rate_after")).abs() < 1e-9, "{rate}");
}

#[test]
fn a_complete_run_grows_by_more_samples_and_equals_one_that_had_them_from_the_start() {
    let place = Place::new(6);
    let mock = Mock::start(Profile::default()).unwrap();
    complete(&mut place.run("grown", &mock, &[]));
    let first = place.task_ids("grown");
    complete(&mut place.run("grown", &mock, &["--samples", "3"]));
    assert_eq!(mock.stats().answered_again, 0, "something was paid for twice");
    let grown = place.task_ids("grown");
    assert!(grown.len() > first.len() && first.iter().all(|id| grown.contains(id)));
    complete(&mut place.run("whole", &mock, &["--samples", "3"]));
    assert_eq!(grown, place.task_ids("whole"));
    let fewer = place.run("grown", &mock, &["--samples", "2"]).output().unwrap();
    assert_eq!(fewer.status.code(), Some(2), "{}", String::from_utf8_lossy(&fewer.stderr));
}
