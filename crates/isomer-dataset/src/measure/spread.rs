//! Numbers of tasks, summed up.

use isomer_measure::spread::{histogram, quantile};

use super::Spread;

/// Bins of a histogram.
const BINS: usize = 20;

/// Which quantiles are told.
const SHARES: [f64; 7] = [0.0, 0.05, 0.25, 0.5, 0.75, 0.95, 1.0];

impl Spread {
    /// How these numbers are spread, with bins from `low` to `high`; `None` of no numbers.
    #[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^52")]
    pub fn of(mut numbers: Vec<f64>, low: f64, high: f64) -> Option<Self> {
        if numbers.is_empty() {
            return None;
        }
        numbers.sort_by(f64::total_cmp);
        Some(Self {
            count: numbers.len() as u64,
            mean: numbers.iter().sum::<f64>() / numbers.len() as f64,
            quantiles: SHARES.map(|share| quantile(&numbers, share)),
            low,
            high,
            bins: histogram(&numbers, low, high, BINS),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Spread;

    #[test]
    fn a_spread_tells_where_numbers_lie() {
        let numbers = (0..=100).rev().map(|percent| f64::from(percent) / 100.0);
        let spread = Spread::of(numbers.collect(), 0.0, 1.0).unwrap();
        assert_eq!(spread.count, 101);
        for (found, wanted) in spread.quantiles.iter().zip(super::SHARES) {
            assert!((found - wanted).abs() < 1e-12);
        }
        assert!((spread.mean - 0.5).abs() < 1e-12);
        assert_eq!(spread.bins.iter().sum::<u64>(), 101);
        assert_eq!(spread.bins[19], 6);
        assert_eq!(Spread::of(Vec::new(), 0.0, 1.0), None);
    }
}
