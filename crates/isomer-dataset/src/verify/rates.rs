//! What the verdicts amount to.
//!
//! With labels: the true positive rate is the share of right solutions that are accepted, the true
//! negative rate the share of wrong ones that are rejected. Detection rate and verifier accuracy are
//! those of Ma et al., *Rethinking Verification for LLM Code Generation* (arXiv 2507.06920): of each
//! task the share of its wrong solutions that its tests reject, on average over tasks, and the share
//! of tasks whose tests reject every wrong solution.

use std::collections::BTreeMap;
use std::path::Path;

use isomer_measure::proportion::Proportion;
use serde::Serialize;

use super::results::{Judged, for_each};
use crate::DatasetError;

/// What became of the solutions of one task.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct TaskRates {
    /// The task's id.
    pub task_id: String,
    /// Its solutions.
    pub solutions: u64,
    /// Those accepted.
    pub accepted: u64,
    /// Solutions labelled right.
    pub right: u64,
    /// Those accepted.
    pub right_accepted: u64,
    /// Solutions labelled wrong.
    pub wrong: u64,
    /// Those accepted.
    pub wrong_accepted: u64,
}

/// All rates.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Rates {
    /// Solutions judged.
    pub solutions: u64,
    /// Solutions by verdict.
    pub verdicts: BTreeMap<&'static str, u64>,
    /// Share of solutions that are accepted.
    pub accepted: Proportion,
    /// Share of right solutions that are accepted.
    pub true_positive: Proportion,
    /// Share of wrong solutions that are rejected.
    pub true_negative: Proportion,
    /// Share of a task's wrong solutions that are rejected, on average over tasks that have some.
    pub detection: Proportion,
    /// Share of tasks with wrong solutions whose tests reject all of them.
    pub verifier_accuracy: Proportion,
    /// Each task with solutions, by id.
    pub tasks: Vec<TaskRates>,
}

/// Reads the results and counts. Blocks.
///
/// # Errors
///
/// If the file cannot be read.
pub fn rates(results: &Path) -> Result<Rates, DatasetError> {
    let mut tasks: BTreeMap<String, TaskRates> = BTreeMap::new();
    let mut verdicts = BTreeMap::new();
    for_each(results, |judged| {
        *verdicts.entry(judged.verdict.as_str()).or_default() += 1;
        tasks.entry(judged.task_id.clone()).or_default().add(&judged);
    })?;
    let named = tasks.into_iter().map(|(task_id, rates)| TaskRates { task_id, ..rates });
    Ok(of(named.collect(), verdicts))
}

impl TaskRates {
    fn add(&mut self, judged: &Judged) {
        let accepted = u64::from(judged.accepted());
        self.solutions += 1;
        self.accepted += accepted;
        match judged.label {
            Some(true) => {
                self.right += 1;
                self.right_accepted += accepted;
            }
            Some(false) => {
                self.wrong += 1;
                self.wrong_accepted += accepted;
            }
            None => {}
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^52")]
fn of(tasks: Vec<TaskRates>, verdicts: BTreeMap<&'static str, u64>) -> Rates {
    let sum = |part: fn(&TaskRates) -> u64| tasks.iter().map(part).sum::<u64>();
    let solutions = sum(|task| task.solutions);
    let (right, wrong) = (sum(|task| task.right), sum(|task| task.wrong));
    let attacked = || tasks.iter().filter(|task| task.wrong > 0);
    let rejected = |task: &TaskRates| task.wrong - task.wrong_accepted;
    let detected: f64 = attacked().map(|task| rejected(task) as f64 / task.wrong as f64).sum();
    let attacked_tasks = attacked().count() as u64;
    let held = attacked().filter(|task| task.wrong_accepted == 0).count() as u64;
    Rates {
        solutions,
        verdicts,
        accepted: Proportion::of(sum(|task| task.accepted), solutions),
        true_positive: Proportion::of(sum(|task| task.right_accepted), right),
        true_negative: Proportion::of(wrong - sum(|task| task.wrong_accepted), wrong),
        detection: Proportion::mean(detected, attacked_tasks),
        verifier_accuracy: Proportion::of(held, attacked_tasks),
        tasks,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::{TaskRates, of};

    #[test]
    fn detection_is_a_mean_over_tasks_and_accuracy_counts_tasks() {
        let task = |wrong, wrong_accepted| TaskRates {
            solutions: wrong + 1,
            accepted: wrong_accepted + 1,
            right: 1,
            right_accepted: 1,
            wrong,
            wrong_accepted,
            ..TaskRates::default()
        };
        let rates = of(vec![task(8, 0), task(2, 1), task(0, 0)], BTreeMap::new());
        assert_eq!((rates.true_positive.share, rates.true_positive.of), (Some(1.0), 3));
        assert_eq!(rates.true_negative.share, Some(0.9));
        assert_eq!(rates.detection.share, Some(0.75));
        assert_eq!((rates.verifier_accuracy.share, rates.verifier_accuracy.of), (Some(0.5), 2));
        assert_eq!(of(Vec::new(), BTreeMap::new()).detection.share, None);
    }
}
