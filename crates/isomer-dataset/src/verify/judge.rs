//! One solution before the tests of its task.

use isomer_record::{JudgeMode, Verdict};
use isomer_sandbox::{Entry, Execute, Job, Limits, Output, SandboxError, Stop, TestJob, judge};

use super::tasks::Held;

/// Tests of the first job; each further one has twice as many. A wrong solution mostly fails early,
/// and what comes after its first failure would be run for nothing.
const FIRST_TESTS: usize = 8;

/// Under which conditions the solutions of a task are run.
#[derive(Clone, Debug, Default)]
pub struct Conditions {
    /// Limits of each test, or of a whole session of pytest.
    pub limits: Limits,
    /// Modules that are loaded beforehand.
    pub packages: Vec<String>,
}

/// What came of a solution.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Judgement {
    pub(crate) verdict: Verdict,
    /// The first test that it fails, from 0.
    pub(crate) test: Option<usize>,
    /// Tests of the task.
    pub(crate) tests: usize,
    /// How it failed, in one line that is the same on every machine.
    pub(crate) detail: String,
    /// Stands for what it answered to that test; where pytest judges, for what became of every test.
    /// 0 if it fails none.
    pub(crate) answer: u64,
}

impl Held {
    /// Runs a solution until its first failure.
    pub(crate) async fn judge(
        &self,
        code: &str,
        conditions: &Conditions,
        sandbox: &dyn Execute,
    ) -> Result<Judgement, SandboxError> {
        if self.task.judge_mode == JudgeMode::Pytest {
            return self.judge_by_pytest(code, conditions, sandbox).await;
        }
        let tests = self.suite.len();
        let mut from = 0;
        let mut size = FIRST_TESTS;
        while from < tests {
            let to = (from + size).min(tests);
            let executions = sandbox.run(self.job(code, conditions, from, to)).await?;
            for (test, execution) in (from..to).zip(&executions) {
                let expected = &self.suite.output[test];
                let (mode, comparison) = (self.task.judge_mode, self.task.comparison);
                let verdict = judge(mode, comparison, expected, execution);
                if verdict != Verdict::Accepted {
                    let detail = match verdict {
                        Verdict::WrongAnswer => String::new(),
                        _ => execution.ending.describe(),
                    };
                    let answer = match (verdict, &execution.output) {
                        (Verdict::WrongAnswer, Output::Text(text)) => digest(&text.trim_end()),
                        (Verdict::WrongAnswer, output) => digest(output),
                        _ => digest(&verdict),
                    };
                    return Ok(Judgement { verdict, test: Some(test), tests, detail, answer });
                }
            }
            (from, size) = (to, 2 * size);
        }
        let verdict = Verdict::Accepted;
        Ok(Judgement { verdict, test: None, tests, detail: String::new(), answer: 0 })
    }

    fn job(&self, code: &str, conditions: &Conditions, from: usize, to: usize) -> Job {
        let entry = match (self.task.judge_mode, &self.task.fn_name) {
            (JudgeMode::Call, Some(function)) => Entry::Call { function: function.clone() },
            _ => Entry::Stdio,
        };
        Job {
            source: code.to_owned(),
            entry,
            inputs: self.suite.input[from..to].to_vec(),
            limits: conditions.limits,
            stop: Stop::AfterFirst,
            packages: conditions.packages.clone(),
            ..Job::default()
        }
    }

    async fn judge_by_pytest(
        &self,
        code: &str,
        conditions: &Conditions,
        sandbox: &dyn Execute,
    ) -> Result<Judgement, SandboxError> {
        let report = sandbox
            .run_tests(TestJob {
                solution: code.to_owned(),
                tests: self.task.pytest.clone().unwrap_or_default(),
                expected: self.task.expected.clone(),
                limits: conditions.limits,
                packages: conditions.packages.clone(),
                ..TestJob::default()
            })
            .await?;
        let expected = self.task.expected.as_ref();
        let tests = expected.map_or(0, |expected| expected.tests.len());
        let passed = |id: &String| {
            let mut outcomes = report.outcomes.iter();
            outcomes.any(|one| one.id == *id && one.outcome == isomer_sandbox::Outcome::Passed)
        };
        let failing =
            expected.and_then(|expected| expected.tests.iter().position(|id| !passed(id)));
        let test = failing.filter(|_| report.verdict != Verdict::Accepted);
        let ended = report.ending != isomer_sandbox::Ending::Finished;
        let detail = match report.verdict {
            Verdict::Accepted | Verdict::WrongAnswer => String::new(),
            _ if ended => report.ending.describe(),
            _ => report.problem.clone().unwrap_or_default(),
        };
        let became: Vec<_> = report.outcomes.iter().map(|one| (&one.id, one.outcome)).collect();
        let answer = if report.verdict == Verdict::Accepted { 0 } else { digest(&became) };
        Ok(Judgement { verdict: report.verdict, test, tests, detail, answer })
    }
}

/// Stands for a value: two that are shown alike are alike.
fn digest(value: &impl std::fmt::Debug) -> u64 {
    let hash = blake3::hash(format!("{value:?}").as_bytes());
    let mut short = [0; 8];
    short.copy_from_slice(&hash.as_bytes()[..8]);
    u64::from_le_bytes(short)
}
