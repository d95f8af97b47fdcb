//! Tasks that pytest judges, from seeds to the dataset and on the screen.
//!
//! Needs a Python with pytest, named by `ISOMER_TEST_PYTHON`, and is left out without.

use std::path::{Path, PathBuf};

use isomer_bench::mock::{Mock, Profile};

use crate::support::{Place, complete, finish};

fn pack() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../isomer-flow/tests/pipeline/pytest_pack")
}

#[test]
#[expect(clippy::disallowed_methods, reason = "which Python has pytest differs by machine")]
fn tasks_are_made_and_shown() {
    let Some(python) = std::env::var_os("ISOMER_TEST_PYTHON") else { return };
    let (pack, python) = (pack(), PathBuf::from(python));
    let place = Place::new(5);
    let mock = Mock::start(Profile { survivors: 0.7, ..Profile::default() }).unwrap();
    let more = ["--pack", pack.to_str().unwrap(), "--python", python.to_str().unwrap()];
    let measured = complete(&mut place.run("out", &mock, &more));
    let tasks = place.tasks("out");
    assert!(tasks.len() >= 3, "{} tasks\n{}", tasks.len(), measured.stderr);
    for task in &tasks {
        assert_eq!(task["judge_mode"], "pytest");
        assert!(task["tests"].is_null() && task.get("generator").is_none());
        let (tests, header) = (task["pytest"].as_str().unwrap(), task["header"].as_str().unwrap());
        assert!(tests.starts_with("import pytest\nfrom solution import "));
        assert!(header.starts_with("def ") && task["statement"].as_str().unwrap().contains(header));
        assert_eq!(task["expected"]["trust"], "two_process");
        assert!(task["expected"]["tests"].as_array().unwrap().len() >= 20);
        assert!(task["kill_rate_after"].as_f64() >= task["kill_rate_before"].as_f64());
        assert_eq!(task["inputs_tried"], 0);
    }
    let id = &place.task_ids("out")[0];
    let shown = complete(place.isomer().args(["show", "out", id])).stdout;
    for words in
        ["Statement (pytest)", "## Starter code", "Test file", "test_cases[", "Near-misses"]
    {
        assert!(shown.contains(words), "{words} is not in\n{shown}");
    }
    let again = finish(&mut place.run("again", &mock, &more));
    assert_eq!(again.status.code(), Some(0), "{}", again.stderr);
    let read = |run: &str| std::fs::read(place.path(run).join("tasks.jsonl")).unwrap();
    assert!(read("out") == read("again"), "the same seeds and answers gave another dataset");
}
