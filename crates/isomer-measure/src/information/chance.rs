//! What an estimate of information shows where there is none.

use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_pcg::Pcg64Mcg;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::table::{Items, shared};

/// Plug-in estimates over permutations.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Chance {
    /// Their mean, in nats: what chance alone gives.
    pub mean: f64,
    /// Their 95th percentile, in nats: an estimate above it is significant.
    pub high: f64,
}

/// What the plug-in estimate of the information that `x` and `y` share comes to when `x` is shuffled,
/// over `permutations` draws from `seed`.
///
/// With `given`, labels change places only among items that agree in it: whatever `x` has to do with
/// `given` stays, and only what it has to do with `y` beyond that is lost. Subtracting the mean from
/// the estimate is the correction for chance of the adjusted mutual information (Vinh, Epps and
/// Bailey 2010), by draws instead of in closed form.
pub fn chance(
    x: &[usize],
    y: &[usize],
    given: Option<&[usize]>,
    permutations: u32,
    seed: u64,
) -> Chance {
    let length = x.len().min(y.len()).min(given.map_or(usize::MAX, <[usize]>::len));
    if permutations == 0 || length == 0 {
        return Chance::default();
    }
    let strata = strata(given.map(|given| &given[..length]), length);
    let mut estimates: Vec<f64> = (0..u64::from(permutations))
        .into_par_iter()
        .map(|draw| {
            let shuffled = shuffle(&x[..length], &strata, seed, draw);
            shared(&shuffled, y, given, Items::First(length), |tally| tally.entropy)
        })
        .collect();
    let mean = estimates.iter().sum::<f64>() / f64::from(permutations);
    estimates.sort_by(f64::total_cmp);
    Chance { mean, high: super::bootstrap::quantile(&estimates, 0.95) }
}

/// Rows of equal `given`, ordered by first occurrence so that names of labels play no part.
fn strata(given: Option<&[usize]>, length: usize) -> Vec<Vec<usize>> {
    let Some(given) = given else { return vec![(0..length).collect()] };
    let mut places = std::collections::HashMap::new();
    let mut strata: Vec<Vec<usize>> = Vec::new();
    for (row, label) in given.iter().enumerate() {
        let place = *places.entry(label).or_insert_with(|| {
            strata.push(Vec::new());
            strata.len() - 1
        });
        strata[place].push(row);
    }
    strata
}

fn shuffle(x: &[usize], strata: &[Vec<usize>], seed: u64, draw: u64) -> Vec<usize> {
    let mut random = Pcg64Mcg::seed_from_u64(seed ^ draw.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    let mut shuffled = x.to_vec();
    let mut labels = Vec::new();
    for rows in strata {
        labels.clear();
        labels.extend(rows.iter().map(|row| x[*row]));
        labels.shuffle(&mut random);
        for (row, label) in rows.iter().zip(&labels) {
            shuffled[*row] = *label;
        }
    }
    shuffled
}
