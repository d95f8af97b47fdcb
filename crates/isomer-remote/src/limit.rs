//! How many requests at once a server bears: additive increase, multiplicative decrease.

/// What remains of the limit after an overload.
const DECREASE: f64 = 0.7;
/// Fewest successes that a step up takes: a step too far costs a refused request and a rest.
const ROUND: f64 = 10.0;

/// A limit between 1 and a cap.
#[derive(Clone, Debug)]
pub(crate) struct Limit {
    cap: f64,
    current: f64,
    /// Counts decreases: requests sent before the last one tell nothing about the new limit.
    epoch: u64,
}

#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "numbers of requests are small and positive"
)]
impl Limit {
    /// Starts at `start`.
    pub(crate) fn new(start: usize, cap: usize) -> Self {
        Self { cap: cap.max(1) as f64, current: start.clamp(1, cap.max(1)) as f64, epoch: 0 }
    }

    /// Requests at once.
    pub(crate) fn now(&self) -> usize {
        self.current as usize
    }

    /// Which limit holds.
    pub(crate) const fn epoch(&self) -> u64 {
        self.epoch
    }

    /// A request succeeded while so many were in flight; a limit that is not reached is not raised.
    pub(crate) fn succeeded(&mut self, in_flight: usize) {
        if in_flight >= self.now() {
            self.current = (self.current + 1.0 / self.current.max(ROUND)).min(self.cap);
        }
    }

    /// A request sent in that epoch was too much.
    pub(crate) fn overloaded(&mut self, epoch: u64) {
        if epoch == self.epoch {
            self.epoch += 1;
            self.current = (self.current * DECREASE).floor().max(1.0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Limit;

    #[test]
    fn a_storm_of_refusals_counts_once() {
        let mut limit = Limit::new(20, 64);
        let epoch = limit.epoch();
        for _ in 0..20 {
            limit.overloaded(epoch);
        }
        assert_eq!(limit.now(), 14);
    }

    #[test]
    fn it_stays_between_one_and_the_cap() {
        let mut limit = Limit::new(8, 16);
        for _ in 0..100 {
            limit.overloaded(limit.epoch());
        }
        assert_eq!(limit.now(), 1);
        for _ in 0..1000 {
            limit.succeeded(limit.now());
        }
        assert_eq!(limit.now(), 16);
    }

    #[test]
    fn a_limit_that_is_not_reached_is_not_raised() {
        let mut limit = Limit::new(8, 16);
        for _ in 0..1000 {
            limit.succeeded(3);
        }
        assert_eq!(limit.now(), 8);
    }
}
