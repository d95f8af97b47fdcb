//! The tolerance between floats.

/// Largest difference, absolute or relative, between floats that count as equal.
const TOLERANCE: f64 = 1e-9;

/// Whether two floats are equal within the tolerance; NaN equals NaN, infinities only themselves.
pub(super) fn close(left: f64, right: f64) -> bool {
    // Equal infinities have no difference to measure.
    #[expect(clippy::float_cmp, reason = "exact equality is the first way to be close")]
    if left == right || (left.is_nan() && right.is_nan()) {
        return true;
    }
    let difference = (left - right).abs();
    difference.is_finite() && difference <= TOLERANCE.max(TOLERANCE * left.abs().max(right.abs()))
}

#[cfg(test)]
mod tests {
    use super::close;

    #[test]
    fn closeness() {
        assert!(close(0.1 + 0.2, 0.3));
        assert!(close(1e20, 1e20 + 1e10));
        assert!(!close(1.0, 1.000_001));
        assert!(close(f64::INFINITY, f64::INFINITY));
        assert!(!close(f64::INFINITY, f64::MAX));
        assert!(!close(f64::INFINITY, f64::NEG_INFINITY));
        assert!(!close(f64::NAN, 0.0));
    }
}
