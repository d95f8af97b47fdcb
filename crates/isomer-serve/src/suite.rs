//! Suites, judged while they run.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use isomer_record::{JudgeMode, Verdict};
use isomer_sandbox::{CheckTrial, Checker, Entry, Execution, Job, Sandbox, SandboxError, Stop};
use serde_json::Value;
use tokio::sync::Notify;

use crate::compare::Compare;

/// A program with the tests it is judged by.
pub(crate) struct Suite {
    /// The program on all inputs.
    pub(crate) job: Job,
    /// What it must answer to each.
    pub(crate) expected: Vec<Value>,
    /// How answers are compared.
    pub(crate) compare: Compare,
    /// Who decides where comparing says no.
    pub(crate) checker: Option<Checker>,
    /// Whether to leave the rest alone after the first test that fails.
    pub(crate) stop_at_first: bool,
    /// How long all tests together may take.
    pub(crate) patience: Duration,
}

/// How far a suite came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reached {
    /// The end.
    End,
    /// The first test that failed.
    FirstFailure,
    /// The end of its time.
    Timeout,
}

/// What was found of one test.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Judged<'a> {
    /// Which test.
    pub(crate) index: usize,
    /// What the program did.
    pub(crate) execution: &'a Execution,
    /// What is said of it.
    pub(crate) verdict: Verdict,
    /// Why a checker gave no verdict.
    pub(crate) remark: Option<&'a str>,
}

impl Suite {
    /// Judges test after test, telling of each in order.
    pub(crate) async fn judge_each(
        mut self,
        sandbox: &Sandbox,
        on: impl FnMut(Judged<'_>) + Send,
    ) -> Result<Reached, SandboxError> {
        if self.stop_at_first && !self.compare.forgives_endings() {
            self.job.stop = Stop::AfterFirst;
        }
        match self.checker.take() {
            None => self.compare_each(sandbox, on).await,
            Some(checker) => self.check_each(&checker, sandbox, on).await,
        }
    }

    const fn mode(&self) -> JudgeMode {
        match self.job.entry {
            Entry::Stdio => JudgeMode::Stdio,
            Entry::Call { .. } => JudgeMode::Call,
        }
    }

    /// Compares while the program still runs on other inputs.
    async fn compare_each(
        self,
        sandbox: &Sandbox,
        mut on: impl FnMut(Judged<'_>) + Send,
    ) -> Result<Reached, SandboxError> {
        let mode = self.mode();
        let failed = Notify::new();
        // Outside of the closure, which is borrowed for as long as the job runs.
        let over = AtomicBool::new(false);
        let run = sandbox.run_each(self.job, |index, execution| {
            if over.load(Ordering::Relaxed) {
                return;
            }
            let verdict = self.compare.verdict(mode, &self.expected[index], execution);
            on(Judged { index, execution, verdict, remark: None });
            if self.stop_at_first && verdict != Verdict::Accepted {
                over.store(true, Ordering::Relaxed);
                failed.notify_one();
            }
        });
        tokio::select! {
            biased;
            () = failed.notified() => Ok(Reached::FirstFailure),
            done = run => {
                done?;
                let failed = over.load(Ordering::Relaxed);
                Ok(if failed { Reached::FirstFailure } else { Reached::End })
            }
            () = tokio::time::sleep(self.patience) => Ok(Reached::Timeout),
        }
    }

    /// Runs everything and then asks the checker about all answers that are not equal.
    async fn check_each(
        self,
        checker: &Checker,
        sandbox: &Sandbox,
        mut on: impl FnMut(Judged<'_>) + Send,
    ) -> Result<Reached, SandboxError> {
        let (mode, patience) = (self.mode(), self.patience);
        let judged = async {
            let inputs = self.job.inputs.clone();
            let executions = sandbox.run(self.job).await?;
            let compared = executions.iter().zip(&self.expected);
            let verdicts: Vec<Verdict> = compared
                .map(|(execution, expected)| self.compare.verdict(mode, expected, execution))
                .collect();
            let doubtful = (0..verdicts.len()).filter(|at| verdicts[*at] == Verdict::WrongAnswer);
            let trials: Vec<CheckTrial> = doubtful
                .map(|at| CheckTrial {
                    input: inputs[at].clone(),
                    output: executions[at].output.clone(),
                    expected: self.expected[at].clone(),
                })
                .collect();
            let answers = sandbox.check(checker, &trials).await?;
            Ok::<_, SandboxError>((executions, verdicts, answers))
        };
        let Ok(judged) = tokio::time::timeout(patience, judged).await else {
            return Ok(Reached::Timeout);
        };
        let (executions, verdicts, answers) = judged?;
        let mut answers = answers.into_iter();
        for (index, (execution, mut verdict)) in executions.iter().zip(verdicts).enumerate() {
            let mut remark = None;
            if verdict == Verdict::WrongAnswer {
                match answers.next() {
                    Some(Ok(better)) => verdict = better,
                    Some(Err(failed)) => remark = Some(failed.to_string()),
                    None => {}
                }
            }
            on(Judged { index, execution, verdict, remark: remark.as_deref() });
            if self.stop_at_first && verdict != Verdict::Accepted {
                return Ok(Reached::FirstFailure);
            }
        }
        Ok(Reached::End)
    }
}
