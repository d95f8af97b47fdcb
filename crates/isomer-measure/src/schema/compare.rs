//! Which of two schemas is better on the same items.

use serde::{Deserialize, Serialize};

use super::draws::centred;
use super::score::Score;
use super::survey::{Labels, Survey};
use crate::information::{Interval, Resamples, interval};

/// A schema measured against another one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    /// The new score less the old one.
    pub gain: f64,
    /// 95 % interval of the gain.
    pub interval: Interval,
    /// Share of resamples in which the new schema is better.
    pub confidence: f64,
}

impl Comparison {
    /// Whether the new schema is better beyond reasonable doubt: the whole interval is above 0.
    pub fn is_better(&self) -> bool {
        self.interval.low > 0.0
    }
}

/// Compares two schemas in the same resamples of the same items (a paired bootstrap), so that what
/// is hard about the items themselves cancels out.
///
/// Both surveys must come from these labels, and both labellings from the same items in the same
/// order.
pub fn compare(
    old: (Labels<'_>, &Survey),
    new: (Labels<'_>, &Survey),
    draws: u32,
    seed: u64,
) -> Comparison {
    let items = old.1.items.min(new.1.items);
    let resamples = Resamples::new(items, draws, seed);
    let before = centred(old.0, old.1, resamples);
    let after = centred(new.0, new.1, resamples);
    let gains: Vec<f64> = before
        .iter()
        .zip(&after)
        .map(|(before, after)| Score::of(after).total - Score::of(before).total)
        .collect();
    let gain = new.1.score.total - old.1.score.total;
    let better = gains.iter().filter(|gain| **gain > 0.0).count();
    #[expect(clippy::cast_precision_loss, reason = "draws stay far below 2^52")]
    let confidence = if gains.is_empty() { 0.0 } else { better as f64 / gains.len() as f64 };
    Comparison { gain, interval: interval(gain, &gains), confidence }
}
