//! Tasks held against all sets.

use isomer_measure::vectors::Neighbour;
use rayon::prelude::*;

use super::closest::Track;
use super::known::{KnownSet, shingles};
use super::sets::{Near, NearestSets};
use crate::measure::{Against, Columns, MeasureError, Nearest, Originality, Similarity, Subject};

/// Finds each task's nearest neighbours and sums up.
pub struct OriginalityMeter {
    columns: Columns,
    sets: Vec<Measured>,
}

/// A set and what was found in it so far.
struct Measured {
    set: KnownSet,
    cosine: Track,
    containment: Track,
    jaccard: Track,
    syntax: Track,
}

impl OriginalityMeter {
    /// Of no task yet, against these sets, its own seeds first.
    pub fn new(sets: Vec<KnownSet>) -> Self {
        let measured = |set| Measured {
            set,
            cosine: Track::new(Similarity::Cosine),
            containment: Track::new(Similarity::Containment),
            jaccard: Track::new(Similarity::Jaccard),
            syntax: Track::new(Similarity::Syntax),
        };
        Self { columns: Columns::default(), sets: sets.into_iter().map(measured).collect() }
    }

    /// Finds the nearest neighbours of tasks, in all sets and by all measures; those that share
    /// nothing with a set have none there. Some hundred tasks at a time use all threads; where sets
    /// are too large for memory, some thousand spare reading.
    ///
    /// # Errors
    ///
    /// If a file cannot be read, or a vector makes no sense.
    pub fn add(&mut self, tasks: &[Subject<'_>]) -> Result<Vec<Vec<Nearest>>, MeasureError> {
        let texts: Vec<Vec<u32>> = tasks.par_iter().map(|task| shingles(task.statement)).collect();
        let mut with_vector = Vec::new();
        let mut vectors = Vec::new();
        for (place, task) in tasks.iter().enumerate().filter(|(_, task)| !task.vector.is_empty()) {
            vectors.extend(self.columns.unit(task.id, task.vector)?);
            with_vector.push(place);
        }
        let mut nearest = vec![Vec::new(); tasks.len()];
        for (number, measured) in self.sets.iter_mut().enumerate() {
            let first = with_vector.first().map_or("", |place| tasks[*place].id);
            let found = measured.set.vectors.nearest(&vectors, self.columns.count(), first)?;
            for (place, found) in with_vector.iter().zip(found) {
                nearest[*place].extend(measured.note_cosine(number, &tasks[*place], found)?);
            }
            let found = texts.par_iter().map(|set| measured.set.texts.nearest(set));
            let found = found.collect::<Result<Vec<NearestSets>, _>>()?;
            for ((task, found), nearest) in tasks.iter().zip(found).zip(&mut nearest) {
                nearest.extend(measured.note_text(number, task, found)?);
            }
            let found = tasks.par_iter().map(|task| match task.shape {
                Some(shape) => measured.set.trees.nearest(&shape.blinded).map(Some),
                None => Ok(None),
            });
            let found = found.collect::<Result<Vec<_>, _>>()?;
            for ((task, found), nearest) in tasks.iter().zip(found).zip(&mut nearest) {
                nearest.extend(measured.note_syntax(number, task, found)?);
            }
        }
        Ok(nearest)
    }

    /// The sums.
    ///
    /// # Errors
    ///
    /// If a file cannot be read.
    pub fn finish(self) -> Result<Originality, MeasureError> {
        let against = self.sets.into_iter().map(Measured::finish);
        Ok(Originality { against: against.collect::<Result<_, _>>()? })
    }
}

impl Measured {
    fn note_cosine(
        &mut self,
        set: usize,
        task: &Subject<'_>,
        found: Option<Neighbour>,
    ) -> Result<Option<Nearest>, MeasureError> {
        let Some(Neighbour { member, cosine }) = found else { return Ok(None) };
        self.cosine.add(cosine, task.id, task.statement, member);
        let (other, _) = self.set.texts.row(member)?;
        Ok(Some(Nearest { set, by: Similarity::Cosine, value: cosine, other }))
    }

    fn note_text(
        &mut self,
        set: usize,
        task: &Subject<'_>,
        found: NearestSets,
    ) -> Result<Vec<Nearest>, MeasureError> {
        let mut nearest = Vec::new();
        if self.set.texts.len() == 0 {
            return Ok(nearest);
        }
        for (by, Near { row, value }) in
            [(Similarity::Containment, found.containment), (Similarity::Jaccard, found.jaccard)]
        {
            let track = match by {
                Similarity::Containment => &mut self.containment,
                _ => &mut self.jaccard,
            };
            track.add(value, task.id, task.statement, row);
            if value > 0.0 {
                let (other, _) = self.set.texts.row(row)?;
                nearest.push(Nearest { set, by, value, other });
            }
        }
        Ok(nearest)
    }

    fn note_syntax(
        &mut self,
        set: usize,
        task: &Subject<'_>,
        found: Option<NearestSets>,
    ) -> Result<Option<Nearest>, MeasureError> {
        let Some(Near { row, value }) = found.map(|found| found.jaccard) else { return Ok(None) };
        if self.set.trees.len() == 0 {
            return Ok(None);
        }
        self.syntax.add(value, task.id, task.solution, row);
        if value <= 0.0 {
            return Ok(None);
        }
        let (other, _) = self.set.trees.row(row)?;
        Ok(Some(Nearest { set, by: Similarity::Syntax, value, other }))
    }

    fn finish(self) -> Result<Against, MeasureError> {
        let Self { set, cosine, containment, jaccard, syntax } = self;
        let (cosine, mut closest) = cosine.finish(-1.0, |row| set.texts.row(row))?;
        let (containment, pairs) = containment.finish(0.0, |row| set.texts.row(row))?;
        closest.extend(pairs);
        let (jaccard, pairs) = jaccard.finish(0.0, |row| set.texts.row(row))?;
        closest.extend(pairs);
        let (syntax, pairs) = syntax.finish(0.0, |row| set.trees.row(row))?;
        closest.extend(pairs);
        let (name, rows) = (set.name().to_owned(), set.rows());
        Ok(Against { name, rows, cosine, containment, jaccard, syntax, closest })
    }
}
