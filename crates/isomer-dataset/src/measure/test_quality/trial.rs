//! A program on all tests of a task.

use isomer_record::{JudgeMode, Verdict};
use isomer_sandbox::{Entry, Execute, Job, Limits, SandboxError, Stop, TestJob, judge};

use crate::verify::Conditions;
use crate::verify::tasks::Held;

/// A task and where its programs run.
pub(super) struct Trial<'all> {
    pub(super) held: &'all Held,
    pub(super) conditions: &'all Conditions,
    pub(super) sandbox: &'all dyn Execute,
}

/// What came of a program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Row {
    /// The verdict of each test.
    pub(super) verdicts: Vec<Verdict>,
    /// Processor time of the slowest test, or of the session of pytest, in ms.
    pub(super) cpu_ms: u64,
}

impl Trial<'_> {
    /// Runs a program on all tests. One that runs into a time limit is not run any further: what is
    /// left would take as long, each.
    pub(super) async fn row(&self, code: &str) -> Result<Row, SandboxError> {
        if let Some(expected) = self.session_of() {
            let report = self.sandbox.run_tests(self.session(code)).await?;
            return Ok(Row { verdicts: report.verdicts(expected), cpu_ms: report.cpu_ms });
        }
        let suite = &self.held.suite;
        let job = Job { inputs: suite.input.clone(), ..self.job(code, self.conditions.limits) };
        let executions = self.sandbox.run(job).await?;
        let task = &self.held.task;
        let verdict =
            |(expected, execution)| judge(task.judge_mode, task.comparison, expected, execution);
        Ok(Row {
            verdicts: suite.output.iter().zip(&executions).map(verdict).collect(),
            cpu_ms: executions.iter().map(|execution| execution.cpu_ms).max().unwrap_or(0),
        })
    }

    /// A job without inputs.
    pub(super) fn job(&self, code: &str, limits: Limits) -> Job {
        let task = &self.held.task;
        let entry = match (task.judge_mode, &task.fn_name) {
            (JudgeMode::Call, Some(function)) => Entry::Call { function: function.clone() },
            _ => Entry::Stdio,
        };
        Job {
            source: code.to_owned(),
            entry,
            limits,
            stop: Stop::AfterTimeLimits(1),
            packages: self.conditions.packages.clone(),
            ..Job::default()
        }
    }

    /// A session of the task's test file.
    pub(super) fn session(&self, code: &str) -> TestJob {
        TestJob {
            solution: code.to_owned(),
            tests: self.held.task.pytest.clone().unwrap_or_default(),
            expected: self.held.task.expected.clone(),
            limits: self.conditions.limits,
            packages: self.conditions.packages.clone(),
            ..TestJob::default()
        }
    }

    /// What the reference showed, where pytest judges.
    fn session_of(&self) -> Option<&isomer_record::ExpectedTests> {
        self.held.task.expected.as_ref().filter(|_| self.held.task.judge_mode == JudgeMode::Pytest)
    }

    /// How many tests there are.
    pub(super) fn tests(&self) -> usize {
        self.session_of().map_or(self.held.suite.len(), |expected| expected.tests.len())
    }
}
