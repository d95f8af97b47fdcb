//! Many solutions before a sandbox that does what their sources say.
#![expect(clippy::unwrap_used, reason = "helpers of tests may fail like tests")]

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use isomer_dataset::verify::{self, Conditions, Plan, Progress, Rates, VerifyError};
use isomer_sandbox::{Ending, Execute, Execution, Job, Output, SandboxError, TestJob, TestReport};
use serde_json::{Value, json};

/// A source is a list of answers by test, or says how the sandbox is to fail. Tests of task `n` want
/// the number of the test.
#[derive(Default)]
struct Scripted {
    jobs: AtomicUsize,
    inputs: AtomicUsize,
}

fn execution(ending: Ending, output: &str) -> Execution {
    Execution {
        ending,
        output: Output::Text(output.to_owned()),
        cpu_ms: 1,
        wall_ms: 1,
        memory_bytes: 1,
        stderr: String::new(),
        files: Vec::new(),
    }
}

#[async_trait]
impl Execute for Scripted {
    async fn run(&self, job: Job) -> Result<Vec<Execution>, SandboxError> {
        self.jobs.fetch_add(1, Ordering::Relaxed);
        tokio::time::sleep(Duration::from_millis(job.source.len() as u64 % 3)).await;
        if job.source.starts_with("broken") {
            return Err(SandboxError::Broken { detail: "as told".to_owned() });
        }
        if job.source.starts_with("no python") {
            return Err(SandboxError::Python { detail: "as told".to_owned() });
        }
        let wrong: Option<u64> = job.source.strip_prefix("wrong at ").map(|at| at.parse().unwrap());
        let answer = |input: &Value| {
            self.inputs.fetch_add(1, Ordering::Relaxed);
            let input = input.as_str().unwrap();
            match &wrong {
                Some(at) if input == at.to_string() => execution(Ending::Finished, "something"),
                _ if job.source == "crash" => execution(Ending::Signal(11), ""),
                _ => execution(Ending::Finished, input),
            }
        };
        Ok(job.inputs.iter().map(answer).collect())
    }

    async fn run_tests(&self, job: TestJob) -> Result<TestReport, SandboxError> {
        let expected = job.expected.unwrap();
        let right = job.solution == "right";
        let outcome =
            if right { isomer_sandbox::Outcome::Passed } else { isomer_sandbox::Outcome::Failed };
        let outcome = |(number, id): (usize, &String)| isomer_sandbox::TestOutcome {
            id: id.clone(),
            outcome: if number == 0 { isomer_sandbox::Outcome::Passed } else { outcome },
            duration_us: 1,
            message: String::new(),
        };
        Ok(TestReport {
            collected: expected.tests.clone(),
            outcomes: expected.tests.iter().enumerate().map(outcome).collect(),
            trust: isomer_record::Trust::TwoProcess,
            asked: Vec::new(),
            ending: Ending::Finished,
            problem: None,
            cpu_ms: 1,
            wall_ms: 1,
            memory_bytes: 1,
            verdict: if right {
                isomer_record::Verdict::Accepted
            } else {
                isomer_record::Verdict::WrongAnswer
            },
        })
    }
}

fn task(id: &str, tests: usize) -> Value {
    let values: Vec<String> = (0..tests).map(|test| test.to_string()).collect();
    json!({"id": id, "statement": "s", "judge_mode": "stdio",
           "tests": {"input": values, "output": values, "type": "stdin_stdout"}})
}

fn pytest_task(id: &str) -> Value {
    json!({"id": id, "statement": "s", "judge_mode": "pytest", "pytest": "def test_a(): ...",
           "expected": {"tests": ["a", "b"], "trust": "two_process", "asked": []}})
}

fn row(task: &str, code: &str, label: Option<bool>) -> Value {
    json!({"task_id": task, "code": code, "label": label})
}

fn write(path: &Path, rows: &[Value]) {
    let text = rows.iter().map(Value::to_string).collect::<Vec<_>>().join("\n");
    std::fs::write(path, text).unwrap();
}

struct Place(tempfile::TempDir);

impl Place {
    fn new(tasks: &[Value], solutions: &[Value]) -> Self {
        let place = Self(tempfile::tempdir().unwrap());
        write(&place.0.path().join("tasks.jsonl"), tasks);
        write(&place.0.path().join("solutions.jsonl"), solutions);
        place
    }

    fn plan(&self) -> Plan {
        Plan {
            tasks: self.0.path().join("tasks.jsonl"),
            solutions: self.0.path().join("solutions.jsonl"),
            results: self.0.path().join("results.jsonl"),
            conditions: Box::new(|_| Conditions::default()),
        }
    }

    fn refused(&self) -> String {
        verify::check(self.plan())
            .err()
            .unwrap()
            .to_string()
            .replace(&*self.0.path().display().to_string(), "FOLDER")
    }

    /// Judges until so many are judged.
    async fn run(&self, sandbox: &Arc<Scripted>, most: u64) -> Result<Progress, VerifyError> {
        let (sender, receiver) = tokio::sync::oneshot::channel::<()>();
        let mut sender = Some(sender);
        let checked = verify::check(self.plan())?;
        let stop = async move {
            let _ = receiver.await;
        };
        let ended = verify::run(checked, Arc::clone(sandbox) as _, 2, stop, |progress| {
            if progress.judged >= most {
                sender.take();
            }
        });
        ended.await.map(|ended| ended.progress)
    }

    fn results(&self) -> String {
        std::fs::read_to_string(self.plan().results).unwrap()
    }

    fn rates(&self) -> Rates {
        verify::rates(&self.plan().results).unwrap()
    }
}

fn many() -> (Vec<Value>, Vec<Value>) {
    let tasks = (0..9).map(|number| task(&format!("t{number}"), 20)).collect();
    let code = |number: usize| match number % 4 {
        0 => "right".to_owned(),
        1 => format!("wrong at {}", number % 20),
        2 => "crash".to_owned(),
        _ => "wrong at 99".to_owned(),
    };
    let rows = (0..300).map(|number| {
        let task = format!("t{}", number % 9);
        row(&task, &code(number), Some(number % 4 == 0))
    });
    (tasks, rows.collect())
}

#[tokio::test]
async fn verdicts_and_rates() {
    let solutions = [
        row("a", "right", Some(true)),
        row("a", "wrong at 15", Some(false)),
        row("b", "crash", Some(false)),
        row("b", "wrong at 7", Some(false)),
        row("p", "right", None),
        row("p", "wrong", None),
    ];
    let place = Place::new(&[task("a", 20), task("b", 3), pytest_task("p")], &solutions);
    let progress = place.run(&Arc::default(), u64::MAX).await.unwrap();
    assert_eq!(progress, Progress { judged: 6, all: 6, unjudged: 0 });
    let results = place.results();
    let keyless = results.lines().filter_map(|line| line.split(",\"key\"").next());
    let keyless = keyless.collect::<Vec<_>>().join("\n");
    insta::assert_snapshot!(keyless, @r#"
{"row":1,"task_id":"a","label":true,"verdict":"accepted","tests":20
{"row":2,"task_id":"a","label":false,"verdict":"wrong_answer","test":15,"tests":20
{"row":3,"task_id":"b","label":false,"verdict":"runtime_error","test":0,"tests":3,"detail":"killed by SIGSEGV"
{"row":4,"task_id":"b","label":false,"verdict":"accepted","tests":3
{"row":5,"task_id":"p","verdict":"accepted","tests":2
{"row":6,"task_id":"p","verdict":"wrong_answer","test":1,"tests":2
"#);
    let rates = place.rates();
    assert_eq!(rates.true_positive.share, Some(1.0));
    assert_eq!((rates.true_negative.share, rates.true_negative.of), (Some(2.0 / 3.0), 3));
    assert_eq!(rates.detection.share, Some(0.75));
    assert_eq!(rates.verifier_accuracy.share, Some(0.5));
}

#[tokio::test]
async fn a_wrong_solution_is_not_run_to_the_end() {
    let place = Place::new(&[task("a", 1000)], &[row("a", "wrong at 3", None)]);
    let sandbox = Arc::new(Scripted::default());
    place.run(&sandbox, u64::MAX).await.unwrap();
    assert_eq!(sandbox.inputs.load(Ordering::Relaxed), 8);
}

#[tokio::test]
async fn stopped_and_begun_again_leaves_the_same_bytes() {
    let (tasks, solutions) = many();
    let whole = Place::new(&tasks, &solutions);
    let sandbox = Arc::new(Scripted::default());
    whole.run(&sandbox, u64::MAX).await.unwrap();
    let jobs = sandbox.jobs.load(Ordering::Relaxed);

    let parts = Place::new(&tasks, &solutions);
    let sandbox = Arc::new(Scripted::default());
    let mut starts = 0;
    let mut judged = 0;
    while judged < 300 {
        judged = parts.run(&sandbox, judged + 50).await.unwrap().judged;
        starts += 1;
    }
    assert!(starts > 1, "it was stopped");
    assert_eq!(parts.results(), whole.results());
    assert_eq!(sandbox.jobs.load(Ordering::Relaxed), jobs, "nothing was judged twice");
}

#[tokio::test]
async fn dropped_in_the_middle_and_torn_leaves_the_same_bytes() {
    let (tasks, solutions) = many();
    let whole = Place::new(&tasks, &solutions);
    whole.run(&Arc::default(), u64::MAX).await.unwrap();
    let parts = Place::new(&tasks, &solutions);
    let sandbox = Arc::default();
    let cut = tokio::time::timeout(Duration::from_millis(60), parts.run(&sandbox, 999));
    assert!(cut.await.is_err(), "it was dropped");
    let mut torn = parts.results();
    torn.push_str("{\"row\":299,\"task");
    std::fs::write(parts.plan().results, torn).unwrap();
    parts.run(&Arc::default(), u64::MAX).await.unwrap();
    assert_eq!(parts.results(), whole.results());
}

#[tokio::test]
async fn what_the_sandbox_fails_on_is_tried_again() {
    let solutions = [row("a", "broken", None), row("a", "right", None)];
    let place = Place::new(&[task("a", 2)], &solutions);
    let sandbox = Arc::new(Scripted::default());
    let progress = place.run(&sandbox, u64::MAX).await.unwrap();
    assert_eq!(progress, Progress { judged: 1, all: 2, unjudged: 1 });
    let progress = place.run(&sandbox, u64::MAX).await.unwrap();
    assert_eq!(progress, Progress { judged: 1, all: 2, unjudged: 1 });
    assert_eq!(sandbox.jobs.load(Ordering::Relaxed), 3);

    let place = Place::new(&[task("a", 2)], &vec![row("a", "broken", None); 40]);
    assert!(matches!(place.run(&sandbox, u64::MAX).await, Err(VerifyError::Sandbox(_))));
    let place = Place::new(&[task("a", 2)], &[row("a", "no python", None)]);
    assert!(matches!(place.run(&sandbox, u64::MAX).await, Err(VerifyError::Sandbox(_))));
}

#[test]
fn what_cannot_be_used_is_told_by_line() {
    let good = task("a", 2);
    let refused = |tasks: &[Value], solutions: &[Value]| Place::new(tasks, solutions).refused();
    let solution = row("a", "x", None);
    insta::assert_snapshot!(refused(&[good.clone(), good.clone()], &[]), @r"`FOLDER/tasks.jsonl`, line 2: the id `a` is already that of line 1");
    insta::assert_snapshot!(refused(&[json!({"statement": "s"})], &[]), @r"`FOLDER/tasks.jsonl`, line 1: not a task: missing field `id` at line 1 column 17");
    let strange = [solution.clone(), row("b", "x", None), json!({"task_id": "a"})];
    insta::assert_snapshot!(refused(std::slice::from_ref(&good), &strange), @r"
`FOLDER/solutions.jsonl` has 2 lines that cannot be used
line 2: no task has the id `b`
line 3: neither `code` nor `solution` holds the source
");
    insta::assert_snapshot!(refused(&[good], &vec![row("c", "x", None); 13]), @r"
`FOLDER/solutions.jsonl` has 13 lines that cannot be used
line 1: no task has the id `c`
line 2: no task has the id `c`
line 3: no task has the id `c`
line 4: no task has the id `c`
line 5: no task has the id `c`
line 6: no task has the id `c`
line 7: no task has the id `c`
line 8: no task has the id `c`
line 9: no task has the id `c`
line 10: no task has the id `c`
… and 3 more
");
    for unusable in [
        task("a", 0),
        json!({"id": "a", "statement": "s", "judge_mode": "call", "tests": {"input": [[1]], "output": [[2]]}}),
        json!({"id": "a", "statement": "s", "judge_mode": "stdio", "tests": {"input": ["1"], "output": []}}),
        json!({"id": "a", "statement": "s", "judge_mode": "stdio", "tests": {"input": [1], "output": ["1"]}}),
        json!({"id": "a", "statement": "s", "judge_mode": "pytest"}),
        json!({"id": "a", "statement": "s", "judge_mode": "telepathy"}),
    ] {
        let text = refused(std::slice::from_ref(&unusable), std::slice::from_ref(&solution));
        assert!(text.starts_with("`FOLDER/tasks.jsonl`, line 1: "), "{unusable}: {text}");
        // A task that nobody solves need not be usable.
        assert!(verify::check(Place::new(&[unusable], &[]).plan()).is_ok());
    }
}
