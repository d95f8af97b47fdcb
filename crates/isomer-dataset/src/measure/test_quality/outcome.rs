//! What was found about the tests of one task.

use isomer_record::{JudgeMode, NearMiss, NearMissStatus, Verdict};
use serde::{Deserialize, Serialize};

use super::super::{Coverage, Mutants, TestMatrix};
use super::settings::Until;

/// What was found about the tests of one task. Kept on disk as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskTests {
    /// Why nothing was run: the same words for the same reason.
    pub unmeasured: Option<String>,
    /// How many tests there are.
    pub tests: usize,
    /// What the tests say of the reference solution; if that is not accepted, nothing else was done
    /// but the matrix.
    pub reference: Option<Verdict>,
    /// Near-misses killed.
    pub near_misses: NearMissKills,
    /// Which test finds which near-miss; none where there are no near-misses.
    pub matrix: Option<TestMatrix>,
    /// What became of the mutants; none where the reference cannot be parsed.
    pub mutants: Option<Mutants>,
    /// What of the reference the tests reach; none where that could not be told.
    pub coverage: Option<Coverage>,
    /// Whether the time ran out before all was done.
    pub cut: bool,
}

impl TaskTests {
    /// A task whose tests were not run.
    pub fn unmeasured(reason: impl Into<String>) -> Self {
        Self { unmeasured: Some(reason.into()), ..Self::default() }
    }

    /// Whether this is all that there is to find where mutants are run so long.
    pub fn reaches(&self, until: Until) -> bool {
        let kills = self.mutants.as_ref().is_none_or(|mutants| mutants.kills.is_some());
        until == Until::FirstKill || kills
    }
}

/// How many near-misses count, and how many of them the tests kill.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NearMissKills {
    /// Those that the tests kill, and those that survive without being known to be right; near-misses
    /// that never ran are left out.
    pub counted: u64,
    /// Killed.
    pub killed: u64,
}

impl NearMissKills {
    /// Counts the rows of a matrix. What the maker of the dataset left out for good reason is left
    /// out here too.
    pub(super) fn of(near_misses: &[NearMiss], rows: &[Vec<Verdict>]) -> Self {
        let mut kills = Self::default();
        for (near_miss, row) in near_misses.iter().zip(rows) {
            let killed = row.iter().any(|verdict| kills_with(*verdict));
            let counts = match near_miss.status {
                NearMissStatus::Killed | NearMissStatus::Survived => true,
                NearMissStatus::Indistinguishable => killed,
                NearMissStatus::Invalid => false,
            };
            kills.counted += u64::from(counts);
            kills.killed += u64::from(counts && killed);
        }
        kills
    }
}

/// Whether a verdict counts against a program; a test that was not run says nothing.
pub(super) const fn kills_with(verdict: Verdict) -> bool {
    !matches!(verdict, Verdict::Accepted | Verdict::NotRun)
}

/// One letter for each verdict.
pub(super) fn letters(row: &[Verdict]) -> String {
    let letter = |verdict: &Verdict| match verdict {
        Verdict::Accepted => 'A',
        Verdict::WrongAnswer => 'W',
        Verdict::RuntimeError | Verdict::OutputLimit => 'R',
        Verdict::TimeLimit => 'T',
        Verdict::MemoryLimit => 'M',
        Verdict::CompileError | Verdict::MissingFunction => 'C',
        Verdict::NotRun => '-',
    };
    row.iter().map(letter).collect()
}

/// Whether solutions of this mode run as `__main__`.
pub(super) const fn runs_as_main(mode: JudgeMode) -> bool {
    matches!(mode, JudgeMode::Stdio)
}

#[cfg(test)]
mod tests {
    use isomer_record::Verdict::{
        self, Accepted, MissingFunction, NotRun, OutputLimit, TimeLimit, WrongAnswer,
    };
    use isomer_record::{NearMiss, NearMissStatus};

    use super::super::super::{MutantKills, Mutants};
    use super::super::settings::Until;
    use super::{NearMissKills, TaskTests, letters};

    #[test]
    fn what_was_found_with_every_test_does_for_less_and_not_the_other_way_round() {
        let of = |mutants| TaskTests { mutants, ..TaskTests::default() };
        let kills = Some(MutantKills::default());
        let whole = of(Some(Mutants { kills, ..Mutants::default() }));
        assert!(whole.reaches(Until::LastTest) && whole.reaches(Until::FirstKill));
        let less = of(Some(Mutants::default()));
        assert!(!less.reaches(Until::LastTest) && less.reaches(Until::FirstKill));
        assert!(of(None).reaches(Until::LastTest));
    }

    #[test]
    fn rows_are_written_by_letters() {
        assert_eq!(letters(&[Accepted, WrongAnswer, TimeLimit, NotRun]), "AWT-");
        assert_eq!(letters(&[OutputLimit, MissingFunction]), "RC");
    }

    fn near_miss(status: NearMissStatus) -> NearMiss {
        NearMiss {
            code: String::new(),
            mistake: String::new(),
            verdict_before: Accepted,
            verdict_after: Accepted,
            status,
            verdicts: Vec::new(),
        }
    }

    #[test]
    fn what_is_run_counts_and_not_what_was_written_down() {
        use NearMissStatus::{Indistinguishable, Invalid, Killed, Survived};
        let of = |cases: &[(NearMissStatus, &[Verdict])]| {
            let near_misses: Vec<NearMiss> =
                cases.iter().map(|(status, _)| near_miss(*status)).collect();
            let rows: Vec<Vec<Verdict>> = cases.iter().map(|(_, row)| row.to_vec()).collect();
            let kills = NearMissKills::of(&near_misses, &rows);
            (kills.killed, kills.counted)
        };
        assert_eq!(
            of(&[(Killed, &[Accepted, WrongAnswer]), (Survived, &[Accepted, NotRun])]),
            (1, 2)
        );
        assert_eq!(of(&[(Killed, &[Accepted]), (Survived, &[TimeLimit])]), (1, 2));
        assert_eq!(of(&[(Indistinguishable, &[Accepted]), (Invalid, &[WrongAnswer])]), (0, 0));
        assert_eq!(of(&[(Indistinguishable, &[WrongAnswer])]), (1, 1));
    }
}
