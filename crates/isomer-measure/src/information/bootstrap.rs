//! The bootstrap: how much an estimate would differ had other items been drawn (Efron 1979).

use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64Mcg;
use serde::{Deserialize, Serialize};

/// A 95 % confidence interval.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Interval {
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

/// Draws with replacement of as many items as there are. Each is given as how often every item was
/// drawn, so that figures of the same items can be compared in the same draw.
#[derive(Clone, Copy, Debug)]
pub struct Resamples {
    items: usize,
    draws: u32,
    seed: u64,
}

impl Resamples {
    /// `draws` draws of `items` items.
    pub const fn new(items: usize, draws: u32, seed: u64) -> Self {
        Self { items, draws, seed }
    }

    /// How many draws there are.
    pub const fn draws(&self) -> u32 {
        self.draws
    }

    /// How often each item comes in a draw, which depends on the seed and its number alone.
    pub fn weights(&self, draw: u32) -> Vec<u32> {
        let mut random = Pcg64Mcg::seed_from_u64(
            self.seed ^ u64::from(draw).wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x0062_6f6f_7473_7472,
        );
        let mut weights = vec![0; self.items];
        for _ in 0..self.items {
            weights[random.random_range(0..self.items)] += 1;
        }
        weights
    }
}

/// The interval around `centre` with the spread of `draws`.
///
/// A resample repeats items, so the plug-in estimate is more biased on it than on the items
/// themselves. The draws therefore give the spread around their own mean, and the centre is an
/// estimate whose bias was dealt with otherwise (Efron and Tibshirani 1993, chapter 10, say why not
/// both).
pub fn interval(centre: f64, draws: &[f64]) -> Interval {
    if draws.is_empty() {
        return Interval { low: centre, high: centre };
    }
    let mut sorted = draws.to_vec();
    sorted.sort_by(f64::total_cmp);
    #[expect(clippy::cast_precision_loss, reason = "draws stay far below 2^52")]
    let mean = sorted.iter().sum::<f64>() / sorted.len() as f64;
    let end = |share: f64| centre + quantile(&sorted, share) - mean;
    Interval { low: end(0.025), high: end(0.975) }
}

/// Quantile of sorted values by linear interpolation (Hyndman and Fan, type 7); 0 of none.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a place between 0 and the number of values"
)]
pub(crate) fn quantile(sorted: &[f64], share: f64) -> f64 {
    let Some(last) = sorted.len().checked_sub(1) else { return 0.0 };
    let place = share * last as f64;
    let below = place.floor() as usize;
    let above = (below + 1).min(last);
    sorted[below] + (sorted[above] - sorted[below]) * (place - below as f64)
}
