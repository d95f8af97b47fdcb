//! `isomer verify` in the real sandbox: verdicts, a kill in the middle, exit codes.
#![expect(clippy::unwrap_used, reason = "helpers of tests may fail like tests")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use serde_json::{Value, json};

struct Place(tempfile::TempDir);

impl Place {
    fn new(solutions: &[Value]) -> Self {
        let place = Self(tempfile::tempdir().unwrap());
        let numbers =
            |factor: u64| (0..12).map(|n| format!("{}\n", n * factor)).collect::<Vec<_>>();
        let stdio = json!({
            "id": "double", "pack": "algorithm", "statement": "Double it.", "judge_mode": "stdio",
            "tests": {"input": numbers(1), "output": numbers(2), "type": "stdin_stdout"},
        });
        let call = json!({
            "id": "add", "statement": "Add them.", "judge_mode": "call", "fn_name": "add",
            "tests": {"input": [[1, 2], [0, 0], [2, -2]], "output": [[3], [0], [0]],
                      "fn_name": "add", "type": "function_call"},
        });
        place.write("tasks.jsonl", &[stdio, call]);
        place.write("solutions.jsonl", solutions);
        place
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, rows: &[Value]) {
        let text = rows.iter().map(Value::to_string).collect::<Vec<_>>().join("\n");
        std::fs::write(self.path(name), text).unwrap();
    }

    fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_isomer"));
        command.current_dir(self.0.path()).env_remove("SANDBOX_URL").env("NO_COLOR", "1");
        command.args(["verify", "tasks.jsonl", "--solutions", "solutions.jsonl"]);
        command
    }

    fn run(&self, more: &[&str]) -> Output {
        self.command().args(more).output().unwrap()
    }
}

fn row(task: &str, code: &str, label: bool) -> Value {
    json!({"task_id": task, "code": code, "label": label})
}

fn double(number: usize) -> Value {
    let right = number.is_multiple_of(2);
    let answer = if right { "2 * n" } else { "2 * n if n < 9 else n" };
    row("double", &format!("n = int(input())\n# {number}\nprint({answer})"), right)
}

fn verdicts(results: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(results).unwrap();
    let verdict = |line: &str| {
        let line: Value = serde_json::from_str(line).unwrap();
        line["verdict"].as_str().unwrap().to_owned()
    };
    text.lines().map(verdict).collect()
}

#[test]
fn right_and_wrong_ones_are_told_apart() {
    let place = Place::new(&[
        double(0),
        double(1),
        row("add", "def add(a, b):\n    return a + b", true),
        row("add", "def add(a, b):\n    return abs(a) + abs(b)", false),
        row("add", "def other(a, b):\n    return a + b", false),
        row("add", "def add(a, b):\n    return max(a + b, a)", false),
        row("add", "def add(a, b): while", false),
    ]);
    let output = place.run(&["--json"]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(
        verdicts(&place.path("solutions.verdicts.jsonl")),
        [
            "accepted",
            "wrong_answer",
            "accepted",
            "wrong_answer",
            "missing_function",
            "wrong_answer",
            "compile_error"
        ]
    );
    let shown: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(shown["rates"]["verifier_accuracy"]["share"], 1.0);
    assert_eq!(shown["rates"]["true_positive"]["of"], 2);
    assert_eq!(shown["missing"], 0);
    // Nothing is left to do, and the same is said again.
    let again = place.run(&["--json"]);
    assert_eq!(again.stdout, output.stdout);
}

#[test]
fn killed_and_begun_again_leaves_the_same_bytes() {
    let solutions: Vec<Value> = (0..150).map(double).collect();
    let whole = Place::new(&solutions);
    assert_eq!(whole.run(&["-o", "out.jsonl"]).status.code(), Some(0));
    let wanted = std::fs::read(whole.path("out.jsonl")).unwrap();

    let place = Place::new(&solutions);
    let results = place.path("out.jsonl");
    let length = || std::fs::metadata(&results).map_or(0, |found| found.len());
    let mut kills = 0;
    for share in 1..4 {
        let mut child = place
            .command()
            .args(["-o", "out.jsonl"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let goal = wanted.len() as u64 * share / 5;
        while length() < goal && child.try_wait().unwrap().is_none() {
            std::thread::sleep(Duration::from_millis(2));
        }
        kills += u32::from(child.try_wait().unwrap().is_none());
        child.kill().unwrap();
        child.wait().unwrap();
        let kept = std::fs::read(&results).unwrap();
        assert!(wanted.starts_with(&kept), "what is on disk is a beginning of the whole");
    }
    assert!(kills > 0, "it was killed in the middle");
    assert_eq!(place.run(&["-o", "out.jsonl"]).status.code(), Some(0));
    assert_eq!(std::fs::read(&results).unwrap(), wanted);
}

#[test]
fn wrong_use_is_told_before_anything_runs() {
    let place = Place::new(&[row("unknown", "x", true)]);
    let refused = place.run(&[]);
    let text = String::from_utf8_lossy(&refused.stderr);
    assert_eq!(refused.status.code(), Some(2), "{text}");
    assert!(text.contains("line 1: no task has the id `unknown`"), "{text}");
    place.write("solutions.jsonl", &[]);
    assert_eq!(place.run(&[]).status.code(), Some(2));

    // Results of other limits are not taken for those of these.
    place.write("solutions.jsonl", &[double(0)]);
    assert_eq!(place.run(&[]).status.code(), Some(0));
    let other = place.run(&["--cpu-ms", "5000"]);
    let text = String::from_utf8_lossy(&other.stderr);
    assert_eq!(other.status.code(), Some(2), "{text}");
    assert!(text.contains("or the conditions are others now"), "{text}");
}
