//! `isomer export`: which files there are, and what the card says of them.

use serde_json::{Value, json};

use crate::support::{Place, complete, finish};

/// A program and a function, each with a near-miss.
fn tasks() -> [Value; 2] {
    [
        json!({"id": "double", "statement": "Print twice the number.", "judge_mode": "stdio",
            "solution": "print(2 * int(input()))",
            "tests": {"input": ["2\n", "3\n"], "output": ["4\n", "6\n"]},
            "near_misses": [{"code": "print(int(input()) ** 2)", "verdict_before": "wrong_answer",
                "verdict_after": "wrong_answer", "status": "killed"}]}),
        json!({"id": "sum", "statement": "Write `add(a, b)`.", "judge_mode": "call", "fn_name": "add",
            "solution": "def add(a, b):\n    return a + b\n",
            "tests": {"input": [[2, 2], [1, 2]], "output": [4, 3], "fn_name": "add"},
            "near_misses": [{"code": "def add(a, b):\n    return a * b\n",
                "verdict_before": "accepted", "verdict_after": "wrong_answer", "status": "killed"}]}),
    ]
}

fn names(place: &Place, folder: &str) -> Vec<String> {
    let entries = std::fs::read_dir(place.path(folder)).unwrap();
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn a_folder_holds_what_was_written_and_a_card_that_names_it() {
    let place = Place::new(0);
    let rows = tasks().map(|task| task.to_string()).join("\n");
    std::fs::write(place.path("tasks.jsonl"), rows + "\n").unwrap();
    let found = complete(place.isomer().args(["measure", "tasks.jsonl", "--no-run", "--json"]));
    std::fs::write(place.path("measured.json"), found.stdout).unwrap();

    let export = |formats: &str, more: &[&str]| {
        let arguments = ["export", "tasks.jsonl", "-o", "out", "--json", "--format", formats];
        complete(place.isomer().args(arguments).args(more)).stdout
    };
    let measures = ["--measures", "measured.json", "--license", "mit"];
    let told: Value =
        serde_json::from_str(&export("verl,parquet,open-r1,card", &measures)).unwrap();
    assert_eq!(
        names(&place, "out"),
        [
            "README.md",
            "open-r1.jsonl",
            "open-r1.jsonl.left-out.jsonl",
            "parquet.parquet",
            "verl.parquet"
        ]
    );
    assert_eq!(told["card"], "out/README.md");
    assert_eq!(told["formats"][0]["near_misses_rejected"], 2);
    assert_eq!(told["formats"][0]["left_out_path"], Value::Null);
    assert_eq!(told["formats"][2]["left_out"], json!({"mode_not_carried": 1}));
    assert_eq!(told["formats"][2]["left_out_path"], "out/open-r1.jsonl.left-out.jsonl");
    let card = std::fs::read_to_string(place.path("out/README.md")).unwrap();
    assert!(card.starts_with("---\nlicense: mit\n"), "{card}");
    for part in [
        "- config_name: verl\n  data_files: \"verl.parquet\"\n  default: true\n",
        // The hub reads files of one kind in a dataset.
        "- config_name: parquet\n  data_files: \"parquet.parquet\"\n---\n",
        "| Vendi score of 2 statements (hashing-256) |",
    ] {
        assert!(card.contains(part), "{part}\n---\n{card}");
    }
}

#[test]
fn measures_of_another_dataset_or_without_a_card_are_refused() {
    let place = Place::new(0);
    let [first, second] = tasks().map(|task| task.to_string());
    std::fs::write(place.path("one.jsonl"), &first).unwrap();
    std::fs::write(place.path("two.jsonl"), format!("{first}\n{second}\n")).unwrap();
    let found = complete(place.isomer().args(["measure", "two.jsonl", "--no-run", "--json"]));
    std::fs::write(place.path("measured.json"), found.stdout).unwrap();
    let refused = |format: &str| {
        let arguments = ["export", "one.jsonl", "-o", "out", "--measures", "measured.json"];
        let ended = finish(place.isomer().args(arguments).args(["--format", format]));
        assert!(!place.path("out").exists());
        (ended.status.code(), ended.stderr)
    };
    let (code, words) = refused("card");
    assert_eq!(code, Some(1), "{words}");
    assert!(words.contains("measures of 2 tasks, but the dataset has 1"), "{words}");
    let (code, words) = refused("taco");
    assert_eq!(code, Some(2), "{words}");
    assert!(words.contains("add `card` to `--format`"), "{words}");
}
