//! Curation of made-up datasets, held against what was put into them.
#![expect(clippy::unwrap_used, reason = "helpers of tests may fail like tests")]

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use isomer_dataset::curate::{self, Band, Reason, Settings, Suites, Summary};
use isomer_embed::Hashing;
use serde_json::{Value, json};

struct Place(tempfile::TempDir);

impl Place {
    fn new(rows: &[Value]) -> Self {
        let place = Self(tempfile::tempdir().unwrap());
        place.write("in.jsonl", rows);
        place
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, rows: &[Value]) -> PathBuf {
        let text = rows.iter().map(Value::to_string).collect::<Vec<_>>().join("\n");
        std::fs::write(self.path(name), text).unwrap();
        self.path(name)
    }

    fn settings(&self) -> Settings {
        Settings {
            inputs: vec![self.path("in.jsonl")],
            output: self.path("out.jsonl"),
            seeds: Vec::new(),
            against: Vec::new(),
            similarity: Some(0.7),
            words: 13,
            share: 0.0,
            phrase: 10,
            kill_rate: None,
            pass_rate: None,
            verdicts: None,
            suites: Suites::default(),
            kills: None,
            meaning: None,
        }
    }

    fn ids(&self) -> Vec<String> {
        let text = std::fs::read_to_string(self.path("out.jsonl")).unwrap();
        let id =
            |line| serde_json::from_str::<Value>(line).unwrap()["id"].as_str().unwrap().to_owned();
        text.lines().map(id).collect()
    }

    /// Reason and witness of each removal by line.
    fn removed(&self) -> BTreeMap<u64, (String, Value)> {
        let text = std::fs::read_to_string(self.path("out.removed.jsonl")).unwrap();
        let removal = |line| {
            let line: Value = serde_json::from_str(line).unwrap();
            let reason = line["reason"].as_str().unwrap().to_owned();
            (line["line"].as_u64().unwrap(), (reason, line["witness"].clone()))
        };
        text.lines().map(removal).collect()
    }
}

fn run(settings: &Settings) -> Summary {
    curate::curate(settings, |_| {}).unwrap()
}

/// Words that no two texts of different numbers have in common.
fn text(number: u64) -> String {
    (0..80)
        .map(|word| format!("w{}", (number * 1000 + word) * 7919 % 1_000_003))
        .collect::<Vec<_>>()
        .join(" ")
}

/// The text with its last words replaced: similarity of its 5-grams is about `(76 - n) / (76 + n)`.
fn changed(number: u64, words: usize) -> String {
    let text = text(number);
    let kept = 80 - words;
    let kept: Vec<&str> = text.split(' ').take(kept).collect();
    let other: Vec<String> = (0..words).map(|word| format!("x{number}y{word}")).collect();
    format!("{} {}", kept.join(" "), other.join(" "))
}

fn row(id: &str, statement: &str) -> Value {
    json!({"id": id, "statement": statement})
}

#[test]
fn the_first_of_several_stays_and_is_the_witness() {
    let rows = [
        row("a", &text(1)),
        row("b", &changed(1, 5)),
        row("c", &text(2)),
        row("d", &changed(2, 30)),
        row("e", &text(1).to_uppercase()),
        row("a", &text(3)),
        json!({"id": "f"}),
    ];
    let place = Place::new(&rows);
    let summary = run(&place.settings());
    assert_eq!(place.ids(), ["a", "c", "d"]);
    let removed = place.removed();
    assert_eq!(removed[&2].0, "like_task");
    assert_eq!(removed[&2].1["id"], "a");
    assert!((removed[&2].1["similarity"].as_f64().unwrap() - 71.0 / 81.0).abs() < 1e-9);
    assert_eq!(
        (removed[&5].1["id"].as_str(), removed[&5].1["similarity"].as_f64()),
        (Some("a"), Some(1.0))
    );
    assert_eq!(removed[&6].0, "duplicate_id");
    assert_eq!(removed[&7].0, "unreadable");
    assert_eq!((summary.read, summary.kept, summary.removed(Reason::LikeTask)), (7, 3, 2));
}

#[test]
fn seeds_and_benchmarks_of_many_shapes_are_kept_out() {
    let sentence = |number: u64| changed(number, 60);
    let rows: Vec<Value> = (0..8)
        .map(|n| row(&format!("t{n}"), &format!("{} {}", text(50 + n), sentence(n))))
        .collect();
    let place = Place::new(&rows);
    let mut settings = place.settings();
    let known = [
        json!({"task_id": "HumanEval/0", "prompt": sentence(0), "canonical_solution": "x", "entry_point": "f", "test": "t"}),
        json!({"task_id": 11, "text": sentence(1), "code": "x", "test_list": ["t"]}),
        json!({"question_title": "Q", "question_content": sentence(2), "question_id": "abc_a", "public_test_cases": "[]"}),
        json!({"task_id": "BigCodeBench/0", "complete_prompt": "def f(): ...", "instruct_prompt": sentence(3), "canonical_solution": "x"}),
        json!({"prompt": sentence(4), "reference_code": "x", "metadata": {"library": "Numpy", "problem_id": 0}}),
        json!({"problem_id": 3, "question": sentence(5), "solutions": "[\"x\"]", "input_output": "{}"}),
    ];
    let known = known.iter().enumerate();
    settings.against = known
        .map(|(n, row)| place.write(&format!("known{n}.jsonl"), std::slice::from_ref(row)))
        .collect();
    settings.seeds =
        vec![place.write("seeds.jsonl", &[row("seed", &format!("{} {}", text(56), sentence(6)))])];
    let summary = run(&settings);
    assert_eq!((summary.benchmarks, summary.seeds), (6, 1));
    assert_eq!(place.ids(), ["t7"]);
    let removed = place.removed();
    for line in 1..=6 {
        let (reason, witness) = &removed[&line];
        assert_eq!(reason, "in_benchmark");
        assert_eq!(witness["words"].as_str().unwrap().split(' ').count(), 13);
        assert!(witness["file"].as_str().unwrap().ends_with(&format!("known{}.jsonl", line - 1)));
    }
    assert_eq!(
        (removed[&1].1["id"].as_str(), removed[&2].1["id"].as_str()),
        (Some("HumanEval/0"), Some("11"))
    );
    assert_eq!(removed[&7].0, "like_seed");
}

#[test]
fn rates_outside_of_the_band_and_unknown_ones_go() {
    let rate = |id: &str, kill: Option<f64>, pass: Option<f64>| json!({"id": id, "statement": text(id.len() as u64), "kill_rate_after": kill, "pass_rate": pass});
    let rows = [
        rate("a", Some(0.5), Some(0.5)),
        rate("bb", Some(1.0), Some(0.9)),
        rate("ccc", Some(1.0), None),
        rate("dddd", Some(1.0), Some(0.8)),
    ];
    let place = Place::new(&rows);
    let mut settings = place.settings();
    settings.kill_rate = Some(Band { low: 0.8, high: 1.0 });
    settings.pass_rate = Some(Band { low: 0.05, high: 0.8 });
    run(&settings);
    assert_eq!(place.ids(), ["dddd"]);
    let removed = place.removed();
    assert_eq!(
        removed[&1],
        ("kill_rate".to_owned(), json!({"found": 0.5, "low": 0.8, "high": 1.0}))
    );
    assert_eq!(removed[&2].0, "pass_rate");
    assert_eq!(removed[&3].1["found"], Value::Null);
}

#[test]
fn what_means_the_same_goes() {
    let shuffled = text(1).split(' ').rev().collect::<Vec<_>>().join(" ");
    let place = Place::new(&[row("a", &text(1)), row("b", &shuffled), row("c", &text(2))]);
    let mut settings = place.settings();
    run(&settings);
    assert_eq!(place.ids(), ["a", "b", "c"]);
    settings.meaning = Some((Arc::new(Hashing::new()), 0.6));
    run(&settings);
    assert_eq!(place.ids(), ["a", "c"]);
    assert_eq!(
        (place.removed()[&2].0.as_str(), place.removed()[&2].1["id"].as_str()),
        ("means_the_same", Some("a"))
    );
}

/// Over several batches, with any number of threads, and as a search through all pairs says.
#[test]
fn threads_and_batches_change_nothing() {
    let kind = |n: u64| match n % 5 {
        0 | 1 => text(n),
        2 => changed(n - 2, 6),
        3 => changed(n / 7 * 5, 8),
        _ => changed(n - 4, 40),
    };
    let rows: Vec<Value> = (0..2600).map(|n| row(&format!("t{n}"), &kind(n))).collect();
    let place = Place::new(&rows);
    let mut results = Vec::new();
    for threads in [1, 3] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let summary = pool.install(|| run(&place.settings()));
        let read = |name: &str| std::fs::read_to_string(place.path(name)).unwrap();
        results.push((summary, read("out.jsonl"), read("out.removed.jsonl")));
    }
    assert_eq!(results[0], results[1]);
    let kept = place.ids();
    let removed = place.removed();
    assert_eq!(kept.len() + removed.len(), rows.len());
    assert!(removed.len() > 500);
    for (reason, witness) in removed.values() {
        assert_eq!(reason, "like_task");
        assert!(kept.contains(&witness["id"].as_str().unwrap().to_owned()));
    }
    // Every second and third of a family is alike to the first: 6 and 8 words of 80 were changed.
    let alike = |n: &u64| n % 5 == 2 || (n % 5 == 3 && kept.contains(&format!("t{}", n / 7 * 5)));
    let missed = (0..2600).filter(alike).filter(|n| kept.contains(&format!("t{n}"))).count();
    assert!(missed <= 2, "{missed}");
}

#[test]
fn nothing_is_written_where_a_file_cannot_be_read() {
    let place = Place::new(&[row("a", &text(1))]);
    let mut settings = place.settings();
    settings.inputs.push(place.path("missing.jsonl"));
    assert!(curate::curate(&settings, |_| {}).is_err());
    settings.inputs.pop();
    std::fs::write(place.path("torn.parquet"), b"PAR1 and no end").unwrap();
    settings.inputs.push(place.path("torn.parquet"));
    let error = curate::curate(&settings, |_| {}).unwrap_err();
    assert!(error.to_string().contains("torn.parquet"), "{error}");
    settings.inputs.pop();
    settings.against = vec![place.write("broken.jsonl", &[json!({"no": "statement"})])];
    assert!(curate::curate(&settings, |_| {}).is_err());
    let mut names: Vec<_> = std::fs::read_dir(place.0.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    names.sort();
    assert_eq!(names, ["broken.jsonl", "in.jsonl", "torn.parquet"]);
}
