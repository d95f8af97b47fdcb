//! A domain of one's own: from examples to a pack to tasks, with the recorded answers that ship.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::support::{Place, complete, files, finish};

/// As in the README; it is part of the prompts, and so of the recording's keys.
const TASK_TYPE: &str = "SQL query over sqlite3: a Python function loads its arguments into an in-memory \
                         database and answers with SQL";

fn example(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/own-domain").join(name)
}

/// `isomer pack new sql`, answered from the recording.
fn new_pack(place: &Place, more: &[&str]) -> Command {
    let mut command = place.isomer();
    command.args(["pack", "new", "sql", "--task-type", TASK_TYPE]);
    command.arg("--from").arg(example("seeds.jsonl"));
    command.arg("--replay").arg(example("recording.jsonl")).args(more);
    command
}

#[test]
fn the_shipped_domain_is_what_the_command_makes_and_it_makes_tasks() {
    let place = Place::new(0);
    complete(&mut new_pack(&place, &[]));
    let made = place.path("sql");
    let text = |path: PathBuf| std::fs::read_to_string(path).unwrap();
    for path in files(&made) {
        let name = path.strip_prefix(&made).unwrap();
        let shipped = example("sql").join(name);
        assert!(
            text(path.clone()) == text(shipped),
            "{} is not as shipped: the template or the recording is to be made anew",
            name.display()
        );
    }
    assert_eq!(files(&made).len(), files(&example("sql")).len());
    complete(place.isomer().args(["pack", "check", "sql"]));

    let mut run = place.isomer();
    run.args(["run", "-o", "run", "--pack", "sql"]).arg(example("seeds.jsonl"));
    complete(run.arg("--replay").arg(example("recording.jsonl")));
    let tasks = place.tasks("run");
    assert_eq!(tasks.len(), 4);
    assert!(tasks.iter().all(|task| task["pack"] == "sql" && task["kill_rate_after"] == 1.0));
}

#[test]
fn a_pack_is_made_whole_or_not_at_all_and_never_over_another() {
    let place = Place::new(0);
    std::fs::create_dir(place.path("sql")).unwrap();
    let measured = finish(&mut new_pack(&place, &[]));
    assert_eq!(measured.status.code(), Some(2), "{}", measured.stderr);
    assert!(measured.stderr.contains("`sql` is there already"), "{}", measured.stderr);
    // Another kind of tasks is another question, which the recording does not answer.
    let measured = finish(&mut new_pack(&place, &["-o", "other", "--task-type", "poems"]));
    assert_eq!(measured.status.code(), Some(2), "a flag given twice: {}", measured.stderr);
    let mut unanswered = place.isomer();
    unanswered.args(["pack", "new", "poems", "--task-type", "poems"]);
    unanswered.arg("--from").arg(example("seeds.jsonl"));
    let measured = finish(unanswered.arg("--replay").arg(example("recording.jsonl")));
    assert_eq!(measured.status.code(), Some(1), "{}", measured.stderr);
    let left: Vec<PathBuf> = files(&place.path("."))
        .into_iter()
        .filter(|path| !["seeds.jsonl", "isomer.toml"].iter().any(|name| path.ends_with(name)))
        .collect();
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn a_schema_alone_is_a_file_that_a_run_takes() {
    let place = Place::new(0);
    let mut infer = place.isomer();
    infer.args(["schema", "infer", "--task-type", TASK_TYPE, "-o", "elements.json"]);
    infer.arg(example("seeds.jsonl")).arg("--replay").arg(example("recording.jsonl"));
    complete(&mut infer);
    let read = |path: PathBuf| -> Value {
        serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
    };
    assert_eq!(read(place.path("elements.json")), read(example("sql/elements.json")));
    let measured = finish(&mut infer);
    assert_eq!(measured.status.code(), Some(2), "never over a file: {}", measured.stderr);
}

#[test]
fn every_fault_of_a_pack_is_named() {
    let place = Place::new(0);
    complete(&mut new_pack(&place, &[]));
    let change = |name: &str, from: &str, to: &str| {
        let path = place.path("sql").join(name);
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.contains(from), "{from}");
        std::fs::write(path, text.replacen(from, to, 1)).unwrap();
    };
    change("prompts/design.j2", "{{ name }}", "{{ nam }}");
    change("prompts/solve.j2", "{% endif %}", "");
    let measured = finish(place.isomer().args(["pack", "check", "sql", "--json"]));
    assert_eq!(measured.status.code(), Some(2));
    let found: Value = serde_json::from_str(&measured.stdout).unwrap();
    assert_eq!(found["ok"], false);
    let files: Vec<&str> = found["faults"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|fault| fault["file"].as_str())
        .collect();
    assert_eq!(files, ["sql/prompts/solve.j2", "sql/prompts/design.j2"]);
    change("pack.toml", "min_counted = 2", "min_counted = 9");
    change("pack.toml", "version = 1", "version = 1\ntitel = 3");
    let measured = finish(place.isomer().args(["pack", "check", "sql"]));
    assert!(measured.stdout.contains("sql/pack.toml:5"), "{}", measured.stdout);
    change("pack.toml", "\ntitel = 3", "");
    change("pack.toml", "core_elements = [", "core_elements = [\"Nothing\", ");
    let measured = finish(place.isomer().args(["pack", "check", "sql"]));
    assert_eq!(measured.stdout.matches("fault sql/pack.toml").count(), 2, "{}", measured.stdout);
}

#[test]
fn a_pack_for_pytest_asks_for_its_environment_before_the_first_call() {
    let place = Place::new(0);
    complete(&mut new_pack(&place, &["--judge-mode", "pytest"]));
    let mut run = place.isomer();
    run.args(["run", "-o", "run", "--pack", "sql"]).arg(example("seeds.jsonl"));
    run.arg("--replay").arg(example("recording.jsonl")).env("ISOMER_ENV", place.path("none"));
    let measured = finish(&mut run);
    assert_eq!(measured.status.code(), Some(6), "{}", measured.stderr);
    assert!(measured.stderr.contains("pack `sql` needs pytest"), "{}", measured.stderr);
    assert!(measured.stderr.contains("`isomer env` makes it"), "{}", measured.stderr);
    assert!(!place.path("run").exists(), "nothing is begun");
}
