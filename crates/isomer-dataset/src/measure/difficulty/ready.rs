//! Tasks made ready to be sampled.

use isomer_record::{JudgeMode, TaskLine};
use isomer_sandbox::{Execute, SandboxError, TestJob};
use tokio::sync::mpsc;

use crate::DatasetError;
use crate::measure::{Key, Tasks};
use crate::verify::{Conditions, Held, usable};

/// Why answers to some tasks of other makers cannot be judged.
const REFERENCE_FAILS: &str = "the reference solution does not pass the task's own tests";

/// A task as it is read.
pub(super) struct Row {
    task: usize,
    key: Key,
    conditions: Conditions,
    line: TaskLine,
}

/// A task with all that sampling it needs.
pub(super) struct Work {
    /// Its place among all tasks.
    pub(super) task: usize,
    /// Stands for its line.
    pub(super) key: Key,
    pub(super) conditions: Conditions,
    pub(super) held: Held,
}

/// Whether answers to a task can be judged.
pub(super) enum Ready {
    Work(Box<Work>),
    /// They cannot, and why.
    NotJudged(String),
    /// The sandbox failed on this task.
    Failed(String, SandboxError),
}

/// Whether answers to a task can be judged, as far as that is known before anything runs.
pub fn can_be_judged(task: &TaskLine) -> bool {
    let pytest = task.judge_mode == JudgeMode::Pytest;
    let shown = pytest && task.pytest.is_some() && has_solution(task);
    shown || usable(task.clone()).is_ok()
}

/// A test file of other makers does not say which tests there are: the reference solution shows it,
/// and they are noted in the task. Nothing changes where that is known, or cannot be shown.
///
/// # Errors
///
/// Only for failures of the sandbox itself.
pub async fn show_tests(
    mut task: TaskLine,
    conditions: &Conditions,
    sandbox: &dyn Execute,
) -> Result<TaskLine, SandboxError> {
    let known = task.judge_mode != JudgeMode::Pytest || task.expected.is_some();
    let Some(tests) = task.pytest.clone().filter(|_| !known && has_solution(&task)) else {
        return Ok(task);
    };
    let report = sandbox
        .run_tests(TestJob {
            solution: task.solution.clone(),
            tests,
            limits: conditions.limits,
            packages: conditions.packages.clone(),
            ..TestJob::default()
        })
        .await?;
    task.expected = report.expected();
    Ok(task)
}

fn has_solution(task: &TaskLine) -> bool {
    !task.solution.trim().is_empty()
}

/// Prepares a task.
pub(super) async fn settle(row: Row, sandbox: &dyn Execute) -> Ready {
    let Row { task, key, conditions, line } = row;
    let id = line.id.clone();
    let line = match show_tests(line, &conditions, sandbox).await {
        Ok(line) => line,
        Err(error) => return Ready::Failed(id, error),
    };
    if line.pytest.is_some() && line.expected.is_none() && has_solution(&line) {
        return Ready::NotJudged(REFERENCE_FAILS.to_owned());
    }
    match usable(line) {
        Ok(held) => Ready::Work(Box::new(Work { task, key, conditions, held })),
        Err(why) => Ready::NotJudged(why),
    }
}

/// Sends all tasks, until nobody wants any more. Blocks.
pub(super) fn read(
    tasks: &Tasks,
    conditions: &(dyn Fn(&str) -> Conditions + Send + Sync),
    sender: &mpsc::Sender<Row>,
) -> Result<(), DatasetError> {
    for task in 0..tasks.len() {
        let (Some(line), Some(key)) = (tasks.get(task)?, tasks.key(task)) else { break };
        let conditions = conditions(&line.pack);
        if sender.blocking_send(Row { task, key, conditions, line }).is_err() {
            break;
        }
    }
    Ok(())
}
