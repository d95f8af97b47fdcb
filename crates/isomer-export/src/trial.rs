//! A task with what its programs answered: each is run once, whatever the number of formats.

use isomer_record::{JudgeMode, NearMissStatus, Suite, TaskLine, Verdict};
use isomer_sandbox::{
    Ending, Entry, Execute, Execution, Job, Limits, Output, SandboxError, Stop, judge,
};
use serde_json::Value;

use crate::source::{Hindrance, hindrances, with_text_input};

/// A program and what it answered to each test.
#[derive(Debug)]
pub struct Program {
    /// The source that was run.
    pub source: String,
    /// Whether the way it reads its input was changed, so that every harness can run it.
    pub adapted: bool,
    /// What some harnesses cannot cope with.
    pub hindrances: Vec<Hindrance>,
    /// One for each test.
    pub runs: Vec<Execution>,
    /// What our own judge says to each.
    pub verdicts: Vec<Verdict>,
}

/// A task whose programs were run.
#[derive(Debug)]
pub struct Trial {
    /// The task.
    pub line: TaskLine,
    /// Inputs as they are.
    pub inputs: Vec<Value>,
    /// Answers as the reference gives them; its own words where it prints.
    pub expected: Vec<Value>,
    /// The reference solution.
    pub reference: Program,
    /// Each counted near-miss with its place in the line.
    pub near_misses: Vec<(usize, Program)>,
}

impl Program {
    /// Whether our own judge accepts it on every test.
    pub fn is_right(&self) -> bool {
        self.verdicts.iter().all(|verdict| *verdict == Verdict::Accepted)
    }

    /// Whether our own judge rejects it on some test.
    pub fn is_wrong(&self) -> bool {
        self.verdicts.iter().any(|verdict| !matches!(verdict, Verdict::Accepted | Verdict::NotRun))
    }
}

impl Trial {
    /// Runs a task's programs on all its tests.
    ///
    /// # Errors
    ///
    /// Only for failures of the sandbox itself.
    ///
    /// Tasks judged by pytest keep the verdicts that their line has: a test file wants libraries that
    /// are not known here, and no format shapes it.
    pub async fn run(
        line: TaskLine,
        sandbox: &dyn Execute,
        limits: Limits,
        packages: &[String],
    ) -> Result<Self, SandboxError> {
        if line.judge_mode == JudgeMode::Pytest {
            return Ok(Self::as_recorded(line));
        }
        let suite = without_repeats(line.suite().unwrap_or_default());
        let run = |source| program(&line, source, &suite, sandbox, (limits, packages));
        let reference = run(&line.solution).await?;
        let mut near_misses = Vec::new();
        for (index, near_miss) in line.near_misses.iter().enumerate() {
            // What does not even start says nothing about tests.
            if near_miss.status != NearMissStatus::Invalid {
                near_misses.push((index, run(&near_miss.code).await?));
            }
        }
        let expected = own_words(&suite, &reference);
        Ok(Self { line, inputs: suite.input, expected, reference, near_misses })
    }

    fn as_recorded(line: TaskLine) -> Self {
        let recorded = |source: &str, verdict: Verdict| Program {
            source: source.to_owned(),
            adapted: false,
            hindrances: Vec::new(),
            runs: Vec::new(),
            verdicts: vec![verdict],
        };
        let near_misses = line
            .near_misses
            .iter()
            .enumerate()
            .filter(|(_, near_miss)| near_miss.status != NearMissStatus::Invalid)
            .map(|(index, near_miss)| (index, recorded(&near_miss.code, near_miss.verdict_after)))
            .collect();
        let reference = recorded(&line.solution, Verdict::Accepted);
        Self { line, inputs: Vec::new(), expected: Vec::new(), reference, near_misses }
    }

    /// Whether there is anything to judge by.
    pub fn has_tests(&self) -> bool {
        match self.line.judge_mode {
            JudgeMode::Pytest => {
                self.line.pytest.as_ref().is_some_and(|file| !file.trim().is_empty())
            }
            JudgeMode::Stdio | JudgeMode::Call => !self.inputs.is_empty(),
        }
    }

    /// Near-misses that our own judge rejects, which every grader should.
    pub fn wrong(&self) -> impl Iterator<Item = (usize, &Program)> {
        self.near_misses
            .iter()
            .filter(|(_, program)| program.is_wrong())
            .map(|(index, program)| (*index, program))
    }

    /// Size of an input, in bytes as it is written.
    pub fn input_bytes(&self, test: usize) -> usize {
        self.inputs.get(test).map_or(0, bytes)
    }

    /// Size of a test, in bytes as it is written.
    pub fn test_bytes(&self, test: usize) -> usize {
        self.input_bytes(test) + self.expected.get(test).map_or(0, bytes)
    }
}

fn bytes(value: &Value) -> usize {
    match value {
        Value::String(text) => text.len(),
        other => other.to_string().len(),
    }
}

async fn program(
    line: &TaskLine,
    source: &str,
    suite: &Suite,
    sandbox: &dyn Execute,
    (limits, packages): (Limits, &[String]),
) -> Result<Program, SandboxError> {
    let adapted = if line.judge_mode == JudgeMode::Stdio { with_text_input(source) } else { None };
    let (source, adapted) = match adapted {
        Some(text) => (text, true),
        None => (source.to_owned(), false),
    };
    let entry = match (line.judge_mode, &line.fn_name) {
        (JudgeMode::Call, Some(function)) => Entry::Call { function: function.clone() },
        _ => Entry::Stdio,
    };
    let runs = if suite.is_empty() {
        Vec::new()
    } else {
        let job = Job {
            source: source.clone(),
            entry,
            inputs: suite.input.clone(),
            limits,
            packages: packages.to_vec(),
            stop: Stop::AfterTimeLimits(1),
            ..Job::default()
        };
        sandbox.run(job).await?
    };
    let verdicts = suite
        .output
        .iter()
        .zip(&runs)
        .map(|(expected, run)| judge(line.judge_mode, line.comparison, expected, run))
        .collect();
    let hindrances = hindrances(&source);
    Ok(Program { source, adapted, hindrances, runs, verdicts })
}

/// The first of tests with the same input.
fn without_repeats(suite: Suite) -> Suite {
    let mut seen = std::collections::HashSet::new();
    let tests = suite.input.into_iter().zip(suite.output);
    let (input, output) = tests.filter(|(input, _)| seen.insert(input.to_string())).unzip();
    Suite { input, output }
}

/// Graders that compare text letter by letter want what the reference really prints.
fn own_words(suite: &Suite, reference: &Program) -> Vec<Value> {
    let mut expected = suite.output.clone();
    for ((expected, run), verdict) in
        expected.iter_mut().zip(&reference.runs).zip(&reference.verdicts)
    {
        if let (Output::Text(text), Ending::Finished, Verdict::Accepted) =
            (&run.output, &run.ending, verdict)
        {
            *expected = Value::String(text.clone());
        }
    }
    expected
}
