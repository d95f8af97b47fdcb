//! Everything is looked at before anything is run: a misspelt id in the last row should not be found
//! after hours.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use isomer_record::JudgeMode;

use super::judge::Conditions;
use super::solutions::Solution;
use super::tasks::{Held, Place, Tasks};
use crate::error::Problems;
use crate::{DatasetError, Lines};

/// What is to be judged, and under which conditions.
pub struct Plan {
    /// The file of tasks.
    pub tasks: PathBuf,
    /// The file of solutions.
    pub solutions: PathBuf,
    /// The file of results.
    pub results: PathBuf,
    /// What a task's pack asks for.
    pub conditions: Box<dyn Fn(&str) -> Conditions + Send + Sync>,
}

/// Tasks and solutions that fit together.
pub struct Checked {
    pub(super) plan: Plan,
    pub(super) tasks: Tasks,
    /// For each row: what its result depends on.
    pub(super) keys: Vec<u64>,
    packs: BTreeSet<String>,
    modes: Vec<JudgeMode>,
}

/// Reads all tasks and solutions once. Blocks.
///
/// # Errors
///
/// Names the lines that cannot be used.
pub fn check(plan: Plan) -> Result<Checked, DatasetError> {
    let mut tasks = Tasks::open(&plan.tasks)?;
    let mut keys = Vec::new();
    let (mut packs, mut modes) = (BTreeSet::new(), Vec::new());
    let mut problems = Problems::of(&plan.solutions);
    let mut lines = Lines::open(&plan.solutions)?;
    while let Some(line) = lines.advance()? {
        let solution = match Solution::read(line.bytes) {
            Ok(solution) => solution,
            Err(what) => {
                problems.add(line.number, what);
                continue;
            }
        };
        let Some(place) = tasks.find(&solution.task_id) else {
            problems.add(line.number, format!("no task has the id `{}`", solution.task_id));
            continue;
        };
        let held = tasks.load(place)?;
        let conditions = (plan.conditions)(&held.task.pack);
        keys.push(key(place, &solution, &conditions));
        if !packs.contains(&held.task.pack) {
            packs.insert(held.task.pack.clone());
        }
        if !modes.contains(&held.task.judge_mode) {
            modes.push(held.task.judge_mode);
        }
    }
    problems.check()?;
    Ok(Checked { plan, tasks, keys, packs, modes })
}

/// Same key, same result.
fn key(place: Place, solution: &Solution, conditions: &Conditions) -> u64 {
    let mut hasher = blake3::Hasher::new();
    hasher.update(&place.digest);
    hasher.update(format!("{conditions:?}").as_bytes());
    hasher.update(solution.code.as_bytes());
    let mut short = [0; 8];
    short.copy_from_slice(&hasher.finalize().as_bytes()[..8]);
    u64::from_le_bytes(short)
}

impl Checked {
    /// Number of solutions.
    pub fn solutions(&self) -> u64 {
        self.keys.len() as u64
    }

    /// Number of tasks in the file, with solutions or without.
    pub fn tasks(&self) -> u64 {
        self.tasks.len() as u64
    }

    /// The packs that tasks with solutions name.
    pub fn packs(&self) -> &BTreeSet<String> {
        &self.packs
    }

    /// The modes of tasks with solutions.
    pub fn modes(&self) -> &[JudgeMode] {
        &self.modes
    }

    /// The task of a solution; that there is one was checked.
    pub(super) fn task_of(
        &mut self,
        solution: &Solution,
    ) -> Result<Option<Arc<Held>>, DatasetError> {
        self.tasks.find(&solution.task_id).map(|place| self.tasks.load(place)).transpose()
    }
}
