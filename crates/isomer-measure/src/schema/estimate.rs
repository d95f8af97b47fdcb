//! One figure with everything one must know to believe it.

use serde::{Deserialize, Serialize};

use crate::information::{
    Chance, Interval, chance, conditional_mutual_information,
    corrected_conditional_mutual_information, corrected_entropy, corrected_mutual_information,
    entropy, mutual_information,
};

/// An estimate in nats.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    /// The best guess: of entropy the corrected value, of information the plain value less what
    /// chance gives, which may fall below 0 where there is none.
    pub value: f64,
    /// 95 % interval around the best guess.
    pub interval: Interval,
    /// The plug-in value.
    pub plain: f64,
    /// With the correction of Miller and Madow.
    pub miller_madow: f64,
    /// What chance alone gives; entropy has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub chance: Option<Chance>,
}

impl Estimate {
    /// `most` is what the number of clusters allows; the correction knows nothing of it.
    pub(super) fn of_entropy(labels: &[usize], most: f64) -> Self {
        let miller_madow = corrected_entropy(labels);
        Self {
            value: miller_madow.min(most),
            plain: entropy(labels),
            miller_madow,
            ..Self::default()
        }
    }

    pub(super) fn of_information(
        x: &[usize],
        y: &[usize],
        given: Option<&[usize]>,
        permutations: u32,
        seed: u64,
    ) -> Self {
        let (plain, miller_madow) = match given {
            None => (mutual_information(x, y), corrected_mutual_information(x, y)),
            Some(z) => (
                conditional_mutual_information(x, y, z),
                corrected_conditional_mutual_information(x, y, z),
            ),
        };
        let chance = chance(x, y, given, permutations, seed);
        Self {
            value: plain - chance.mean,
            plain,
            miller_madow,
            chance: Some(chance),
            ..Self::default()
        }
    }

    /// Whether the plain value is above the 95th percentile of chance.
    pub fn is_significant(&self) -> bool {
        self.chance.is_none_or(|chance| self.plain > chance.high)
    }
}
