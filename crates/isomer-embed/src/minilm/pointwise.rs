//! What is done to rows of numbers, written so that the compiler finds the vectors. These are types
//! and not closures because a closure is compiled apart, for the oldest processor.

#![expect(
    clippy::inline_always,
    reason = "a function of its own would be compiled for the oldest processor"
)]

use pulp::{Simd, WithSimd};

/// Sums are made in this many lanes on every machine, so that they are the same everywhere.
const LANES: usize = 16;

/// Coefficients of the Cephes library's `expf` (S. Moshier), for arguments within half of ln 2.
const EXPONENTIAL: [f32; 6] =
    [1.987_569_1e-4, 1.398_2e-3, 8.333_452e-3, 4.166_579_6e-2, 1.666_666_5e-1, 0.5];

/// Abramowitz and Stegun, "Handbook of mathematical functions", 7.1.26; the error is below 1.5e-7.
const ERROR_FUNCTION: [f32; 5] = [1.061_405_4, -1.453_152, 1.421_413_7, -0.284_496_74, 0.254_829_6];
const ERROR_FUNCTION_SCALE: f32 = 0.327_591_1;

/// `e` to the power of a number that is not positive.
#[inline(always)]
fn exponential(value: f32) -> f32 {
    /// Added to a number it leaves the nearest whole number in the lowest bits.
    const ROUNDING: f32 = 12_582_912.0;
    const LN_2_HIGH: f32 = 0.693_359_4;
    const LN_2_LOW: f32 = -2.121_944_4e-4;
    let value = value.max(-87.0);
    let rounded = value * std::f32::consts::LOG2_E + ROUNDING;
    let power = rounded - ROUNDING;
    let rest = value - power * LN_2_HIGH - power * LN_2_LOW;
    let sum = EXPONENTIAL.iter().fold(0.0, |sum, coefficient| sum * rest + coefficient);
    let mantissa = sum * rest * rest + rest + 1.0;
    let two_to_the_power = f32::from_bits((rounded.to_bits() << 23).wrapping_add(127 << 23));
    mantissa * two_to_the_power
}

/// The error function, of which BERT's activation is made.
#[inline(always)]
fn error_function(value: f32) -> f32 {
    let size = value.abs();
    let place = 1.0 / (1.0 + ERROR_FUNCTION_SCALE * size);
    let sum = ERROR_FUNCTION.iter().fold(0.0, |sum, coefficient| (sum + coefficient) * place);
    (1.0 - sum * exponential(-size * size)).copysign(value)
}

/// The Gaussian error linear unit, in its exact form.
pub(super) struct Gelu<'a>(pub(super) &'a mut [f32]);

impl WithSimd for Gelu<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        gelu(self.0);
    }
}

#[inline(always)]
fn gelu(values: &mut [f32]) {
    for value in values {
        *value *= 0.5 + 0.5 * error_function(*value * std::f32::consts::FRAC_1_SQRT_2);
    }
}

/// Makes shares of 1 out of the first `count` numbers of every row, after multiplying them with
/// `scale`.
pub(super) struct Softmax<'a> {
    pub(super) rows: &'a mut [f32],
    pub(super) stride: usize,
    pub(super) count: usize,
    pub(super) scale: f32,
}

impl WithSimd for Softmax<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        for row in self.rows.chunks_exact_mut(self.stride) {
            softmax(&mut row[..self.count], self.scale);
        }
    }
}

#[inline(always)]
fn softmax(values: &mut [f32], scale: f32) {
    let largest = fold(values, f32::NEG_INFINITY, f32::max);
    for value in &mut *values {
        *value = exponential((*value - largest) * scale);
    }
    let share = 1.0 / sum(values);
    for value in values {
        *value *= share;
    }
}

/// Adds `residual` and brings every row to mean 0 and variance 1, then to the trained scale and shift.
pub(super) struct AddAndNormalise<'a> {
    pub(super) rows: &'a mut [f32],
    pub(super) residual: &'a [f32],
    pub(super) scale: &'a [f32],
    pub(super) shift: &'a [f32],
    pub(super) epsilon: f32,
}

impl WithSimd for AddAndNormalise<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        let width = self.scale.len();
        let rows = self.rows.chunks_exact_mut(width).zip(self.residual.chunks_exact(width));
        for (row, residual) in rows {
            add_and_normalise(row, residual, self.scale, self.shift, self.epsilon);
        }
    }
}

#[inline(always)]
fn add_and_normalise(
    values: &mut [f32],
    residual: &[f32],
    scale: &[f32],
    shift: &[f32],
    epsilon: f32,
) {
    for (value, residual) in values.iter_mut().zip(residual) {
        *value += residual;
    }
    #[expect(clippy::cast_precision_loss, reason = "a width is far below 2^24")]
    let count = values.len() as f32;
    let mean = sum(values) / count;
    for value in &mut *values {
        *value -= mean;
    }
    let factor = 1.0 / (sum_of_squares(values) / count + epsilon).sqrt();
    for ((value, scale), shift) in values.iter_mut().zip(scale).zip(shift) {
        *value = *value * factor * scale + shift;
    }
}

/// Brings a vector to length 1.
pub(super) fn normalise(values: &mut [f32]) {
    let factor = 1.0 / sum_of_squares(values).sqrt().max(1e-12);
    for value in values {
        *value *= factor;
    }
}

#[inline(always)]
fn sum(values: &[f32]) -> f32 {
    fold(values, 0.0, |one, other| one + other)
}

#[inline(always)]
fn sum_of_squares(values: &[f32]) -> f32 {
    let mut lanes = [0.0; LANES];
    let (chunks, rest) = values.as_chunks::<LANES>();
    for chunk in chunks {
        for (lane, value) in lanes.iter_mut().zip(chunk) {
            *lane += value * value;
        }
    }
    rest.iter().map(|value| value * value).chain(lanes).sum()
}

#[inline(always)]
fn fold(values: &[f32], first: f32, both: impl Fn(f32, f32) -> f32) -> f32 {
    let mut lanes = [first; LANES];
    let (chunks, rest) = values.as_chunks::<LANES>();
    for chunk in chunks {
        for (lane, value) in lanes.iter_mut().zip(chunk) {
            *lane = both(*lane, *value);
        }
    }
    rest.iter().copied().chain(lanes).fold(first, both)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gelu_agrees_with_known_values() {
        // From a computation with 50 digits.
        let known = [
            (-6.0, -5.919e-9),
            (-3.0, -0.004_049_694),
            (-1.0, -0.158_655_25),
            (-0.1, -0.046_017_216),
            (0.0, 0.0),
            (0.5, 0.345_731_23),
            (2.0, 1.954_499_7),
            (8.0, 8.0),
        ];
        for (value, expected) in known {
            let mut values = [value];
            gelu(&mut values);
            assert!((values[0] - expected).abs() < 1e-6, "{value} {values:?}");
        }
    }

    #[test]
    fn exponentials_are_as_precise_as_numbers_are() {
        for step in 0_u16..8700 {
            let value = -f32::from(step) / 100.0;
            let expected = f64::from(value).exp();
            let error = (f64::from(exponential(value)) - expected).abs() / expected;
            assert!(error < 3e-7, "{value}: {error}");
        }
        assert!(exponential(-1e30) < 1e-37);
    }

    #[test]
    fn softmax_makes_shares_of_any_numbers() {
        for count in [1_u16, 5, 16, 33, 256] {
            let mut values: Vec<f32> =
                (0..count).map(|place| f32::from(place % 7) * 300.0).collect();
            softmax(&mut values, 0.001);
            assert!((values.iter().sum::<f32>() - 1.0).abs() < 1e-5);
            if count > 1 {
                assert!((f64::from(values[1] / values[0]) - 0.3_f64.exp()).abs() < 1e-5);
            }
        }
    }

    #[test]
    fn rows_are_normalised_after_the_sum() {
        let mut values = [1.0, 2.0, 3.0, 6.0];
        add_and_normalise(&mut values, &[1.0, 0.0, -1.0, 0.0], &[2.0; 4], &[0.5; 4], 0.0);
        // Of 2, 2, 2 and 6: mean 3, deviation the square root of 3.
        let expected = [-1.0, -1.0, -1.0, 3.0].map(|value: f32| 2.0 * value / 3.0_f32.sqrt() + 0.5);
        for (value, expected) in values.iter().zip(expected) {
            assert!((value - expected).abs() < 1e-6, "{values:?}");
        }
    }
}
