//! The score: informative and orthogonal in one number.

use serde::{Deserialize, Serialize};

/// Entropies below this are those of a constant; nothing is divided by them.
const CONSTANT: f64 = 1e-9;

/// How good a schema is: `spread + coverage - sharing`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Score {
    /// The sum.
    pub total: f64,
    /// Mean over elements of entropy as a share of the most that the clusters allow, 0 to 1: an
    /// element that says the same of every problem has none.
    pub spread: f64,
    /// What the elements tell about the problem, as a share of its entropy. The best element counts
    /// in full; each further one with the least that it adds to any one before it (the selection by
    /// conditional mutual information of Fleuret 2004).
    pub coverage: f64,
    /// Mean over pairs of elements of what they share, as a share of their entropies' geometric
    /// mean, 0 to 1.
    pub sharing: f64,
}

/// What a score is made of, in nats: the figures themselves or those of one resample.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Figures {
    pub(super) problem: f64,
    pub(super) most: f64,
    pub(super) entropy: Vec<f64>,
    pub(super) about: Vec<f64>,
    /// `given[i][j]`: element `i` and the problem where element `j` is known.
    pub(super) given: Vec<Vec<f64>>,
    /// `shared[i][j]`, for `i < j`.
    pub(super) shared: Vec<Vec<f64>>,
}

impl Score {
    pub(super) fn of(figures: &Figures) -> Self {
        let (spread, coverage, sharing) = (spread(figures), coverage(figures), sharing(figures));
        Self { total: spread + coverage - sharing, spread, coverage, sharing }
    }
}

fn spread(figures: &Figures) -> f64 {
    mean(figures.entropy.iter().map(|entropy| share(*entropy, figures.most).min(1.0)))
}

fn coverage(figures: &Figures) -> f64 {
    let mut open: Vec<usize> = (0..figures.about.len()).collect();
    let mut taken: Vec<usize> = Vec::new();
    let mut told = 0.0;
    while !open.is_empty() {
        let adds = |element: usize| {
            let known = taken.iter().map(|before| figures.given[element][*before]);
            known.min_by(f64::total_cmp).unwrap_or(figures.about[element])
        };
        let best = open.iter().enumerate().map(|(place, element)| (place, adds(*element)));
        let Some((place, adds)) = best.max_by(|left, right| {
            // Of equals the first, so that the order of draws cannot matter.
            left.1.total_cmp(&right.1).then(right.0.cmp(&left.0))
        }) else {
            break;
        };
        // What one element tells, no other can take back.
        told += adds.max(0.0);
        taken.push(open.remove(place));
    }
    share(told, figures.problem)
}

fn sharing(figures: &Figures) -> f64 {
    let pairs =
        (0..figures.entropy.len()).flat_map(|second| (0..second).map(move |first| (first, second)));
    mean(pairs.map(|(first, second)| {
        let bound = (figures.entropy[first] * figures.entropy[second]).max(0.0).sqrt();
        share(figures.shared[first][second], bound)
    }))
}

fn share(part: f64, whole: f64) -> f64 {
    if whole > CONSTANT { part / whole } else { 0.0 }
}

fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let (count, total) =
        values.fold((0.0, 0.0), |(count, total), value| (count + 1.0, total + value));
    if count > 0.0 { total / count } else { 0.0 }
}
