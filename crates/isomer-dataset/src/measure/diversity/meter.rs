//! Tasks held against each other.

use std::path::Path;

use super::counts::Counts;
use super::elements::Elements;
use super::repeats::{FROM, Repeats};
use super::statements::Statements;
use super::words::words;
use crate::measure::{Columns, Diversity, MeasureError, Subject};

/// Sums up how much tasks differ.
pub struct DiversityMeter {
    columns: Columns,
    statements: Statements,
    repeats: Repeats,
    elements: Elements,
    calls: Counts,
    nodes: Counts,
    tags: Counts,
}

impl DiversityMeter {
    /// Of no task yet; sets of shingles go into a file without a name in `folder`.
    ///
    /// # Errors
    ///
    /// If the file cannot be made.
    pub fn new(folder: &Path) -> Result<Self, MeasureError> {
        Ok(Self {
            columns: Columns::default(),
            statements: Statements::default(),
            repeats: Repeats::new(folder)?,
            elements: Elements::default(),
            calls: Counts::default(),
            nodes: Counts::default(),
            tags: Counts::default(),
        })
    }

    /// Adds tasks; some hundred at a time use all threads.
    ///
    /// # Errors
    ///
    /// If a file cannot be read or written, or a vector makes no sense.
    pub fn add(&mut self, tasks: &[Subject<'_>]) -> Result<(), MeasureError> {
        self.repeats.add(tasks)?;
        let mut vectors = Vec::new();
        for task in tasks {
            let first = vectors.len();
            if !task.vector.is_empty() {
                vectors.extend(self.columns.unit(task.id, task.vector)?);
            }
            for one in task.elements.iter().filter(|one| !one.vector.is_empty()) {
                self.columns.unit(task.id, one.vector)?;
            }
            self.elements.add(task, &vectors[first..]);
            if let Some(shape) = task.shape {
                self.calls.add(shape.calls.iter().map(String::as_str));
                self.nodes.add(shape.nodes.iter().copied());
            }
            let tags = words(task.elements.iter().map(|one| one.value));
            self.tags.add(tags.iter().map(String::as_str));
        }
        let ids = tasks.iter().filter(|task| !task.vector.is_empty()).map(|task| task.id);
        self.statements.add(ids, &vectors, self.columns.count());
        Ok(())
    }

    /// The sums.
    pub fn finish(self) -> Diversity {
        let statements = self.statements.finish();
        let elements = self.elements.finish();
        Diversity {
            elements: elements.elements,
            sampled: elements.sampled,
            vendi: statements.vendi,
            vendi_tasks: statements.vendi_tasks,
            mean_distance: statements.mean_distance,
            near_duplicates: self.repeats.finish(),
            near_duplicate_from: FROM,
            calls: self.calls.finish(1),
            nodes: self.nodes.finish(1),
            tags: self.tags.finish(2),
            map: elements.map,
        }
    }
}
