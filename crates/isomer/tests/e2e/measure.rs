//! `isomer measure`: on datasets of other makers, by labelled solutions, and what it refuses.

use serde_json::{Value, json};

use crate::support::{Place, complete, finish};
use crate::target::{json_of, tasks};

#[test]
fn datasets_of_other_makers_are_measured_as_far_as_they_go() {
    let place = Place::new(0);
    let rows = [
        json!({"id": "bare", "statement": "Add two numbers.", "judge_mode": "stdio"}),
        json!({"question": "Double it.", "solutions": "[\"print(2 * int(input()))\"]", "difficulty": "x",
               "input_output": "{\"inputs\": [\"1\\n\", \"4\\n\"], \"outputs\": [\"2\\n\", \"8\\n\"]}"}),
        json!({"problem": "Halve it.", "code": "print(int(input()) // 2)"}),
        json!({"nothing": 1}),
    ];
    let text = rows.map(|row| row.to_string()).join("\n");
    std::fs::write(place.path("foreign.jsonl"), text).unwrap();
    let measured = complete(place.isomer().args(["measure", "foreign.jsonl", "--json"]));
    let found: Value = serde_json::from_str(&measured.stdout).unwrap();
    assert_eq!((&found["tasks"], &found["unusable"]), (&json!(3), &json!(1)));
    assert!(measured.stderr.contains("foreign.jsonl:4"), "{}", measured.stderr);
    let quality = &found["test_quality"];
    assert_eq!(quality["tasks"], 1, "{quality:#}");
    assert_eq!(quality["unmeasured"][0]["tasks"], 2, "{quality:#}");
    assert_eq!(found["difficulty"]["proxies"]["lines"]["count"], 2);
    let against = ["measure", "foreign.jsonl", "--no-run", "--against", "foreign.jsonl"];
    let refused = finish(place.isomer().args(against));
    assert_eq!(refused.status.code(), Some(2), "{}", refused.stderr);
}

#[test]
fn what_cannot_be_read_or_written_is_refused_at_once() {
    let place = Place::new(0);
    tasks(&place);
    let refuse = |arguments: &[&str], words: &str| {
        let refused = finish(place.isomer().arg("measure").args(arguments));
        assert!(matches!(refused.status.code(), Some(1 | 2)), "{arguments:?} {}", refused.stderr);
        assert!(refused.stderr.contains(words), "{arguments:?} {}", refused.stderr);
        assert!(refused.stdout.is_empty());
    };
    refuse(&["missing.jsonl"], "missing.jsonl");
    std::fs::write(place.path("empty.jsonl"), "").unwrap();
    refuse(&["empty.jsonl", "--no-run"], "the file is empty");
    std::fs::write(place.path("torn.jsonl.gz"), [0x1f, 0x8b, 8, 0, 0, 0]).unwrap();
    refuse(&["torn.jsonl.gz", "--no-run"], "torn.jsonl.gz");
    std::fs::write(place.path("taken"), "a file").unwrap();
    refuse(&["tasks.jsonl", "-o", "taken"], "`taken`");
    refuse(&["tasks.jsonl", "--no-run", "--report", "nowhere/report.html"], "nowhere/report.html");
    refuse(&["tasks.jsonl", "--no-run", "--embedder", "nonsense"], "nonsense");
    assert!(!place.path("report.html").exists() && !place.path("tasks.measure").exists());
}

/// Writes tasks that double a number, each with its reference solution.
fn doubling(place: &Place, name: &str) {
    let line = |factor: u32| {
        json!({
            "id": format!("double-{factor}"),
            "statement": format!("Read n and print {factor} times n."),
            "judge_mode": "stdio",
            "solution": format!("n = int(input())\nprint({factor} * n)\n"),
            "tests": {"input": ["1\n", "4\n"], "output": [format!("{factor}\n"), format!("{}\n", 4 * factor)],
                      "type": "stdin_stdout"},
        })
    };
    let lines = [2, 3].map(|factor| line(factor).to_string());
    std::fs::write(place.path(name), lines.join("\n")).unwrap();
}

#[test]
fn labelled_solutions_say_how_well_the_tests_judge() {
    let place = Place::new(0);
    doubling(&place, "tasks.jsonl");
    let solution = |factor: u32, code: &str, label: Value| {
        let code = format!("n = int(input())\nprint({code})");
        json!({"task_id": format!("double-{factor}"), "code": code, "label": label}).to_string()
    };
    let rows = [
        solution(2, "n + n", json!(true)),
        solution(3, "3 * n", json!("right")),
        solution(2, "n + 1", json!(false)),
        solution(3, "3 * n if n < 9 else 0", json!(false)),
    ];
    std::fs::write(place.path("solutions.jsonl"), rows.join("\n")).unwrap();
    complete(place.isomer().args(["verify", "tasks.jsonl", "--solutions", "solutions.jsonl"]));
    let measure = |solutions: &str| {
        let mut command = place.isomer();
        command.args(["measure", "tasks.jsonl", "--json", "--solutions", solutions]);
        command
    };
    let found = json_of(&mut measure("solutions.verdicts.jsonl"));
    let pools = &found["test_quality"]["pools"];
    let rate = |name: &str| (pools[name]["share"].as_f64(), pools[name]["of"].as_u64());
    assert_eq!(rate("true_positive"), (Some(1.0), Some(2)), "{pools}");
    assert_eq!(rate("true_negative"), (Some(0.5), Some(2)), "{pools}");

    // Solutions are no results, and results without labels say nothing of the tests.
    std::fs::write(place.path("bare.jsonl"), solution(2, "n + n", Value::Null)).unwrap();
    complete(place.isomer().args(["verify", "tasks.jsonl", "--solutions", "bare.jsonl"]));
    for (file, words) in [
        ("solutions.jsonl", "the file of results that `isomer verify` wrote"),
        ("bare.verdicts.jsonl", "no solution in `bare.verdicts.jsonl` is labelled"),
    ] {
        let refused = finish(&mut measure(file));
        assert_eq!(refused.status.code(), Some(2), "{}", refused.stderr);
        assert!(refused.stderr.contains(words), "{}", refused.stderr);
    }
}

#[test]
fn a_parquet_file_measures_like_the_lines_that_it_was_made_of() {
    let place = Place::new(0);
    doubling(&place, "tasks.jsonl");
    let arguments = ["export", "tasks.jsonl", "--format", "parquet", "-o", "set.parquet"];
    complete(place.isomer().args(arguments));
    let [lines, columns] = ["tasks.jsonl", "set.parquet"]
        .map(|dataset| json_of(place.isomer().args(["measure", dataset, "--json"])));
    assert_eq!(columns["tasks"], 2);
    assert!(columns["test_quality"]["mutants"]["of"].as_u64() > Some(4), "{columns:#}");
    for axis in ["unusable", "diversity", "difficulty", "test_quality"] {
        assert_eq!(columns[axis], lines[axis], "{axis}");
    }
}

#[test]
fn a_report_keeps_to_its_size_and_says_what_it_left_out() {
    let place = Place::new(0);
    let (mut state, mut lines) = (1_u64, Vec::new());
    let mut noise = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        format!("{state:016x}")
    };
    for id in 0..120 {
        let words: Vec<String> = (0..1400).map(|_| noise()).collect();
        lines.push(json!({"id": id.to_string(), "statement": words.join(" ")}).to_string());
    }
    std::fs::write(place.path("noise.jsonl"), lines.join("\n")).unwrap();
    let measure = |more: &[&str]| {
        let mut command = place.isomer();
        command.args(["measure", "noise.jsonl", "--no-run", "--report", "small.html"]);
        complete(command.args(["--report-mib", "1"]).args(more)).stdout
    };
    let found: Value = serde_json::from_str(&measure(&["--json"])).unwrap();
    let reported = &found["reported"];
    let whole = reported["whole"].as_u64().unwrap();
    assert!(0 < whole && whole < 120 && reported["tasks"] == 120, "{reported}");
    let size = std::fs::metadata(place.path("small.html")).unwrap().len();
    assert!(size <= 1 << 20 && reported["bytes"] == size, "{size}, {reported}");
    let told = measure(&[]);
    assert!(told.contains(&format!("{whole} of 120 tasks can be opened")), "{told}");
}
