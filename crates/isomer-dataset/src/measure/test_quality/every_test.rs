//! What every test says of mutants that are known to be killed.

use futures::{StreamExt as _, TryStreamExt as _};
use isomer_record::Verdict;
use isomer_sandbox::SandboxError;
use isomer_syntax::Mutant;

use super::super::MutantKills;
use super::examine::in_time;
use super::mutation::{AT_ONCE, Attack};
use super::outcome::{kills_with, letters};
use super::trial::Trial;
use crate::verify::{Conditions, Judgement};

impl Attack<'_> {
    /// Runs every test on mutants that are killed, as far as the time goes.
    pub(super) async fn kills(
        &self,
        conditions: &Conditions,
        killed: &[(Mutant, Judgement)],
    ) -> Result<MutantKills, SandboxError> {
        let trial = Trial { conditions, ..*self.trial };
        let rows = killed.iter().map(|(mutant, judgement)| async {
            let known = first_kill(judgement);
            if judgement.verdict == Verdict::TimeLimit {
                // It is not run any further after that.
                return Ok::<_, SandboxError>(known);
            }
            let row = in_time(self.deadline, trial.row(&mutant.source)).await?;
            Ok(row.map(|row| row.verdicts).filter(|row| begins_alike(row, &known)).unwrap_or(known))
        });
        let rows: Vec<_> = futures::stream::iter(rows).buffered(AT_ONCE).try_collect().await?;
        Ok(MutantKills {
            of: MutantKills::digest(&trial.held.task),
            rows: rows.iter().map(|row| letters(row)).collect(),
        })
    }
}

/// What a run until the first failure says of each test.
fn first_kill(judgement: &Judgement) -> Vec<Verdict> {
    let verdict = |test: usize| match judgement.test {
        Some(first) if test < first => Verdict::Accepted,
        Some(first) if test > first => Verdict::NotRun,
        // Where no single test is to blame, all are.
        _ => judgement.verdict,
    };
    (0..judgement.tests).map(verdict).collect()
}

/// Whether two runs fail first on the same test. A mutant that does not behave twice alike may fail on
/// a test by chance, and must not be said to be killed by it.
fn begins_alike(row: &[Verdict], known: &[Verdict]) -> bool {
    let first = |row: &[Verdict]| row.iter().position(|verdict| kills_with(*verdict));
    first(row) == first(known)
}

#[cfg(test)]
mod tests {
    use isomer_record::Verdict::{self, Accepted, NotRun, RuntimeError, TimeLimit, WrongAnswer};

    use super::{begins_alike, first_kill};
    use crate::verify::Judgement;

    #[test]
    fn a_run_until_the_first_failure_tells_as_much_as_it_saw() {
        let of = |verdict: Verdict, test| {
            let (detail, answer) = (String::new(), 0);
            first_kill(&Judgement { verdict, test, tests: 3, detail, answer })
        };
        assert_eq!(of(WrongAnswer, Some(1)), [Accepted, WrongAnswer, NotRun]);
        assert_eq!(of(TimeLimit, Some(0)), [TimeLimit, NotRun, NotRun]);
        assert_eq!(of(RuntimeError, None), [RuntimeError; 3]);
    }

    #[test]
    fn a_row_counts_where_it_fails_first_as_before() {
        let known = [Accepted, WrongAnswer, NotRun];
        assert!(begins_alike(&[Accepted, RuntimeError, WrongAnswer], &known));
        assert!(!begins_alike(&[WrongAnswer, WrongAnswer, Accepted], &known));
        assert!(!begins_alike(&[Accepted, Accepted, WrongAnswer], &known));
        assert!(!begins_alike(&[Accepted, Accepted, Accepted], &known));
    }
}
