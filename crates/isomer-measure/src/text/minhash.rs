//! MinHash (Broder, *On the Resemblance and Containment of Documents*, 1997): a short signature whose
//! places agree with the probability that the Jaccard similarity of two sets is.

/// A family of hash functions, the same on every machine.
#[derive(Clone, Debug)]
pub struct MinHash {
    /// Multiplier and summand of each function: the upper half of `multiplier * x + summand` modulo
    /// 2^64 is strongly universal (Dietzfelbinger 1996).
    functions: Vec<(u64, u64)>,
}

/// One bit of each place of a signature (Li and König, *b-Bit Minwise Hashing*, 2010): enough to
/// refute that two sets are similar without looking at them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sketch(u128);

impl MinHash {
    /// `count` functions.
    pub fn new(count: usize) -> Self {
        let mut state = 0x1509_0F1A_C0DE_u64;
        let functions = (0..count).map(|_| (next(&mut state) | 1, next(&mut state))).collect();
        Self { functions }
    }

    /// The signature of a set; an empty set has the largest number everywhere.
    pub fn signature(&self, set: &[u32]) -> Vec<u32> {
        let mut least = vec![u32::MAX; self.functions.len()];
        for member in set {
            let member = u64::from(*member);
            for (least, (multiplier, summand)) in least.iter_mut().zip(&self.functions) {
                let hash = (multiplier.wrapping_mul(member).wrapping_add(*summand) >> 32) as u32;
                *least = (*least).min(hash);
            }
        }
        least
    }
}

/// SplitMix64 (Steele, Lea and Flood 2014).
fn next(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let mut mixed = *state;
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ (mixed >> 31)
}

impl Sketch {
    /// Of the first 128 places of a signature.
    pub fn of(signature: &[u32]) -> Self {
        // The lowest bit of a minimum is as random as any; the highest is nearly always 0.
        let bits = signature.iter().take(128).enumerate();
        Self(bits.fold(0, |sketch, (place, hash)| sketch | u128::from(hash & 1) << place))
    }

    /// Whether sets of at least this Jaccard similarity may have these two sketches. Of 128 places a
    /// share of `(1 + similarity) / 2` agrees on average; four standard deviations less are allowed,
    /// so that one similar pair in some ten thousand is missed.
    pub fn may_reach(self, other: Self, similarity: f64) -> bool {
        let share = f64::midpoint(1.0, similarity);
        let least = 128.0 * share - 4.0 * (128.0 * share * (1.0 - share)).sqrt();
        f64::from((!(self.0 ^ other.0)).count_ones()) >= least
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::{MinHash, Sketch, next};

    /// Two sets of this Jaccard similarity, in percent.
    pub(in super::super) fn pair(percent: u64, seed: u64) -> (Vec<u32>, Vec<u32>) {
        // |A| = |B| = n, shared s: J = s / (2n - s), so s = 2nJ / (1 + J).
        let size = 400;
        let shared = 2 * size * percent / (100 + percent);
        let mut state = seed;
        let mut draw =
            |count: u64| (0..count).map(|_| (next(&mut state) >> 32) as u32).collect::<Vec<_>>();
        let (common, mut one, mut other) = (draw(shared), draw(size - shared), draw(size - shared));
        one.extend(&common);
        other.extend(&common);
        one.sort_unstable();
        other.sort_unstable();
        (one, other)
    }

    #[test]
    fn places_agree_as_often_as_the_sets_are_similar() {
        let family = MinHash::new(128);
        for percent in [10, 50, 70, 90] {
            let mut agreeing = 0_u32;
            for seed in 0..50 {
                let (one, other) = pair(percent, seed);
                let (one, other) = (family.signature(&one), family.signature(&other));
                for (one, other) in one.iter().zip(&other) {
                    agreeing += u32::from(one == other);
                }
            }
            let places = 50 * 128;
            let found = u64::from(100 * agreeing / places);
            assert!(found.abs_diff(percent) <= 3, "{percent} %: {found} %");
        }
    }

    #[test]
    fn sketches_refute_the_dissimilar_and_keep_the_similar() {
        let family = MinHash::new(128);
        let kept = |percent: u64| {
            let reach = |seed| {
                let (one, other) = pair(percent, seed);
                let sketch = |set: &[u32]| Sketch::of(&family.signature(set));
                sketch(&one).may_reach(sketch(&other), 0.7)
            };
            (0..200).filter(|seed| reach(*seed)).count()
        };
        assert_eq!(kept(75), 200);
        assert!(kept(10) < 10, "{}", kept(10));
    }
}
