//! All figures of one schema.

use serde::{Deserialize, Serialize};

use super::draws::{centred, pairs};
use super::estimate::Estimate;
use super::score::{Figures, Score};
use crate::information::{Interval, Resamples, interval};

/// How much work goes into baselines and intervals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SurveySettings {
    /// Permutations for each figure of information.
    pub permutations: u32,
    /// Bootstrap draws.
    pub draws: u32,
    /// Seed of both.
    pub seed: u64,
}

impl Default for SurveySettings {
    fn default() -> Self {
        Self { permutations: 100, draws: 400, seed: 0 }
    }
}

/// The labels of the same items: of their problems, and of each element's values.
#[derive(Clone, Copy, Debug)]
pub struct Labels<'a> {
    /// Of the problems.
    pub problem: &'a [usize],
    /// Of the elements, in the schema's order, each as long as `problem`.
    pub elements: &'a [Vec<usize>],
}

/// What a schema's labels say; all information in nats.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Survey {
    /// Items measured.
    pub items: usize,
    /// Clusters that labels come from; the most entropy a labelling can have is its logarithm.
    pub clusters: usize,
    /// H(problem).
    pub problem: Estimate,
    /// H(Eᵢ).
    pub entropy: Vec<Estimate>,
    /// I(Eᵢ; problem).
    pub about: Vec<Estimate>,
    /// I(Eᵢ; problem | Eⱼ), row `i`, column `j`; nothing on the diagonal.
    pub given: Vec<Vec<Option<Estimate>>>,
    /// I(Eᵢ; Eⱼ), the same both ways; nothing on the diagonal.
    pub shared: Vec<Vec<Option<Estimate>>>,
    /// The score of the best guesses.
    pub score: Score,
    /// 95 % interval of the score.
    pub score_interval: Interval,
}

/// Measures a schema. Labels beyond the shortest labelling are left out.
pub fn survey(labels: Labels<'_>, clusters: usize, settings: SurveySettings) -> Survey {
    let Labels { problem, elements } = labels;
    let seed = |first: usize, second: usize| {
        settings.seed.wrapping_add(1 + 64 * first as u64 + second as u64)
    };
    let information = |x: &[usize], y: &[usize], given: Option<&[usize]>, seed| {
        Estimate::of_information(x, y, given, settings.permutations, seed)
    };
    let matrix = |cell: &dyn Fn(usize, usize) -> Estimate| -> Vec<Vec<Option<Estimate>>> {
        let row = |first| {
            let cell = |second| (first != second).then(|| cell(first, second));
            (0..elements.len()).map(cell).collect()
        };
        (0..elements.len()).map(row).collect()
    };
    let mut survey = Survey {
        items: problem.len(),
        clusters,
        problem: Estimate::of_entropy(problem, most(clusters)),
        entropy: elements
            .iter()
            .map(|element| Estimate::of_entropy(element, most(clusters)))
            .collect(),
        about: elements
            .iter()
            .enumerate()
            .map(|(first, element)| information(element, problem, None, seed(first, first)))
            .collect(),
        given: matrix(&|first, second| {
            let known = Some(elements[second].as_slice());
            information(&elements[first], problem, known, seed(first, second))
        }),
        // The same draws both ways, so that the matrix is symmetric.
        shared: matrix(&|first, second| {
            let (first, second) = (first.min(second), first.max(second));
            information(&elements[first], &elements[second], None, !seed(first, second))
        }),
        score: Score::default(),
        score_interval: Interval::default(),
    };
    survey.score = Score::of(&survey.figures());
    let resamples = Resamples::new(survey.items, settings.draws, settings.seed);
    let draws = centred(labels, &survey, resamples);
    survey.set_intervals(&draws);
    survey
}

/// Items that it takes for chance to give no more than a tenth of the largest possible value of a
/// conditional information between labels of so many clusters: with `k` labels each, the plain
/// estimate is too high by about `k (k - 1)² / 2n` (Miller 1955).
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clusters are few"
)]
pub fn enough_items(clusters: usize) -> usize {
    let count = clusters.max(2) as f64;
    (count * (count - 1.0).powi(2) / (2.0 * 0.1 * count.ln())).ceil() as usize
}

impl Survey {
    pub(super) fn figures(&self) -> Figures {
        let values = |estimates: &[Estimate]| estimates.iter().map(|one| one.value).collect();
        let square = |matrix: &[Vec<Option<Estimate>>]| {
            pairs(self.entropy.len(), |first, second| {
                matrix[first][second].map_or(0.0, |estimate| estimate.value)
            })
        };
        Figures {
            problem: self.problem.value,
            most: most(self.clusters),
            entropy: values(&self.entropy),
            about: values(&self.about),
            given: square(&self.given),
            shared: square(&self.shared),
        }
    }

    fn set_intervals(&mut self, draws: &[Figures]) {
        let most = most(self.clusters);
        let spread = |estimate: &mut Estimate, figure: &dyn Fn(&Figures) -> f64| {
            let values: Vec<f64> = draws.iter().map(figure).collect();
            let found = interval(estimate.value, &values);
            // No figure can be negative or above this; only estimates can.
            estimate.interval =
                Interval { low: found.low.clamp(0.0, most), high: found.high.clamp(0.0, most) };
        };
        spread(&mut self.problem, &|draw| draw.problem);
        for element in 0..self.entropy.len() {
            spread(&mut self.entropy[element], &|draw| draw.entropy[element]);
            spread(&mut self.about[element], &|draw| draw.about[element]);
            for other in 0..self.entropy.len() {
                if let Some(estimate) = &mut self.given[element][other] {
                    spread(estimate, &|draw| draw.given[element][other]);
                }
                let (first, second) = (element.min(other), element.max(other));
                if let Some(estimate) = &mut self.shared[element][other] {
                    spread(estimate, &|draw| draw.shared[first][second]);
                }
            }
        }
        let scores: Vec<f64> = draws.iter().map(|draw| Score::of(draw).total).collect();
        self.score_interval = interval(self.score.total, &scores);
    }
}

#[expect(clippy::cast_precision_loss, reason = "clusters are few")]
fn most(clusters: usize) -> f64 {
    (clusters.max(1) as f64).ln()
}
