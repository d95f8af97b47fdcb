//! Chance that repeats: every draw is a digest of what it decides about.

/// Draws that depend on a seed and on the words given, and on nothing else.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Dice {
    seed: u64,
}

impl Dice {
    pub(crate) const fn new(seed: u64) -> Self {
        Self { seed }
    }

    /// A number that is the same for the same seed and words.
    pub(crate) fn number(self, words: &[&str]) -> u64 {
        let mut hasher = blake3::Hasher::new();
        hasher.update(&self.seed.to_le_bytes());
        for word in words {
            hasher.update(&(word.len() as u64).to_le_bytes());
            hasher.update(word.as_bytes());
        }
        let mut bytes = [0; 8];
        bytes.copy_from_slice(&hasher.finalize().as_bytes()[..8]);
        u64::from_le_bytes(bytes)
    }

    /// A number in `[0, 1)`.
    pub(crate) fn share(self, words: &[&str]) -> f64 {
        // 53 bits are what a double holds exactly.
        #[expect(clippy::cast_precision_loss, reason = "53 bits fit a double exactly")]
        let top = (self.number(words) >> 11) as f64;
        top / 9_007_199_254_740_992.0
    }

    /// One of `choices`, which is not empty.
    pub(crate) fn pick<'a, T: ?Sized>(self, choices: &'a [&'a T], words: &[&str]) -> &'a T {
        choices[self.below(choices.len(), words)]
    }

    /// A number in `0..bound`.
    pub(crate) fn below(self, bound: usize, words: &[&str]) -> usize {
        usize::try_from(self.number(words) % bound.max(1) as u64).unwrap_or(0)
    }

    /// A draw from the normal distribution (Box and Muller).
    pub(crate) fn normal(self, words: &[&str]) -> f64 {
        let radius = (-2.0 * (1.0 - self.share(&[words, &["radius"]].concat())).ln()).sqrt();
        let angle = std::f64::consts::TAU * self.share(&[words, &["angle"]].concat());
        radius * angle.cos()
    }
}

#[cfg(test)]
mod tests {
    use super::Dice;

    #[test]
    fn the_same_words_give_the_same_draw() {
        let dice = Dice::new(1);
        assert_eq!(dice.number(&["a", "b"]), dice.number(&["a", "b"]));
        assert_ne!(dice.number(&["a", "b"]), dice.number(&["ab", ""]));
        assert_ne!(dice.number(&["a"]), Dice::new(2).number(&["a"]));
    }

    #[test]
    fn normal_draws_have_the_right_spread() {
        let dice = Dice::new(7);
        let draws: Vec<f64> =
            (0..4000).map(|index: u32| dice.normal(&[&index.to_string()])).collect();
        let mean = draws.iter().sum::<f64>() / 4000.0;
        let spread = (draws.iter().map(|draw| draw * draw).sum::<f64>() / 4000.0).sqrt();
        assert!(mean.abs() < 0.06, "{mean}");
        assert!((spread - 1.0).abs() < 0.06, "{spread}");
    }
}
