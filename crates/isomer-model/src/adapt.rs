//! How many calls at once an endpoint bears: additive increase, multiplicative decrease.

/// What remains of the limit after an overload.
const DECREASE: f64 = 0.7;
/// Most successes that a step up takes.
const ROUND: f64 = 10.0;
/// Successes that a step takes that was too much before: probing costs a refused call each time.
const CAREFUL_ROUND: f64 = 50.0;

/// The limit of calls at once, between 1 and the cap.
#[derive(Debug)]
pub(crate) struct Adapt {
    cap: f64,
    limit: f64,
    /// Calls at once that were too many.
    ceiling: f64,
    /// Counts decreases: calls sent before the last one tell nothing about the new limit.
    epoch: u64,
}

#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "numbers of jobs are small and positive"
)]
impl Adapt {
    /// Starts at the cap: the user asked for so many.
    pub(crate) fn new(cap: usize) -> Self {
        let cap = cap.max(1) as f64;
        Self { cap, limit: cap, ceiling: f64::INFINITY, epoch: 0 }
    }

    pub(crate) fn limit(&self) -> usize {
        self.limit as usize
    }

    pub(crate) const fn epoch(&self) -> u64 {
        self.epoch
    }

    /// A call succeeded.
    pub(crate) fn succeeded(&mut self) {
        let next = self.limit.floor() + 1.0;
        let round = if next < self.ceiling { self.limit.clamp(1.0, ROUND) } else { CAREFUL_ROUND };
        self.limit = (self.limit + 1.0 / round).min(self.cap);
        if self.limit >= self.ceiling + 1.0 {
            // It bears more than it did: forget the old mark.
            self.ceiling = f64::INFINITY;
        }
    }

    /// A call of that epoch was refused, with so many at once.
    pub(crate) fn overloaded(&mut self, epoch: u64, in_flight: usize) {
        if epoch != self.epoch {
            return;
        }
        self.epoch += 1;
        self.ceiling = self.limit.floor().min(in_flight as f64).max(2.0);
        self.limit = (self.limit * DECREASE).max(1.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_storm_of_refusals_counts_once() {
        let mut adapt = Adapt::new(100);
        let epoch = adapt.epoch();
        for _ in 0..100 {
            adapt.overloaded(epoch, 100);
        }
        assert_eq!(adapt.limit(), 70);
    }

    #[test]
    fn it_never_falls_below_one_and_recovers_to_the_cap() {
        let mut adapt = Adapt::new(32);
        for _ in 0..100 {
            adapt.overloaded(adapt.epoch(), 1);
        }
        assert_eq!(adapt.limit(), 1);
        for _ in 0..500 {
            adapt.succeeded();
        }
        assert_eq!(adapt.limit(), 32);
    }

    #[test]
    fn a_server_with_four_slots_refuses_few_calls() {
        let mut adapt = Adapt::new(8);
        let (mut refused, mut served) = (0, 0);
        for _ in 0..1000 {
            let at_once = adapt.limit();
            served += at_once.min(4);
            for _ in 0..at_once.min(4) {
                adapt.succeeded();
            }
            if at_once > 4 {
                refused += at_once - 4;
                adapt.overloaded(adapt.epoch(), at_once);
            }
        }
        assert!(served > 3300, "{served} of 4000 slots used");
        assert!(refused * 25 < served, "{refused} refused, {served} served");
    }
}
