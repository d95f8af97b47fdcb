//! The figures of a schema in every resample of its items.

use rayon::prelude::*;

use super::score::Figures;
use super::survey::{Labels, Survey};
use crate::information::{Items, Resamples, shared, tally};

/// One row of figures for each resample, shifted so that their mean is the best guess.
///
/// Plain estimates are more biased on resamples than on the items, and a score is no linear
/// function of them: the shift lets minima and quotients work at the level where the best guess is.
pub(super) fn centred(labels: Labels<'_>, survey: &Survey, resamples: Resamples) -> Vec<Figures> {
    let best = survey.figures();
    let mut draws: Vec<Figures> = (0..resamples.draws())
        .into_par_iter()
        .map(|draw| plain(labels, best.most, &resamples.weights(draw)))
        .collect();
    let means = mean(&draws);
    for draw in &mut draws {
        each(draw, &means, &best, |figure, mean, best| *figure += best - mean);
    }
    draws
}

fn plain(labels: Labels<'_>, most: f64, weights: &[u32]) -> Figures {
    let items = Items::Weighted(weights);
    let entropy = |labels: &Vec<usize>| tally(&[labels], items).entropy;
    let information = |x: &[usize], y: &[usize], given: Option<&[usize]>| {
        shared(x, y, given, items, |tally| tally.entropy)
    };
    let Labels { problem, elements } = labels;
    Figures {
        problem: tally(&[problem], items).entropy,
        most,
        entropy: elements.iter().map(entropy).collect(),
        about: elements.iter().map(|element| information(element, problem, None)).collect(),
        given: pairs(elements.len(), |first, second| {
            information(&elements[first], problem, Some(&elements[second]))
        }),
        shared: pairs(elements.len(), |first, second| {
            if first < second {
                information(&elements[first], &elements[second], None)
            } else {
                0.0
            }
        }),
    }
}

/// A square of values with zeros on its diagonal.
pub(super) fn pairs(size: usize, value: impl Fn(usize, usize) -> f64) -> Vec<Vec<f64>> {
    let cell = |first, second| if first == second { 0.0 } else { value(first, second) };
    (0..size).map(|first| (0..size).map(|second| cell(first, second)).collect()).collect()
}

fn mean(draws: &[Figures]) -> Figures {
    let Some(first) = draws.first() else { return Figures::default() };
    let mut sums = first.clone();
    for draw in &draws[1..] {
        each(&mut sums, draw, draw, |sum, figure, _| *sum += figure);
    }
    #[expect(clippy::cast_precision_loss, reason = "draws stay far below 2^52")]
    let count = draws.len() as f64;
    let divisor = sums.clone();
    each(&mut sums, &divisor, &divisor, |sum, _, _| *sum /= count);
    sums
}

/// Applies `change` to every figure of `target` with the same figures of two others.
fn each(
    target: &mut Figures,
    left: &Figures,
    right: &Figures,
    change: impl Fn(&mut f64, f64, f64),
) {
    change(&mut target.problem, left.problem, right.problem);
    let rows = |target: &mut Vec<f64>, left: &Vec<f64>, right: &Vec<f64>| {
        for ((target, left), right) in target.iter_mut().zip(left).zip(right) {
            change(target, *left, *right);
        }
    };
    rows(&mut target.entropy, &left.entropy, &right.entropy);
    rows(&mut target.about, &left.about, &right.about);
    for ((target, left), right) in target.given.iter_mut().zip(&left.given).zip(&right.given) {
        rows(target, left, right);
    }
    for ((target, left), right) in target.shared.iter_mut().zip(&left.shared).zip(&right.shared) {
        rows(target, left, right);
    }
}
