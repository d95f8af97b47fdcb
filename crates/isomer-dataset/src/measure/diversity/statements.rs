//! Vectors of all statements: mean distance and Vendi score.

use isomer_measure::vectors::{Gram, vendi};

use super::sample::Sample;

/// Numbers of a vector up to which the Vendi score is computed of all tasks. Of longer vectors, sums of
/// products would take too much time for what they are worth.
const LONGEST: usize = 1_024;

/// Tasks in the sample of which it is computed then.
const SAMPLED: usize = 2_048;

/// Sums over statements.
#[derive(Debug)]
pub(super) struct Statements {
    gram: Option<Gram>,
    sample: Sample<Vec<f32>>,
    longest: usize,
}

/// What is said of them.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Said {
    pub(super) vendi: Option<f64>,
    pub(super) vendi_tasks: u64,
    pub(super) mean_distance: Option<f64>,
}

impl Default for Statements {
    fn default() -> Self {
        Self::with(LONGEST, SAMPLED)
    }
}

impl Statements {
    fn with(longest: usize, sampled: usize) -> Self {
        Self { gram: None, sample: Sample::new(sampled), longest }
    }

    /// Adds unit vectors, one after the other, with the ids of their tasks.
    pub(super) fn add<'a>(
        &mut self,
        ids: impl Iterator<Item = &'a str>,
        vectors: &[f32],
        columns: usize,
    ) {
        if vectors.is_empty() {
            return;
        }
        let all = columns <= self.longest;
        self.gram.get_or_insert_with(|| Gram::new(columns, all)).add(vectors);
        if !all {
            for (id, vector) in ids.zip(vectors.chunks(columns)) {
                self.sample.offer(id, || vector.to_vec());
            }
        }
    }

    pub(super) fn finish(self) -> Said {
        let Some(gram) = self.gram else { return Said::default() };
        let mean_distance = gram.mean_distance();
        if let Some(vendi) = gram.vendi() {
            return Said { vendi: Some(vendi), vendi_tasks: gram.rows(), mean_distance };
        }
        let sample = self.sample.finish();
        let columns = sample.first().map_or(0, Vec::len);
        let vendi = vendi(&sample.concat(), columns);
        Said { vendi, vendi_tasks: sample.len() as u64, mean_distance }
    }
}

#[cfg(test)]
mod tests {
    use super::{Said, Statements};

    fn said(longest: usize, sampled: usize, tasks: u16) -> Said {
        let mut statements = Statements::with(longest, sampled);
        for task in 0..tasks {
            let mut vector = [0.0; 6];
            vector[usize::from(task % 3)] = 1.0;
            statements.add([task.to_string().as_str()].into_iter(), &vector, 6);
        }
        statements.finish()
    }

    #[test]
    fn long_vectors_are_drawn_from() {
        let all = said(6, 10, 60);
        assert!((all.vendi.unwrap() - 3.0).abs() < 1e-9);
        assert_eq!(all.vendi_tasks, 60);
        let few = said(5, 10, 60);
        assert_eq!(few.vendi_tasks, 10);
        assert!((1.0..=3.0 + 1e-9).contains(&few.vendi.unwrap()));
        assert_eq!(few.mean_distance, all.mean_distance);
        let enough = said(5, 60, 60);
        assert!((enough.vendi.unwrap() - 3.0).abs() < 1e-9);
        assert_eq!(said(6, 10, 0), Said::default());
    }
}
