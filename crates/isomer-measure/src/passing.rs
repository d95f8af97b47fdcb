//! How often a model solves tasks: unbiased pass@k, its interval, and how far samples agree.
//!
//! pass@k is the chance that at least one of k samples passes. From `n` samples of which `c` pass,
//! 1 − C(n−c, k) / C(n, k) is an unbiased estimate of it; plugging the share c/n into 1 − (1 − p)^k
//! is not (Chen et al., *Evaluating Large Language Models Trained on Code*, arXiv 2107.03374).

use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64Mcg;
use rayon::prelude::*;

use crate::information::Interval;

/// Resamples of the tasks behind an interval.
const DRAWS: u32 = 1000;

/// Unbiased pass@k from `passed` of `samples`, as the product of 1 − k/i, which neither overflows
/// nor cancels. `None` where there are fewer than `k` samples, or `k` is 0.
pub fn pass_at(samples: u32, passed: u32, k: u32) -> Option<f64> {
    if k == 0 || k > samples || passed > samples {
        return None;
    }
    if samples - passed < k {
        return Some(1.0);
    }
    let fails = |i: u32| 1.0 - f64::from(k) / (f64::from(i) + 1.0);
    Some(1.0 - (samples - passed..samples).map(fails).product::<f64>())
}

/// The k of interest for so many samples: 1, 2, 4, 8... and the number of samples itself.
pub fn usual_k(samples: u32) -> Vec<u32> {
    let doubled = std::iter::successors(Some(1_u32), |k| k.checked_mul(2));
    let mut all: Vec<u32> = doubled.take_while(|k| *k < samples).collect();
    all.extend((samples > 0).then_some(samples));
    all
}

/// A mean over tasks with its 95 % interval.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct MeanPassAt {
    /// k.
    pub k: u32,
    /// The mean.
    pub mean: f64,
    /// Percentiles 2.5 and 97.5 of the means of a thousand resamples of the tasks.
    pub interval: Interval,
}

/// pass@k averaged over tasks of `samples` samples each, for each of [`usual_k`]; `tasks[c]` is the
/// number of tasks of which `c` samples passed, and more than `samples + 1` entries are ignored.
///
/// Which samples were drawn adds to the spread of every task's estimate, and resampling tasks takes
/// that in. Nothing of no tasks.
pub fn mean_pass_at(tasks: &[u64], samples: u32, seed: u64) -> Vec<MeanPassAt> {
    let tasks = &tasks[..tasks.len().min(samples as usize + 1)];
    if tasks.iter().sum::<u64>() == 0 {
        return Vec::new();
    }
    let tables: Vec<(u32, Vec<f64>)> = usual_k(samples)
        .into_iter()
        .map(|k| (k, (0..=samples).filter_map(|passed| pass_at(samples, passed, k)).collect()))
        .collect();
    let draws: Vec<Vec<u64>> =
        (0..DRAWS).into_par_iter().map(|draw| resample(tasks, seed, draw)).collect();
    tables
        .into_iter()
        .map(|(k, table)| {
            let mut means: Vec<f64> = draws.iter().map(|draw| mean(draw, &table)).collect();
            means.sort_by(f64::total_cmp);
            let end = |share: f64| crate::information::quantile(&means, share);
            let interval = Interval { low: end(0.025), high: end(0.975) };
            MeanPassAt { k, mean: mean(tasks, &table), interval }
        })
        .collect()
}

#[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^52")]
fn mean(tasks: &[u64], table: &[f64]) -> f64 {
    let sum: f64 = tasks.iter().zip(table).map(|(tasks, value)| *tasks as f64 * value).sum();
    sum / tasks.iter().sum::<u64>() as f64
}

/// As many tasks, drawn with replacement, by the number of samples that passed. It depends on the
/// seed and the draw's number alone.
fn resample(tasks: &[u64], seed: u64, draw: u32) -> Vec<u64> {
    let mut random = Pcg64Mcg::seed_from_u64(
        seed ^ u64::from(draw).wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x7061_7373_4061_746b,
    );
    // Where each group ends when all tasks stand in a row.
    let ends: Vec<u64> = tasks
        .iter()
        .scan(0, |end, tasks| {
            *end += tasks;
            Some(*end)
        })
        .collect();
    let all = ends.last().copied().unwrap_or_default();
    let mut drawn = vec![0; tasks.len()];
    for _ in 0..all {
        let place = random.random_range(0..all);
        drawn[ends.partition_point(|end| *end <= place)] += 1;
    }
    drawn
}

/// Share of pairs that differ, of items in groups of these sizes; `None` of fewer than two items.
#[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^52")]
pub fn disagreement(groups: &[u64]) -> Option<f64> {
    let pairs = |items: u64| items as f64 * items.saturating_sub(1) as f64 / 2.0;
    let all = pairs(groups.iter().sum());
    let same: f64 = groups.iter().map(|group| pairs(*group)).sum();
    (all > 0.0).then(|| 1.0 - same / all)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{disagreement, mean_pass_at, pass_at, usual_k};

    fn choose(n: u32, k: u32) -> f64 {
        (0..k).map(|i| f64::from(n - i) / f64::from(k - i)).product()
    }

    #[test]
    fn the_values_are_those_of_the_paper() {
        // numpy: 1.0 - numpy.prod(1.0 - k / numpy.arange(n - c + 1, n + 1))
        for (n, c, k, value) in [
            (200, 10, 1, 0.05),
            (200, 10, 10, 0.408_547_87),
            (200, 10, 100, 0.999_228_97),
            (5, 3, 3, 1.0),
            (5, 0, 5, 0.0),
        ] {
            let found = pass_at(n, c, k).unwrap();
            assert!((found - value).abs() < 1e-7, "{n} {c} {k}: {found}");
        }
        assert_eq!((pass_at(5, 1, 6), pass_at(5, 1, 0), pass_at(5, 6, 1)), (None, None, None));
        assert_eq!(pass_at(u32::MAX, 0, 1000).map(f64::to_bits), Some(0));
    }

    #[test]
    fn k_doubles_up_to_the_samples() {
        assert_eq!(usual_k(0), [0; 0]);
        assert_eq!(usual_k(1), [1]);
        assert_eq!(usual_k(8), [1, 2, 4, 8]);
        assert_eq!(usual_k(10), [1, 2, 4, 8, 10]);
    }

    #[test]
    fn the_interval_is_that_of_a_share_for_one_sample() {
        // 30 of 100 tasks solved: the normal interval is 0.3 ± 0.09.
        let all = mean_pass_at(&[70, 30], 1, 0);
        assert_eq!(all.len(), 1);
        assert!((all[0].mean - 0.3).abs() < 1e-12);
        assert!((all[0].interval.low - 0.21).abs() < 0.021, "{:?}", all[0]);
        assert!((all[0].interval.high - 0.39).abs() < 0.021, "{:?}", all[0]);
        assert_eq!(mean_pass_at(&[70, 30], 1, 0), all);
        assert_eq!(mean_pass_at(&[0, 0], 1, 0), []);
        // Tasks that are all alike leave nothing to chance.
        let same = mean_pass_at(&[0, 0, 9], 4, 0);
        assert_eq!(same[0].interval.low.to_bits(), same[0].interval.high.to_bits());
    }

    #[test]
    fn pairs_that_differ_are_counted() {
        assert_eq!(disagreement(&[4]), Some(0.0));
        assert_eq!(disagreement(&[1, 1, 1]), Some(1.0));
        assert_eq!(disagreement(&[2, 2]), Some(1.0 - 2.0 / 6.0));
        assert_eq!((disagreement(&[1]), disagreement(&[])), (None, None));
    }

    proptest! {
        #[test]
        fn the_product_is_the_quotient_of_combinations(n in 1_u32..60, c in 0_u32..60, k in 1_u32..60) {
            let (c, k) = (c % (n + 1), k.min(n));
            let exact = if n - c < k { 1.0 } else { 1.0 - choose(n - c, k) / choose(n, k) };
            prop_assert!((pass_at(n, c, k).unwrap() - exact).abs() < 1e-9);
        }

        #[test]
        fn more_tries_and_more_passes_never_hurt(n in 2_u32..500, c in 0_u32..500, k in 1_u32..500) {
            let (c, k) = (c % n, k.min(n - 1));
            let value = pass_at(n, c, k).unwrap();
            prop_assert!((0.0..=1.0).contains(&value));
            prop_assert!(pass_at(n, c, k + 1).unwrap() >= value);
            prop_assert!(pass_at(n, c + 1, k).unwrap() >= value);
        }

        #[test]
        fn all_choices_of_k_samples_together_give_it(outcomes in prop::collection::vec(any::<bool>(), 1..10), k in 1_usize..10) {
            let n = outcomes.len();
            let k = k.min(n);
            let chosen = (0_u32..1 << n).filter(|set| set.count_ones() as usize == k);
            let (mut all, mut solved) = (0_u32, 0_u32);
            for set in chosen {
                all += 1;
                solved += u32::from((0..n).any(|i| set >> i & 1 == 1 && outcomes[i]));
            }
            let passed = outcomes.iter().filter(|passed| **passed).count();
            let found = pass_at(u32::try_from(n).unwrap(), u32::try_from(passed).unwrap(), u32::try_from(k).unwrap());
            prop_assert!((found.unwrap() - f64::from(solved) / f64::from(all)).abs() < 1e-12);
        }
    }
}
