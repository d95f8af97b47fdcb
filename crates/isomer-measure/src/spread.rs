//! How numbers are spread: quantiles and a histogram.

/// The quantile of sorted numbers at `share`, from 0 to 1, linear between the two nearest (type 7 of
/// Hyndman and Fan, *Sample Quantiles in Statistical Packages*, 1996, the default of NumPy). 0 of
/// nothing.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "places stay far below 2^52"
)]
pub fn quantile(sorted: &[f64], share: f64) -> f64 {
    let Some(last) = sorted.len().checked_sub(1) else { return 0.0 };
    let place = share.clamp(0.0, 1.0) * last as f64;
    let below = (place as usize).min(last);
    let (low, high) = (sorted[below], sorted[(below + 1).min(last)]);
    low + (high - low) * (place - below as f64)
}

/// How many numbers lie in each of `bins` bins of equal width from `low` to `high`. The last bin holds
/// its upper end, too; what is outside counts in the nearest bin.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a bin's number is small, and a negative one becomes 0"
)]
pub fn histogram(numbers: &[f64], low: f64, high: f64, bins: usize) -> Vec<u64> {
    let mut counts = vec![0; bins];
    let Some(last) = bins.checked_sub(1) else { return counts };
    let scale = if high > low { bins as f64 / (high - low) } else { 0.0 };
    for number in numbers {
        let bin = ((number - low) * scale).max(0.0) as usize;
        counts[bin.min(last)] += 1;
    }
    counts
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{histogram, quantile};

    #[test]
    fn quantiles_lie_between_neighbours() {
        let sorted = [1.0, 2.0, 4.0, 8.0];
        for (share, wanted) in [(0.0, 1.0), (0.5, 3.0), (0.25, 1.75), (1.0, 8.0), (2.0, 8.0)] {
            assert!((quantile(&sorted, share) - wanted).abs() < 1e-12, "{share}");
        }
        assert_eq!((quantile(&[], 0.5), quantile(&[3.0], 0.9)), (0.0, 3.0));
    }

    #[test]
    fn what_is_outside_counts_in_the_nearest_bin() {
        assert_eq!(histogram(&[-9.0, 0.0, 0.49, 0.5, 1.0, 7.0], 0.0, 1.0, 2), [3, 3]);
        assert_eq!(histogram(&[1.0, 1.0], 1.0, 1.0, 3), [2, 0, 0]);
        assert!(histogram(&[1.0], 0.0, 1.0, 0).is_empty());
    }

    proptest! {
        #[test]
        fn every_number_is_counted_once(
            numbers in prop::collection::vec(-2.0_f64..2.0, 0..50), bins in 1_usize..30
        ) {
            let counts = histogram(&numbers, -1.0, 1.0, bins);
            prop_assert_eq!(counts.iter().sum::<u64>(), numbers.len() as u64);
        }

        #[test]
        fn quantiles_rise(mut numbers in prop::collection::vec(-2.0_f64..2.0, 1..50)) {
            numbers.sort_by(f64::total_cmp);
            let found: Vec<f64> = (0..=20).map(|at| quantile(&numbers, f64::from(at) / 20.0)).collect();
            prop_assert!(found.is_sorted());
            prop_assert_eq!((found[0], found[20]), (numbers[0], numbers[numbers.len() - 1]));
        }
    }
}
