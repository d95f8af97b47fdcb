//! Judging all solutions that are not judged yet, many at once, written in order.

use std::path::Path;
use std::sync::Arc;

use futures::StreamExt as _;
use futures::future::Either;
use isomer_sandbox::{Execute, SandboxError};
use tokio::sync::mpsc;

use super::check::Checked;
use super::judge::{Conditions, Judgement};
use super::results::{Judged, Results, shown};
use super::solutions::Solution;
use super::tasks::Held;
use super::trouble::{MOST_FAILURES, ends_all};
use crate::{DatasetError, Lines};

/// Solutions in flight for each slot: one that takes long must not keep the slots of others empty,
/// although lines are written in order.
const AHEAD: usize = 8;

/// How far judging is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Solutions judged, now or earlier.
    pub judged: u64,
    /// Solutions altogether.
    pub all: u64,
    /// Solutions that the sandbox failed on, in this start.
    pub unjudged: u64,
}

/// How judging ended.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ended {
    /// How far it came.
    pub progress: Progress,
    /// What the sandbox said of the first solution that it failed on.
    pub trouble: Option<String>,
}

/// Why judging stopped.
#[derive(Debug, thiserror::Error)]
pub enum VerifyError {
    /// A file cannot be read or written.
    #[error(transparent)]
    Dataset(#[from] DatasetError),
    /// The sandbox cannot work at all, or fails again and again.
    #[error("the sandbox failed")]
    Sandbox(#[source] SandboxError),
}

/// A solution with all that judging it needs.
struct Work {
    row: u64,
    key: u64,
    solution: Solution,
    held: Arc<Held>,
    conditions: Conditions,
}

/// Judges what is not judged yet. When `stop` is done, what is in flight is judged to the end and
/// nothing else is begun.
///
/// # Errors
///
/// If a file cannot be read or written, or the sandbox cannot work. What was judged is on disk.
pub async fn run(
    checked: Checked,
    sandbox: Arc<dyn Execute>,
    slots: usize,
    stop: impl Future<Output = ()>,
    mut on: impl FnMut(Progress),
) -> Result<Ended, VerifyError> {
    let mut results = Results::open(&checked.plan.results, &checked.keys)?;
    let done: Vec<bool> = (1..=checked.solutions()).map(|row| results.is_done(row)).collect();
    let mut ended = Ended {
        progress: Progress { judged: results.done(), all: checked.solutions(), unjudged: 0 },
        trouble: None,
    };
    on(ended.progress);
    let window = AHEAD * slots.max(1);
    let (sender, receiver) = mpsc::channel(window);
    let reader = tokio::task::spawn_blocking(move || read(checked, &done, &sender));
    let waiting = futures::stream::unfold(receiver, async |mut receiver| {
        receiver.recv().await.map(|work| (work, receiver))
    });
    let judgements = waiting
        .take_until(stop)
        .map(|work: Work| {
            let sandbox = Arc::clone(&sandbox);
            async move {
                let judgement = work.held.judge(&work.solution.code, &work.conditions, &*sandbox);
                let judgement = judgement.await;
                (work, judgement)
            }
        })
        .buffered(window);
    let mut judgements = Box::pin(judgements);
    let mut failures = 0;
    while let Some((work, judgement)) = judgements.next().await {
        match outcome(judgement)? {
            Either::Left(judgement) => {
                failures = 0;
                ended.progress.judged += 1;
                results.append(&judged(work, judgement))?;
            }
            Either::Right(error) => {
                failures += 1;
                ended.progress.unjudged += 1;
                let words = format!("solution {}: {error}", work.row);
                ended.trouble.get_or_insert(words);
                if failures >= MOST_FAILURES {
                    return Err(VerifyError::Sandbox(error));
                }
            }
        }
        on(ended.progress);
    }
    results.finish()?;
    // The reader waits for room until nobody wants any more.
    drop(judgements);
    match reader.await {
        Ok(read) => read?,
        Err(panicked) => std::panic::resume_unwind(panicked.into_panic()),
    }
    Ok(ended)
}

/// A failure of the sandbox with one solution may be gone with the next; one that is not ends all.
fn outcome(
    judgement: Result<Judgement, SandboxError>,
) -> Result<Either<Judgement, SandboxError>, VerifyError> {
    match judgement {
        Ok(judgement) => Ok(Either::Left(judgement)),
        Err(error) if ends_all(&error) => Err(VerifyError::Sandbox(error)),
        Err(error) => Ok(Either::Right(error)),
    }
}

fn judged(work: Work, judgement: Judgement) -> Judged {
    Judged {
        row: work.row,
        task_id: work.solution.task_id,
        id: work.solution.id,
        label: work.solution.label,
        verdict: judgement.verdict,
        test: judgement.test,
        tests: judgement.tests,
        detail: judgement.detail,
        key: shown(work.key),
    }
}

/// Sends all rows that are not done, until nobody wants any more.
fn read(
    mut checked: Checked,
    done: &[bool],
    sender: &mpsc::Sender<Work>,
) -> Result<(), DatasetError> {
    let path = checked.plan.solutions.clone();
    let mut lines = Lines::open(&path)?;
    let mut row = 0;
    while let Some(line) = lines.advance()? {
        let index = usize::try_from(row).unwrap_or(usize::MAX);
        row += 1;
        if done.get(index).copied().unwrap_or(false) {
            continue;
        }
        let Ok(solution) = Solution::read(line.bytes) else { return Err(changed(&path)) };
        let Some(key) = checked.keys.get(index).copied() else { return Err(changed(&path)) };
        let Some(held) = checked.task_of(&solution)? else { return Err(changed(&path)) };
        let conditions = (checked.plan.conditions)(&held.task.pack);
        if sender.blocking_send(Work { row, key, solution, held, conditions }).is_err() {
            break;
        }
    }
    Ok(())
}

/// The file was checked and is another one now.
fn changed(path: &Path) -> DatasetError {
    DatasetError::io("read", path)(std::io::Error::other("it changed while it was read"))
}
