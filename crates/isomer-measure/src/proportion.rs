//! Shares of a whole with an interval that holds for small numbers.

use serde::Serialize;

/// Quantile of the normal distribution for 95 %.
const Z: f64 = 1.959_963_984_540_054;

/// A share with its 95 % interval by Wilson (*Probable Inference, the Law of Succession, and
/// Statistical Inference*, J. Am. Stat. Assoc. 22, 1927), which stays within 0 and 1 and has width
/// where all or none were counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Proportion {
    /// The share; `None` of nothing.
    pub share: Option<f64>,
    /// Lower end of the interval.
    pub low: Option<f64>,
    /// Upper end of the interval.
    pub high: Option<f64>,
    /// Of how many.
    pub of: u64,
}

impl Proportion {
    /// `part` of `of`.
    #[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^52")]
    pub fn of(part: u64, of: u64) -> Self {
        Self::mean(part as f64, of)
    }

    /// The mean of `of` values between 0 and 1 whose sum is given. None of them spreads more than
    /// noughts and ones of the same mean, so that the interval is wide enough.
    #[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^52")]
    pub fn mean(sum: f64, of: u64) -> Self {
        if of == 0 {
            return Self::default();
        }
        let number = of as f64;
        let share = sum / number;
        let squared = Z * Z / number;
        let middle = (share + squared / 2.0) / (1.0 + squared);
        let variance = (share * (1.0 - share)).max(0.0) / number;
        let half = Z / (1.0 + squared) * (variance + squared / (4.0 * number)).sqrt();
        Self {
            share: Some(share),
            low: Some(if share <= 0.0 { 0.0 } else { (middle - half).max(0.0) }),
            high: Some(if share >= 1.0 { 1.0 } else { (middle + half).min(1.0) }),
            of,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Proportion;

    fn interval(part: u64, of: u64) -> (f64, f64) {
        let proportion = Proportion::of(part, of);
        (proportion.low.unwrap(), proportion.high.unwrap())
    }

    /// Figures of Newcombe (*Statistics in Medicine* 17, 1998), table I, method 3.
    #[test]
    fn the_intervals_are_those_in_print() {
        for (part, of, low, high) in [
            (81, 263, 0.2553, 0.3662),
            (15, 148, 0.0624, 0.1605),
            (0, 20, 0.0, 0.1611),
            (1, 29, 0.0061, 0.1718),
        ] {
            let (found_low, found_high) = interval(part, of);
            assert!((found_low - low).abs() < 5e-5, "{part}/{of}: {found_low}");
            assert!((found_high - high).abs() < 5e-5, "{part}/{of}: {found_high}");
        }
        assert_eq!(interval(20, 20).1.to_bits(), 1.0_f64.to_bits());
        assert_eq!(Proportion::of(0, 0), Proportion::default());
    }
}
