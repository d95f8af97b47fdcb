//! Exports of small datasets, with programs that only pretend to run.
#![expect(clippy::unwrap_used, reason = "helpers of tests may fail like tests")]

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use isomer_export::{
    ExportError, Format, Line, ParquetRows, Plan, Report, Room, Target, export, task,
};
use isomer_sandbox::{Ending, Execute, Execution, Job, Output, SandboxError, TestJob, TestReport};
use serde_json::{Value, json};

/// A program is a list of what it prints, separated by `|`; the input says which of them. One that
/// begins with [`IMPORT`] prints nothing unless the package is there.
struct Pretender {
    runs: AtomicUsize,
    /// Fails from this run on.
    breaks_at: usize,
}

impl Pretender {
    fn new(breaks_at: usize) -> Self {
        Self { runs: AtomicUsize::new(0), breaks_at }
    }
}

const IMPORT: &str = "import numpy|";

fn execution(text: &str) -> Execution {
    Execution {
        ending: Ending::Finished,
        output: Output::Text(text.to_owned()),
        cpu_ms: 1,
        wall_ms: 1,
        memory_bytes: 1,
        stderr: String::new(),
        files: Vec::new(),
    }
}

#[async_trait]
impl Execute for Pretender {
    async fn run(&self, job: Job) -> Result<Vec<Execution>, SandboxError> {
        if self.runs.fetch_add(1, Ordering::SeqCst) >= self.breaks_at {
            return Err(SandboxError::Job { detail: "pulled the plug".to_owned() });
        }
        let source = match job.source.strip_prefix(IMPORT) {
            Some(_) if !job.packages.iter().any(|name| name == "numpy") => "",
            Some(rest) => rest,
            None => &job.source,
        };
        let answers: Vec<&str> = source.split('|').collect();
        let answer = |input: &Value| {
            let index: usize = input.as_str().unwrap().trim().parse().unwrap();
            execution(answers.get(index).copied().unwrap_or_default())
        };
        Ok(job.inputs.iter().map(answer).collect())
    }

    async fn run_tests(&self, _: TestJob) -> Result<TestReport, SandboxError> {
        Err(SandboxError::Job { detail: "test files are not run".to_owned() })
    }
}

/// A task whose reference prints these, with programs that are wrong.
fn line(id: &str, right: &[&str], wrong: &[&[&str]]) -> Line {
    let near_miss = |answers: &&[&str]| {
        json!({"code": answers.join("|"), "mistake": "", "verdict_before": "accepted",
               "verdict_after": "wrong_answer", "status": "killed", "verdicts": []})
    };
    let value = json!({
        "id": id, "statement": format!("Task {id}."), "judge_mode": "stdio",
        "solution": right.join("|"),
        "tests": {"input": (0..right.len()).map(|index| index.to_string()).collect::<Vec<_>>(),
                  "output": right, "fn_name": null, "type": "stdin_stdout"},
        "near_misses": wrong.iter().map(near_miss).collect::<Vec<_>>(),
    });
    Line { place: id.to_owned(), value: Ok(value) }
}

fn plan(folder: &Path, formats: &[Format], shard_rows: Option<u64>) -> Plan {
    let target = |format: &Format| Target {
        format: *format,
        path: folder.join(match format {
            Format::Verl | Format::Parquet => format!("{format}.parquet"),
            _ => format!("{format}.jsonl"),
        }),
    };
    Plan {
        targets: formats.iter().map(target).collect(),
        notes: folder.join("out.part"),
        fingerprint: Plan::fingerprint("dataset", formats, Room::default(), &[]),
        shard_rows,
        room: Room::default(),
        limits: Plan::LIMITS,
        packages: Vec::new(),
        jobs: 2,
    }
}

async fn run(plan: &Plan, lines: Vec<Line>) -> Report {
    export(plan, lines.into_iter(), &Pretender::new(usize::MAX), |_| ()).await.unwrap()
}

fn lines_of(path: &Path) -> Vec<Value> {
    let text = std::fs::read_to_string(path).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn numbers(count: usize) -> Vec<String> {
    (0..count).map(|number| format!("{number}00")).collect()
}

#[tokio::test]
async fn a_test_that_tells_comes_before_what_the_grader_stops_reading() {
    let folder = tempfile::tempdir().unwrap();
    let answers = numbers(30);
    let right: Vec<&str> = answers.iter().map(String::as_str).collect();
    let mut wrong = right.clone();
    wrong[27] = "1";
    let plan = plan(folder.path(), &[Format::Verl], None);
    let report = run(&plan, vec![line("a", &right, &[&wrong])]).await;
    let tally = &report.tallies["verl"];
    assert_eq!((tally.exported, tally.tests), (1, 10));
    assert_eq!((tally.near_misses_rejected, tally.near_misses_rejected_unshaped), (1, 0));
    let row =
        ParquetRows::open(&folder.path().join("verl.parquet")).unwrap().next().unwrap().unwrap();
    assert_eq!(row["data_source"], "taco");
    assert_eq!(row["prompt"][0]["role"], "user");
    let truth: Value =
        serde_json::from_str(row["reward_model"]["ground_truth"].as_str().unwrap()).unwrap();
    assert_eq!(truth["inputs"][0], "27");
    assert_eq!(truth["outputs"][0], "2700");
}

#[tokio::test]
async fn programs_have_the_packages_that_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let imports = |mut line: Line| {
        let solution = &mut line.value.as_mut().unwrap()["solution"];
        *solution = json!(format!("{IMPORT}{}", solution.as_str().unwrap()));
        line
    };
    let lines = || vec![imports(line("a", &["x", "y"], &[&["x", "z"]]))];
    let mut plan = plan(folder.path(), &[Format::Jsonl], None);
    assert_eq!(run(&plan, lines()).await.tallies["jsonl"].exported, 0);
    plan.packages = vec!["numpy".to_owned()];
    assert_eq!(run(&plan, lines()).await.tallies["jsonl"].exported, 1);
    let print = |packages: &[String]| Plan::fingerprint("d", &[], Room::default(), packages);
    assert_ne!(print(&plan.packages), print(&[]));
}

#[tokio::test]
async fn what_a_grader_cannot_tell_is_left_out_with_a_witness() {
    let folder = tempfile::tempdir().unwrap();
    let plan = plan(folder.path(), &[Format::OpenR1, Format::OpenR1Checker, Format::Taco], None);
    // Lines are compared as far as both have them; letters are taken for words.
    let talkative = line("talkative", &["1\n2", "5"], &[&["1\n2\n3", "5"]]);
    let shuffled = line("shuffled", &["1\n2", "5"], &[&["2\n1", "5"]]);
    let report = run(&plan, vec![talkative, shuffled]).await;
    let exported: BTreeMap<&str, u64> =
        report.tallies.iter().map(|(name, tally)| (name.as_str(), tally.exported)).collect();
    assert_eq!(exported, BTreeMap::from([("open-r1", 1), ("open-r1-checker", 2), ("taco", 1)]));
    let left_out = lines_of(&folder.path().join("open-r1.jsonl.left-out.jsonl"));
    assert_eq!(
        left_out,
        [
            json!({"id": "talkative", "reason": "near_miss_accepted", "grader": "open-r1 code_reward",
                "witness": {"near_miss": 0, "caught_by_test": 0}})
        ]
    );
    let sidecar = folder.path().join("taco.jsonl.left-out.jsonl");
    assert_eq!(lines_of(&sidecar)[0]["id"], "shuffled");
    assert!(!folder.path().join("open-r1-checker.jsonl.left-out.jsonl").exists());
    run(&plan, vec![line("a", &["1"], &[])]).await;
    assert!(!sidecar.exists(), "that of an earlier export");
}

#[tokio::test]
async fn an_export_that_broke_off_goes_on_and_leaves_nothing_half_written() {
    let folder = tempfile::tempdir().unwrap();
    let plan = plan(folder.path(), &[Format::Jsonl, Format::Dpo], None);
    let dataset = || {
        (0..9)
            .map(|index| line(&index.to_string(), &["1", "2"], &[&["1", "3"]]))
            .collect::<Vec<_>>()
    };
    let broken = Pretender::new(9);
    let error = export(&plan, dataset().into_iter(), &broken, |_| ()).await.unwrap_err();
    assert!(matches!(error, ExportError::Sandbox(_)));
    assert!(!folder.path().join("jsonl.jsonl").exists());
    let again = Pretender::new(usize::MAX);
    let report = export(&plan, dataset().into_iter(), &again, |_| ()).await.unwrap();
    assert!(report.resumed_lines >= 3, "{}", report.resumed_lines);
    assert!(again.runs.load(Ordering::SeqCst) < 18);
    assert!(!plan.notes.exists());
    let ids: Vec<Value> = lines_of(&folder.path().join("jsonl.jsonl"))
        .into_iter()
        .map(|row| row["id"].clone())
        .collect();
    assert_eq!(ids, (0..9).map(|index| json!(index.to_string())).collect::<Vec<_>>());
    assert_eq!(report.tallies["dpo"].rows, 9);
    let pair = &lines_of(&folder.path().join("dpo.jsonl"))[0];
    assert_eq!(pair["rejected"][0]["content"], "```python\n1|3\n```");
}

#[tokio::test]
async fn shards_hold_as_many_rows_as_asked() {
    let folder = tempfile::tempdir().unwrap();
    let plan = plan(folder.path(), &[Format::Parquet, Format::Jsonl], Some(2));
    let dataset = (0..5).map(|index| line(&index.to_string(), &["1"], &[])).collect();
    run(&plan, dataset).await;
    for (shard, rows) in [(0, 2), (1, 2), (2, 1)] {
        let name = format!("parquet-{shard:05}.parquet");
        let rows_there: Vec<Value> =
            ParquetRows::open(&folder.path().join(name)).unwrap().map(Result::unwrap).collect();
        assert_eq!(rows_there.len(), rows);
        let read = task(&rows_there[0]).unwrap();
        assert_eq!(read.id, (shard * 2).to_string());
        assert_eq!(read.suite().unwrap().output, [json!("1")]);
        assert_eq!(lines_of(&folder.path().join(format!("jsonl-{shard:05}.jsonl"))).len(), rows);
    }
    assert!(!folder.path().join("parquet-00003.parquet").exists());
    run(&plan, vec![line("0", &["1"], &[])]).await;
    let mut left: Vec<_> =
        folder.path().read_dir().unwrap().map(|entry| entry.unwrap().file_name()).collect();
    left.sort();
    assert_eq!(left, ["jsonl-00000.jsonl", "parquet-00000.parquet"]);
}

#[tokio::test]
async fn lines_that_are_no_tasks_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let plan = plan(folder.path(), &[Format::Taco], None);
    let stray = || Line { place: "x:7".to_owned(), value: Ok(json!({"colour": "red"})) };
    let error =
        export(&plan, vec![stray()].into_iter(), &Pretender::new(0), |_| ()).await.unwrap_err();
    assert!(matches!(error, ExportError::NoTasks { lines: 1, .. }));
    assert!(!folder.path().join("taco.jsonl").exists() && !plan.notes.exists());
    let empty = line("empty", &[], &[]);
    run(&plan, vec![stray(), empty, line("a", &["1"], &[])]).await;
    let left_out = lines_of(&folder.path().join("taco.jsonl.left-out.jsonl"));
    let reasons: Vec<(&str, &str)> = left_out
        .iter()
        .map(|line| (line["id"].as_str().unwrap(), line["reason"].as_str().unwrap()))
        .collect();
    assert_eq!(reasons, [("x:7", "unreadable"), ("empty", "no_tests")]);
}

#[tokio::test]
async fn test_files_go_where_they_fit() {
    let folder = tempfile::tempdir().unwrap();
    let plan = plan(folder.path(), &Format::ALL, None);
    let mut task = line("a", &["1"], &[&["2"]]);
    let value = task.value.as_mut().unwrap();
    value["judge_mode"] = json!("pytest");
    value["pytest"] = json!("from solution import f\n\ndef test_f():\n    assert f() == 1\n");
    value["tests"] = Value::Null;
    let report = run(&plan, vec![task]).await;
    for (name, tally) in report.tallies {
        let carried = ["jsonl", "parquet", "dpo"].contains(&name.as_str());
        assert_eq!(tally.exported, u64::from(carried), "{name}");
        assert_eq!(tally.near_misses_rejected, u64::from(carried), "{name}");
        assert_eq!(tally.left_out.contains_key("mode_not_carried"), !carried, "{name}");
    }
}

/// Every format is read back as the same tasks.
#[tokio::test]
async fn what_is_written_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let formats: Vec<Format> =
        Format::ALL.into_iter().filter(|format| *format != Format::Dpo).collect();
    let plan = plan(folder.path(), &formats, None);
    run(&plan, vec![line("a", &["1\n", "2\n"], &[&["1\n", "3\n"]])]).await;
    for target in &plan.targets {
        let row = match target.path.extension().unwrap().to_str() {
            Some("parquet") => ParquetRows::open(&target.path).unwrap().next().unwrap().unwrap(),
            _ => lines_of(&target.path).remove(0),
        };
        let read = task(&row).unwrap();
        let suite = read.suite().unwrap();
        assert_eq!(read.id.trim_start_matches("0/"), "a", "{}", target.format);
        assert!(read.statement.contains("Task a."), "{}", target.format);
        assert_eq!(suite.len(), 2, "{}", target.format);
        assert!(suite.output.contains(&json!("2\n")), "{}", target.format);
    }
}
