//! What to claim next, and how much: pure decisions.

use isomer_record::Stage;

use crate::flow::Class;
use crate::stages::FlowSettings;

const EARLIEST_FIRST: [Stage; 4] =
    [Stage::Decompose, Stage::Recombine, Stage::Design, Stage::Solve];
const LATEST_FIRST: [Stage; 4] = [Stage::Solve, Stage::Design, Stage::Recombine, Stage::Decompose];
const SANDBOX: [Stage; 2] = [Stage::Harden, Stage::Verify];

/// Chains kept open for each job. Fewer starve the jobs while blueprints wait for references, more
/// only delay the first tasks.
const CHAINS_FOR_EACH_JOB: u64 = 8;

/// Items that wait in line for a job beyond the third of the jobs that a batch of claims may leave
/// empty.
const SPARE: usize = 4;

/// Items in flight at once. Each class has its own cap, so that items waiting for a jail never take
/// the place of items that could talk to the model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Capacity {
    pub(super) model: usize,
    pub(super) sandbox: usize,
    window: u64,
}

impl Capacity {
    pub(super) fn of(settings: &FlowSettings) -> Self {
        let jobs = settings.jobs.max(1);
        Self {
            model: jobs + jobs / 3 + SPARE,
            sandbox: jobs + 4 * settings.sandbox_slots.max(1),
            window: CHAINS_FOR_EACH_JOB * jobs as u64,
        }
    }

    pub(super) const fn most(&self, class: Class) -> usize {
        match class {
            Class::Model => self.model,
            Class::Sandbox => self.sandbox,
        }
    }

    /// The stages of a class in the order in which they are claimed. Late stages go first, so that
    /// tasks come out while seeds still go in; but below the window new chains are opened first, or
    /// a small run would end with a long tail of chains begun late.
    pub(super) const fn order(&self, class: Class, open_chains: u64) -> &'static [Stage] {
        match class {
            Class::Sandbox => &SANDBOX,
            Class::Model if open_chains < self.window => &EARLIEST_FIRST,
            Class::Model => &LATEST_FIRST,
        }
    }

    /// How many items to claim with `busy` in flight. Claims are commits, so they are made in
    /// batches unless little is left to do.
    pub(super) const fn claim(&self, class: Class, busy: usize) -> usize {
        let free = self.most(class).saturating_sub(busy);
        if free >= self.most(class).div_ceil(4) { free } else { 0 }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use isomer_record::Stage;

    use super::Capacity;
    use crate::flow::{Class, FLOW};
    use crate::stages::FlowSettings;

    fn capacity() -> Capacity {
        Capacity::of(&FlowSettings { jobs: 4, sandbox_slots: 2, ..FlowSettings::default() })
    }

    #[test]
    fn every_stage_is_claimed_whatever_is_open() {
        for open in [0, u64::MAX] {
            for class in [Class::Model, Class::Sandbox] {
                let claimed: BTreeSet<Stage> =
                    capacity().order(class, open).iter().copied().collect();
                let of_class: BTreeSet<Stage> =
                    FLOW.iter().filter(|row| row.class == class).map(|row| row.stage).collect();
                assert_eq!(claimed, of_class);
            }
        }
    }

    #[test]
    fn chains_are_opened_first_until_the_window_is_full() {
        assert_eq!(capacity().order(Class::Model, 31)[0], Stage::Decompose);
        assert_eq!(capacity().order(Class::Model, 32)[0], Stage::Solve);
    }

    #[test]
    fn claims_come_in_batches_and_never_exceed_the_cap() {
        let capacity = capacity();
        assert_eq!((capacity.model, capacity.sandbox), (9, 12));
        assert_eq!(capacity.claim(Class::Model, 0), 9);
        assert_eq!(capacity.claim(Class::Model, 6), 3);
        assert_eq!(capacity.claim(Class::Model, 7), 0);
        assert_eq!(capacity.claim(Class::Sandbox, 20), 0);
    }

    #[test]
    fn batches_of_claims_leave_no_job_without_an_item() {
        for jobs in 1..300 {
            let capacity = Capacity::of(&FlowSettings { jobs, ..FlowSettings::default() });
            for busy in 0..jobs {
                assert!(capacity.claim(Class::Model, busy) > 0, "{busy} of {jobs}");
            }
        }
    }
}
