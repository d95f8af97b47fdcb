//! Lloyd's algorithm from k-means++ starts.

use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64Mcg;
use rayon::prelude::*;

use super::matrix::{Matrix, dot};

/// Rows among which the restarts compete. The best start then goes on with all rows, so that time
/// grows with their number once, and not once for every restart.
const CONTEST_ROWS: usize = 2_000;

/// Rows that one task adds up. Fixed, so that the order of sums does not depend on the machine.
const CHUNK: usize = 512;

/// How to cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KMeans {
    /// Clusters wanted.
    pub clusters: usize,
    /// Starts that compete.
    pub restarts: u32,
    /// Rounds at most of one start.
    pub rounds: u32,
    /// Seed of every draw.
    pub seed: u64,
}

/// The result.
#[derive(Clone, Debug, PartialEq)]
pub struct Clusters {
    /// The cluster of each row; numbered by first occurrence.
    pub labels: Vec<usize>,
    /// Mean squared distance of a row from the centre of its cluster.
    pub spread: f64,
}

impl KMeans {
    /// The usual way: as many clusters as [`super::usual_clusters`] says, 8 restarts.
    pub fn usual(items: usize, seed: u64) -> Self {
        Self { clusters: super::usual_clusters(items), restarts: 8, rounds: 100, seed }
    }

    /// Puts each row into a cluster (Lloyd 1982), starting from centres drawn with a chance that
    /// grows with the squared distance from those drawn before (k-means++, Arthur and Vassilvitskii
    /// 2007). Rows that are all alike make one cluster; there are never more clusters than different
    /// rows.
    pub fn run(&self, matrix: &Matrix) -> Clusters {
        if matrix.rows() == 0 {
            return Clusters { labels: Vec::new(), spread: 0.0 };
        }
        let mut random = Pcg64Mcg::seed_from_u64(self.seed);
        let contest = sample(matrix.rows(), &mut random);
        let mut best: Option<(f64, Vec<f32>)> = None;
        for _ in 0..self.restarts.max(1) {
            let centres = first_centres(matrix, &contest, self.clusters.max(1), &mut random);
            let (centres, spread) = self.settle(matrix, &contest, centres);
            if best.as_ref().is_none_or(|(least, _)| spread < *least) {
                best = Some((spread, centres));
            }
        }
        let (_, mut centres) = best.unwrap_or_default();
        let all: Vec<usize> = (0..matrix.rows()).collect();
        if contest.len() < all.len() {
            centres = self.settle(matrix, &all, centres).0;
        }
        let (labels, spread) = assign(matrix, &all, &centres);
        Clusters { labels: by_first_occurrence(labels), spread }
    }

    /// Moves centres until no row changes its cluster.
    fn settle(&self, matrix: &Matrix, rows: &[usize], mut centres: Vec<f32>) -> (Vec<f32>, f64) {
        let (mut labels, mut spread) = assign(matrix, rows, &centres);
        for _ in 0..self.rounds {
            centres = means(matrix, rows, &labels, &centres);
            let (moved, now) = assign(matrix, rows, &centres);
            spread = now;
            if moved == labels {
                break;
            }
            labels = moved;
        }
        (centres, spread)
    }
}

/// All rows, or a draw of [`CONTEST_ROWS`] different ones, in order.
fn sample(rows: usize, random: &mut Pcg64Mcg) -> Vec<usize> {
    if rows <= CONTEST_ROWS {
        return (0..rows).collect();
    }
    let mut chosen = rand::seq::index::sample(random, rows, CONTEST_ROWS).into_vec();
    chosen.sort_unstable();
    chosen
}

/// Draws centres one after the other. Of a few candidates for each, the one is taken that leaves the
/// rows nearest to their centres, as scikit-learn does: a single draw often picks two centres in one
/// cluster, and Lloyd's algorithm cannot mend that.
fn first_centres(
    matrix: &Matrix,
    rows: &[usize],
    clusters: usize,
    random: &mut Pcg64Mcg,
) -> Vec<f32> {
    let candidates = 2 + clusters.ilog2();
    let first = rows[random.random_range(0..rows.len())];
    let mut centres = matrix.row(first).to_vec();
    let mut nearest = nearer(matrix, rows, first, &vec![f64::INFINITY; rows.len()]);
    while centres.len() < clusters * matrix.columns() {
        let total: f64 = nearest.iter().sum();
        // Every row is a centre already: more clusters than different rows.
        if total <= 0.0 {
            break;
        }
        let mut best: Option<(f64, usize, Vec<f64>)> = None;
        for _ in 0..candidates {
            let drawn = rows[draw(&nearest, random.random_range(0.0..total))];
            let left = nearer(matrix, rows, drawn, &nearest);
            let spread = left.iter().sum();
            if best.as_ref().is_none_or(|(least, ..)| spread < *least) {
                best = Some((spread, drawn, left));
            }
        }
        let Some((_, drawn, left)) = best else { break };
        centres.extend_from_slice(matrix.row(drawn));
        nearest = left;
    }
    centres
}

/// The place where the running sum of `weights` passes `rest`.
fn draw(weights: &[f64], mut rest: f64) -> usize {
    let passed = weights.iter().position(|weight| {
        rest -= weight;
        rest < 0.0
    });
    // Rounding can leave a little; the last place with any weight then.
    passed.or_else(|| weights.iter().rposition(|weight| *weight > 0.0)).unwrap_or_default()
}

/// Squared distances from the nearest centre once `centre` is one.
fn nearer(matrix: &Matrix, rows: &[usize], centre: usize, nearest: &[f64]) -> Vec<f64> {
    let centre = matrix.row(centre);
    rows.par_iter()
        .zip(nearest)
        .with_min_len(CHUNK)
        .map(|(row, nearest)| nearest.min(distance(matrix.row(*row), centre)))
        .collect()
}

/// The nearest centre of each row, and the mean squared distance from it. Of equally near ones the
/// first is taken.
fn assign(matrix: &Matrix, rows: &[usize], centres: &[f32]) -> (Vec<usize>, f64) {
    let centres: Vec<(&[f32], f32)> =
        centres.chunks(matrix.columns()).map(|centre| (centre, dot(centre, centre))).collect();
    let nearest = |row: &usize| {
        let row = matrix.row(*row);
        // |row - centre|² without |row|², which is the same for all centres.
        let mut best = (0, f32::INFINITY);
        for (index, (centre, square)) in centres.iter().enumerate() {
            let distance = square - 2.0 * dot(row, centre);
            if distance < best.1 {
                best = (index, distance);
            }
        }
        (best.0, distance(row, centres[best.0].0))
    };
    let parts: Vec<(Vec<usize>, f64)> = rows
        .par_chunks(CHUNK)
        .map(|rows| {
            let mut total = 0.0;
            let labels = rows.iter().map(|row| {
                let (label, distance) = nearest(row);
                total += distance;
                label
            });
            (labels.collect(), total)
        })
        .collect();
    #[expect(clippy::cast_precision_loss, reason = "rows stay far below 2^52")]
    let spread = parts.iter().map(|(_, total)| total).sum::<f64>() / rows.len() as f64;
    (parts.into_iter().flat_map(|(labels, _)| labels).collect(), spread)
}

/// The mean of each cluster; one that lost all its rows stays where it was.
fn means(matrix: &Matrix, rows: &[usize], labels: &[usize], centres: &[f32]) -> Vec<f32> {
    let columns = matrix.columns();
    let parts: Vec<(Vec<f64>, Vec<u32>)> = rows
        .par_chunks(CHUNK)
        .zip(labels.par_chunks(CHUNK))
        .map(|(rows, labels)| {
            let mut sums = vec![0.0; centres.len()];
            let mut counts = vec![0; centres.len() / columns];
            for (row, label) in rows.iter().zip(labels) {
                counts[*label] += 1;
                let sum = &mut sums[label * columns..(label + 1) * columns];
                for (sum, number) in sum.iter_mut().zip(matrix.row(*row)) {
                    *sum += f64::from(*number);
                }
            }
            (sums, counts)
        })
        .collect();
    let mut sums = vec![0.0; centres.len()];
    let mut counts = vec![0; centres.len() / columns];
    for (part, counted) in &parts {
        sums.iter_mut().zip(part).for_each(|(sum, part)| *sum += part);
        counts.iter_mut().zip(counted).for_each(|(count, part)| *count += part);
    }
    let mean = |(place, sum): (usize, &f64)| match counts[place / columns] {
        0 => centres[place],
        #[expect(clippy::cast_possible_truncation, reason = "a mean of numbers that fit")]
        count => (sum / f64::from(count)) as f32,
    };
    sums.iter().enumerate().map(mean).collect()
}

/// Squared distance, from differences: the short form loses all digits for near rows.
fn distance(left: &[f32], right: &[f32]) -> f64 {
    f64::from(left.iter().zip(right).map(|(left, right)| (left - right).powi(2)).sum::<f32>())
}

fn by_first_occurrence(labels: Vec<usize>) -> Vec<usize> {
    let mut order: Vec<usize> = Vec::new();
    labels
        .into_iter()
        .map(|label| {
            order.iter().position(|known| *known == label).unwrap_or_else(|| {
                order.push(label);
                order.len() - 1
            })
        })
        .collect()
}
