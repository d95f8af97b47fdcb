//! Mutants of the reference before the tests, and those that survive before other inputs.

use futures::{StreamExt as _, TryStreamExt as _};
use isomer_record::Verdict;
use isomer_sandbox::{Limits, SandboxError};
use isomer_syntax::Mutant;
use tokio::time::Instant;

use super::super::{Mutants, Survivor};
use super::examine::in_time;
use super::fresh;
use super::settings::{TestSettings, Until};
use super::trial::Trial;
use crate::verify::tasks::Held;
use crate::verify::{Conditions, Judgement};

/// Mutants of one task that run at once; the sandbox's slots decide how many really do.
pub(super) const AT_ONCE: usize = 4;

/// An attack on the tests of a task.
pub(super) struct Attack<'all> {
    pub(super) trial: &'all Trial<'all>,
    pub(super) settings: &'all TestSettings,
    pub(super) until: Until,
    pub(super) deadline: Instant,
    /// Processor time of the reference on its slowest test.
    pub(super) cpu_ms: u64,
}

impl Attack<'_> {
    /// Runs all mutants; the second value tells whether the time ran out.
    pub(super) async fn run(&self, mutants: Vec<Mutant>) -> Result<(Mutants, bool), SandboxError> {
        let conditions = Conditions {
            limits: tight(&self.settings.conditions.limits, self.cpu_ms),
            packages: self.settings.conditions.packages.clone(),
        };
        let judgements = self.judge(self.trial.held, &conditions, &mutants).await?;
        let mut found = Mutants::default();
        let (mut survivors, mut killed) = (Vec::new(), Vec::new());
        let mut cut = false;
        for (mutant, judgement) in mutants.into_iter().zip(judgements) {
            found.made += u32::from(judgement.is_some());
            match judgement {
                None => cut = true,
                Some(one) if one.verdict == Verdict::Accepted => survivors.push(mutant),
                Some(one) => {
                    found.killed += 1;
                    killed.push((mutant, one));
                }
            }
        }
        if !survivors.is_empty() {
            let searched = in_time(self.deadline, fresh::inputs(self.trial, self.settings)).await?;
            cut |= searched.is_none();
            if let Some(fresh) = searched.flatten() {
                survivors =
                    self.without_equivalents(survivors, &fresh, &conditions, &mut found).await?;
            }
        }
        found.survivors = survivors.into_iter().map(survivor).collect();
        if self.until == Until::LastTest {
            // Last, so that no other figure is without the time that this takes.
            found.kills = Some(self.kills(&conditions, &killed).await?);
        }
        Ok((found, cut))
    }

    /// Leaves out mutants that agree with the reference on enough other inputs.
    async fn without_equivalents(
        &self,
        survivors: Vec<Mutant>,
        fresh: &Held,
        conditions: &Conditions,
        found: &mut Mutants,
    ) -> Result<Vec<Mutant>, SandboxError> {
        if self.trial.held.suite.len() + fresh.suite.len() < self.settings.inputs {
            return Ok(survivors);
        }
        let judgements = self.judge(fresh, conditions, &survivors).await?;
        let mut separated = Vec::new();
        for (mutant, judgement) in survivors.into_iter().zip(judgements) {
            if judgement.is_some_and(|one| one.verdict == Verdict::Accepted) {
                found.equivalent += 1;
            } else {
                separated.push(mutant);
            }
        }
        Ok(separated)
    }

    /// How each mutant is judged; not at all where the time was too short for it.
    async fn judge(
        &self,
        held: &Held,
        conditions: &Conditions,
        mutants: &[Mutant],
    ) -> Result<Vec<Option<Judgement>>, SandboxError> {
        let judgements = mutants.iter().map(|mutant| async {
            let judgement = held.judge(&mutant.source, conditions, self.trial.sandbox);
            in_time(self.deadline, judgement).await
        });
        futures::stream::iter(judgements).buffered(AT_ONCE).try_collect().await
    }
}

/// A mutant that takes more than ten times as long as the reference hangs, or does something else:
/// it counts as killed, and need not be waited for.
fn tight(limits: &Limits, reference_ms: u64) -> Limits {
    const FACTOR: u64 = 10;
    const START_MS: u64 = 1_000;
    let cpu_ms = limits.cpu_ms.min(FACTOR * reference_ms + START_MS);
    Limits { cpu_ms, wall_ms: limits.wall_ms.min(5 * (cpu_ms + START_MS)), ..*limits }
}

fn survivor(mutant: Mutant) -> Survivor {
    Survivor {
        line: mutant.line,
        operator: mutant.operator.as_str().to_owned(),
        before: mutant.before,
        after: mutant.after,
    }
}

#[cfg(test)]
mod tests {
    use isomer_sandbox::Limits;

    use super::tight;

    #[test]
    fn mutants_get_a_multiple_of_the_reference_but_never_more_than_it() {
        let limits = Limits { cpu_ms: 4_000, wall_ms: 20_000, ..Limits::default() };
        let times = |reference| {
            let limits = tight(&limits, reference);
            (limits.cpu_ms, limits.wall_ms)
        };
        assert_eq!(times(0), (1_000, 10_000));
        assert_eq!(times(50), (1_500, 12_500));
        assert_eq!(times(3_000), (4_000, 20_000));
    }
}
