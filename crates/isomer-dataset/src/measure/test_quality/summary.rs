//! All tasks together.

use std::collections::BTreeMap;

use isomer_measure::proportion::Proportion;
use isomer_record::Verdict;

use super::super::{Counted, Pools, Spread, TestQuality};
use super::outcome::TaskTests;
use crate::verify::Rates;

/// Adds up what was found about tasks, in any order. Two numbers a task stay in memory.
#[derive(Clone, Debug, Default)]
pub struct Summary {
    quality: TestQuality,
    unmeasured: BTreeMap<String, u64>,
    tests: Vec<f64>,
    kill_rates: Vec<f64>,
    near_misses: Part,
    mutants: Part,
    lines: Part,
    branches: Part,
}

/// Some of all.
#[derive(Clone, Copy, Debug, Default)]
struct Part {
    part: u64,
    of: u64,
}

impl Part {
    fn add(&mut self, part: impl Into<u64>, of: impl Into<u64>) {
        self.part += part.into();
        self.of += of.into();
    }

    fn share(self) -> Proportion {
        Proportion::of(self.part, self.of)
    }
}

impl Summary {
    /// Adds a task.
    #[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^52")]
    pub fn add(&mut self, task: &TaskTests) {
        if let Some(reason) = &task.unmeasured {
            *self.unmeasured.entry(reason.clone()).or_default() += 1;
            return;
        }
        self.quality.tasks += 1;
        self.quality.reference_rejected += u64::from(task.reference != Some(Verdict::Accepted));
        self.tests.push(task.tests as f64);
        self.near_misses.add(task.near_misses.killed, task.near_misses.counted);
        if let Some(mutants) = &task.mutants {
            let counted = mutants.made.saturating_sub(mutants.equivalent);
            self.mutants.add(mutants.killed, counted);
            self.quality.equivalent += u64::from(mutants.equivalent);
            if counted > 0 {
                self.kill_rates.push(f64::from(mutants.killed) / f64::from(counted));
            }
        }
        if let Some(coverage) = &task.coverage {
            self.lines.add(coverage.lines_reached, coverage.lines);
            self.branches.add(coverage.branches_taken, coverage.branches);
        }
    }

    /// What it all amounts to.
    pub fn finish(self, pools: Option<Pools>) -> TestQuality {
        let most = self.tests.iter().copied().fold(0.0, f64::max);
        let mut unmeasured: Vec<Counted> =
            self.unmeasured.into_iter().map(|(name, tasks)| Counted { name, tasks }).collect();
        unmeasured.sort_by(|one, other| {
            other.tasks.cmp(&one.tasks).then_with(|| one.name.cmp(&other.name))
        });
        TestQuality {
            unmeasured,
            tests: Spread::of(self.tests, 0.0, most),
            near_misses: self.near_misses.share(),
            mutants: self.mutants.share(),
            mutant_kill_rates: Spread::of(self.kill_rates, 0.0, 1.0),
            lines: self.lines.share(),
            branches: self.branches.share(),
            pools,
            ..self.quality
        }
    }
}

/// What the verdicts on labelled solutions say, if there were any.
pub fn pools(rates: &Rates) -> Option<Pools> {
    let pools = Pools { true_positive: rates.true_positive, true_negative: rates.true_negative };
    (pools.true_positive.of + pools.true_negative.of > 0).then_some(pools)
}

#[cfg(test)]
mod tests {
    use isomer_record::Verdict;

    use super::super::super::{Coverage, Mutants};
    use super::super::outcome::{NearMissKills, TaskTests};
    use super::Summary;

    #[test]
    fn tasks_add_up() {
        let task = TaskTests {
            tests: 10,
            reference: Some(Verdict::Accepted),
            near_misses: NearMissKills { counted: 4, killed: 3 },
            mutants: Some(Mutants { made: 10, equivalent: 2, killed: 6, ..Mutants::default() }),
            coverage: Some(Coverage {
                lines: 8,
                lines_reached: 7,
                branches: 4,
                branches_taken: 3,
                missed: vec![5],
            }),
            ..TaskTests::default()
        };
        let mut summary = Summary::default();
        summary.add(&task);
        let all_equivalent = Mutants { made: 3, equivalent: 3, ..Mutants::default() };
        summary.add(&TaskTests { mutants: Some(all_equivalent), ..task.clone() });
        summary.add(&TaskTests {
            reference: Some(Verdict::WrongAnswer),
            tests: 2,
            ..TaskTests::default()
        });
        for reason in ["b", "a", "a"] {
            summary.add(&TaskTests::unmeasured(reason));
        }
        let quality = summary.finish(None);
        assert_eq!((quality.tasks, quality.reference_rejected, quality.equivalent), (3, 1, 5));
        assert_eq!((quality.near_misses.share, quality.near_misses.of), (Some(0.75), 8));
        assert_eq!((quality.mutants.share, quality.mutants.of), (Some(0.75), 8));
        assert_eq!((quality.lines.of, quality.branches.share), (16, Some(0.75)));
        assert_eq!(quality.mutant_kill_rates.map(|spread| spread.count), Some(1));
        assert_eq!(quality.tests.map(|spread| (spread.count, spread.high)), Some((3, 10.0)));
        assert_eq!(quality.unmeasured[0].name, "a");
        assert_eq!(quality.unmeasured[0].tasks, 2);
        assert_eq!(Summary::default().finish(None).mutants.share, None);
    }
}
