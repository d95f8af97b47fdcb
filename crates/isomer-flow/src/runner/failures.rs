//! Noticing that nothing works any more, before a million items have failed.

use isomer_record::Boundary;

use crate::flow::Class;

/// Failures in a row at one boundary after which a run stops.
pub(super) const MOST_IN_A_ROW: u32 = 50;

/// Failures since something last went well.
#[derive(Debug, Default)]
pub(super) struct Failures {
    model: u32,
    recording: u32,
    sandbox: u32,
    store: u32,
}

impl Failures {
    /// An item was judged, so what its stage waits for works.
    pub(super) const fn went_well(&mut self, class: Class) {
        match class {
            Class::Model => (self.model, self.recording) = (0, 0),
            Class::Sandbox => self.sandbox = 0,
        }
    }

    /// An item failed; returns the failures in a row when they are too many.
    pub(super) fn failed(&mut self, boundary: Boundary) -> Option<u32> {
        let count = match boundary {
            Boundary::Model => &mut self.model,
            Boundary::Recording => &mut self.recording,
            Boundary::Sandbox => &mut self.sandbox,
            Boundary::Store => &mut self.store,
        };
        *count += 1;
        (*count > MOST_IN_A_ROW).then_some(*count)
    }
}

#[cfg(test)]
mod tests {
    use isomer_record::Boundary;

    use super::{Failures, MOST_IN_A_ROW};
    use crate::flow::Class;

    #[test]
    fn only_failures_in_a_row_at_one_boundary_add_up() {
        let mut failures = Failures::default();
        for _ in 0..MOST_IN_A_ROW {
            assert_eq!(failures.failed(Boundary::Sandbox), None);
            assert_eq!(failures.failed(Boundary::Model), None);
            failures.went_well(Class::Model);
        }
        assert_eq!(failures.failed(Boundary::Model), None);
        assert_eq!(failures.failed(Boundary::Sandbox), Some(MOST_IN_A_ROW + 1));
        failures.went_well(Class::Sandbox);
        assert_eq!(failures.failed(Boundary::Sandbox), None);
    }
}
