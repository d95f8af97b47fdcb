//! All tasks sampled, many samples in flight.

use std::sync::Arc;

use futures::{StreamExt as _, stream};
use isomer_model::ModelError;
use isomer_sandbox::SandboxError;
use tokio::sync::mpsc;

use super::prompt::PromptError;
use super::ready::{Ready, Work, read, settle};
use super::sampler::{Sample, Sampler};
use super::tally::Tally;
use crate::DatasetError;
use crate::measure::Tasks;
use crate::verify::{Conditions, MOST_FAILURES, ends_all};

/// Tasks that are read before they are needed.
const AHEAD: usize = 4;

/// What is wanted.
pub struct Plan {
    /// Samples of each task.
    pub samples: u32,
    /// Samples in flight, those that wait for the model and those that are judged.
    pub width: usize,
    /// What a task's pack asks for.
    pub conditions: Arc<dyn Fn(&str) -> Conditions + Send + Sync>,
}

/// How far it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Samples that came to an end.
    pub done: u64,
    /// Those that passed.
    pub passed: u64,
}

/// Why a sample could not be had or judged.
#[derive(Debug, thiserror::Error)]
pub enum SampleError {
    /// The model's endpoint failed.
    #[error("the target model could not be asked")]
    Model(#[source] ModelError),
    /// The sandbox failed.
    #[error("the sandbox failed")]
    Sandbox(#[source] SandboxError),
    /// What is kept cannot be read or written.
    #[error(transparent)]
    Dataset(#[from] DatasetError),
    /// The question is at fault.
    #[error(transparent)]
    Prompt(#[from] PromptError),
}

impl SampleError {
    /// Whether every other sample must be expected to fail in the same way.
    fn ends_all(&self) -> bool {
        match self {
            Self::Model(error) => {
                error.is_permanent() || matches!(error, ModelError::BudgetReached { .. })
            }
            Self::Sandbox(error) => ends_all(error),
            Self::Dataset(_) | Self::Prompt(_) => true,
        }
    }
}

/// What came of it.
#[derive(Debug)]
pub struct Sampled {
    /// What was counted.
    pub tally: Tally,
    /// What ended it before its time.
    pub ended: Option<SampleError>,
    /// What went wrong first with a sample that could not be had or judged.
    pub trouble: Option<String>,
}

/// Samples all tasks. When `stop` is done, samples in flight come to their end and no other is begun.
pub async fn sample(
    tasks: Arc<Tasks>,
    sampler: &Sampler,
    plan: &Plan,
    stop: impl Future<Output = ()>,
    mut on: impl FnMut(Progress),
) -> Sampled {
    let mut tally = Tally::new(tasks.len(), plan.samples);
    let (sender, receiver) = mpsc::channel(AHEAD);
    let conditions = Arc::clone(&plan.conditions);
    let reader = tokio::task::spawn_blocking(move || read(&tasks, &*conditions, &sender));
    let waiting = stream::unfold(receiver, async |mut receiver| {
        receiver.recv().await.map(|work| (work, receiver))
    });
    let running = waiting
        .map(|row| settle(row, &*sampler.sandbox))
        .buffered(AHEAD)
        .flat_map(|ready| stream::iter(steps(ready, plan.samples)))
        .take_until(stop)
        .map(|step| take(sampler, step))
        .buffer_unordered(plan.width.max(1));
    let mut running = Box::pin(running);
    let mut progress = Progress::default();
    let (mut ended, mut trouble, mut failures) = (None, None, 0);
    while let Some(came) = running.next().await {
        match came {
            Came::Sample(task, sample) => {
                failures = 0;
                progress.done += 1;
                progress.passed += u64::from(sample.outcome.passed());
                tally.add(task, sample);
            }
            Came::NotJudged(why) => tally.unmeasured(&why),
            Came::Failed(id, error) => {
                tally.unjudged();
                failures += u64::from(matches!(error, SampleError::Sandbox(_)));
                if error.ends_all() || failures >= MOST_FAILURES {
                    ended = Some(error);
                    break;
                }
                trouble.get_or_insert_with(|| format!("task `{id}`: {}", words(&error)));
            }
        }
        on(progress);
    }
    // The reader waits for room until nobody wants any more.
    drop(running);
    match reader.await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => ended = Some(ended.unwrap_or(error.into())),
        Err(panicked) => std::panic::resume_unwind(panicked.into_panic()),
    }
    Sampled { tally, ended, trouble }
}

/// An error with its causes.
fn words(error: &SampleError) -> String {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}

/// What came of one sample, or of a task that has none.
enum Came {
    Sample(usize, Sample),
    NotJudged(String),
    Failed(String, SampleError),
}

/// What is left to do for a sample.
enum Step {
    Ask(Arc<Work>, u32),
    Tell(Came),
}

/// A task's samples; one that cannot be judged is told once.
fn steps(ready: Ready, samples: u32) -> Vec<Step> {
    match ready {
        Ready::Work(work) => {
            let work = Arc::new(*work);
            (0..samples).map(|sample| Step::Ask(Arc::clone(&work), sample)).collect()
        }
        Ready::NotJudged(why) => vec![Step::Tell(Came::NotJudged(why))],
        Ready::Failed(id, error) => {
            vec![Step::Tell(Came::Failed(id, SampleError::Sandbox(error)))]
        }
    }
}

async fn take(sampler: &Sampler, step: Step) -> Came {
    let (work, sample) = match step {
        Step::Ask(work, sample) => (work, sample),
        Step::Tell(came) => return came,
    };
    match sampler.sample(&work.held, &work.conditions, work.key, sample).await {
        Ok(sample) => Came::Sample(work.task, sample),
        Err(error) => Came::Failed(work.held.task.id.clone(), error),
    }
}
