//! One answer of a target model, judged.

use std::sync::Arc;

use isomer_flow::reply;
use isomer_model::{Finish, Model, ModelError, Purpose, Reply, Request, Sampling, Source, Usage};
use isomer_record::{TaskLine, Verdict};
use isomer_sandbox::{Execute, SandboxError};
use serde::{Deserialize, Serialize};

use super::prompt::{self, PromptError};
use super::run::SampleError;
use crate::measure::{Kept, Key};
use crate::verify::{Conditions, Held, Judgement};

/// Who is asked, for settings and recordings.
const ROLE: &str = "target";

/// What is asked for, for the ledger.
const STAGE: &str = "measure";

/// What the tests said of a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trial {
    /// The verdict.
    pub verdict: Verdict,
    /// The first test that it fails, from 0.
    pub test: Option<usize>,
    /// Stands for its answer to that test.
    pub answer: u64,
}

/// What came of one sample.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// There was a program.
    Judged(Trial),
    /// There was none, and that is the model's failure.
    NoProgram(NoProgram),
}

/// Why an answer held no program to judge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NoProgram {
    /// The answer was cut at the limit of tokens.
    Truncated,
    /// The model or its provider refused.
    Refused,
    /// The answer was empty.
    Empty,
    /// The task does not fit into the model's context.
    TooLong,
    /// The answer had no Python in it.
    NoCode,
}

impl Outcome {
    pub(super) fn passed(self) -> bool {
        matches!(self, Self::Judged(trial) if trial.verdict == Verdict::Accepted)
    }

    /// A verdict's name, or why there is none.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Judged(trial) => trial.verdict.as_str(),
            Self::NoProgram(NoProgram::Truncated) => "truncated",
            Self::NoProgram(NoProgram::Refused) => "refused",
            Self::NoProgram(NoProgram::Empty) => "empty_answer",
            Self::NoProgram(NoProgram::TooLong) => "task_too_long",
            Self::NoProgram(NoProgram::NoCode) => "no_code",
        }
    }
}

/// Gets samples and has them judged.
pub struct Sampler {
    /// Who is asked; it keeps what is paid for.
    pub model: Arc<dyn Model>,
    /// Where programs are run.
    pub sandbox: Arc<dyn Execute>,
    /// How answers are drawn.
    pub sampling: Sampling,
    /// What programs were judged to be, so that none is run twice.
    pub trials: Kept<Trial>,
}

/// A sample with where its answer came from.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sample {
    pub(super) outcome: Outcome,
    pub(super) replayed: bool,
    pub(super) usage: Usage,
    pub(super) cost_usd: Option<f64>,
}

impl Sample {
    fn of(outcome: Outcome, reply: Option<&Reply>) -> Self {
        Self {
            outcome,
            replayed: reply.is_some_and(|reply| reply.source == Source::Recording),
            usage: reply.map(|reply| reply.usage).unwrap_or_default(),
            cost_usd: reply.and_then(|reply| reply.cost_usd),
        }
    }
}

impl Sampler {
    /// The request for one sample of a task.
    ///
    /// # Errors
    ///
    /// If the template of the question is at fault.
    pub fn request(
        &self,
        task: &TaskLine,
        conditions: &Conditions,
        sample: u32,
    ) -> Result<Request, PromptError> {
        Ok(Request {
            role: ROLE.to_owned(),
            messages: prompt::question(task, &conditions.packages)?,
            sampling: self.sampling.clone(),
            sample,
            purpose: Purpose { stage: STAGE.to_owned(), item: task.id.clone() },
        })
    }

    /// One sample; `key` stands for the task.
    pub(super) async fn sample(
        &self,
        held: &Held,
        conditions: &Conditions,
        key: Key,
        sample: u32,
    ) -> Result<Sample, SampleError> {
        let request = self.request(&held.task, conditions, sample)?;
        let answer = self.model.ask(request).await;
        match answer {
            Ok(reply) => {
                let outcome = match program(&reply, &held.task) {
                    Ok(code) => Outcome::Judged(self.judge(held, conditions, key, &code).await?),
                    Err(why) => Outcome::NoProgram(why),
                };
                Ok(Sample::of(outcome, Some(&reply)))
            }
            Err(error) => match no_program(&error) {
                Some(why) => Ok(Sample::of(Outcome::NoProgram(why), error.partial())),
                None => Err(SampleError::Model(error)),
            },
        }
    }

    async fn judge(
        &self,
        held: &Held,
        conditions: &Conditions,
        key: Key,
        code: &str,
    ) -> Result<Trial, SampleError> {
        let terms = format!("{conditions:?}");
        let key = Key::of([key.as_bytes(), terms.as_bytes(), code.as_bytes()]);
        if let Some(trial) = self.trials.get(key)? {
            return Ok(trial);
        }
        let judged = held.judge(code, conditions, &*self.sandbox).await;
        let Judgement { verdict, test, answer, .. } = judged.map_err(sandbox)?;
        let trial = Trial { verdict, test, answer };
        self.trials.put(key, &trial)?;
        Ok(trial)
    }
}

fn sandbox(error: SandboxError) -> SampleError {
    SampleError::Sandbox(error)
}

/// The program in a reply. A ledger gives back replies that were of no use, too.
fn program(reply: &Reply, task: &TaskLine) -> Result<String, NoProgram> {
    match reply.finish {
        Finish::Length => Err(NoProgram::Truncated),
        Finish::ContentFilter => Err(NoProgram::Refused),
        _ if reply.text.trim().is_empty() => Err(NoProgram::Empty),
        _ => reply::program(&reply.text, prompt::function(task)).ok_or(NoProgram::NoCode),
    }
}

/// Failures that are the model's own, after all attempts.
fn no_program(error: &ModelError) -> Option<NoProgram> {
    match error {
        ModelError::Truncated { .. } => Some(NoProgram::Truncated),
        ModelError::Refused { .. } => Some(NoProgram::Refused),
        ModelError::NullContent { .. } | ModelError::EmptyContent { .. } => Some(NoProgram::Empty),
        ModelError::Overflow { .. } => Some(NoProgram::TooLong),
        _ => None,
    }
}
