//! A near-miss in the fight.

use isomer_record::Verdict;

use crate::reply::NearMissDraft;
use crate::trial::failed;

/// A near-miss with its verdict on each test of the current suite.
#[derive(Clone, Debug)]
pub(super) struct Contender {
    pub(super) draft: NearMissDraft,
    /// It fails or passes for a reason that proves nothing about the tests.
    pub(super) invalid: bool,
    /// The tester argued that it is right, so no rewrite is asked for because of it.
    pub(super) called_right: bool,
    /// The first suite's verdict.
    pub(super) before: Verdict,
    pub(super) verdicts: Vec<Verdict>,
}

impl Contender {
    /// `repeats`: it is the same text as the reference or as an earlier near-miss.
    pub(super) fn new(draft: NearMissDraft, verdicts: Vec<Verdict>, repeats: bool) -> Self {
        let invalid = repeats || proves_nothing(&verdicts);
        Self { draft, invalid, called_right: false, before: overall(&verdicts), verdicts }
    }

    pub(super) fn survives(&self) -> bool {
        !self.invalid && !self.verdicts.iter().copied().any(failed)
    }

    /// Whether it is a valid near-miss that this test kills.
    pub(super) fn killed_by(&self, test: usize) -> bool {
        !self.invalid && self.verdicts.get(test).copied().is_some_and(failed)
    }
}

/// A suite's verdict: that of the first test that fails, or accepted.
pub(super) fn overall(verdicts: &[Verdict]) -> Verdict {
    verdicts.iter().copied().find(|verdict| failed(*verdict)).unwrap_or(Verdict::Accepted)
}

/// A program that never ran, or fails on whatever it is given, is no near-miss.
fn proves_nothing(verdicts: &[Verdict]) -> bool {
    let never_ran =
        |verdict: &Verdict| matches!(verdict, Verdict::CompileError | Verdict::MissingFunction);
    verdicts.iter().any(never_ran)
        || verdicts.iter().all(|verdict| *verdict == Verdict::RuntimeError)
}

/// Source without what does not change a program: blank lines, comments that fill a line, and white
/// space at line ends.
pub(super) fn normalised(source: &str) -> String {
    source
        .lines()
        .map(str::trim_end)
        .filter(|line| !line.is_empty() && !line.trim_start().starts_with('#'))
        .collect::<Vec<_>>()
        .join("\n")
}

#[cfg(test)]
mod tests {
    use isomer_record::Verdict::{
        Accepted, CompileError, MissingFunction, NotRun, RuntimeError, TimeLimit, WrongAnswer,
    };

    use super::{Contender, normalised, overall};
    use crate::reply::NearMissDraft;

    fn contender(verdicts: &[isomer_record::Verdict], repeats: bool) -> Contender {
        let draft = NearMissDraft { mistake: String::new(), code: String::new() };
        Contender::new(draft, verdicts.to_vec(), repeats)
    }

    #[test]
    fn only_programs_that_ran_are_near_misses() {
        assert!(contender(&[CompileError, CompileError], false).invalid);
        assert!(contender(&[MissingFunction], false).invalid);
        assert!(contender(&[RuntimeError, RuntimeError], false).invalid);
        assert!(contender(&[Accepted], true).invalid);
        assert!(!contender(&[RuntimeError, Accepted], false).invalid);
        assert!(!contender(&[TimeLimit, NotRun], false).invalid);
    }

    #[test]
    fn a_test_that_was_not_run_kills_nobody() {
        assert!(contender(&[Accepted, NotRun], false).survives());
        assert!(!contender(&[TimeLimit, NotRun], false).killed_by(1));
        assert!(!contender(&[WrongAnswer], true).killed_by(0), "invalid ones do not count");
        assert!(!contender(&[WrongAnswer], true).survives());
    }

    #[test]
    fn the_first_failure_is_the_verdict() {
        assert_eq!(overall(&[Accepted, NotRun, TimeLimit, WrongAnswer]), TimeLimit);
        assert_eq!(overall(&[Accepted, Accepted]), Accepted);
    }

    #[test]
    fn comments_and_blank_lines_make_no_other_program() {
        assert_eq!(normalised("# a\nx = 1  \n\n  # b\n  y = '#'\n"), "x = 1\n  y = '#'");
    }
}
