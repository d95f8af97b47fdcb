//! Changing a suite without losing what it kills: pure bookkeeping on tests and verdicts.

use isomer_record::Suite;

use super::contender::Contender;
use crate::pack::SuiteLimits;
use crate::trial::{failed, size};

/// Tests that are kept of all that kill one near-miss.
pub(super) const WITNESSES: usize = 2;

/// Chooses few of the tests so that each row (the verdicts of one near-miss) keeps up to
/// [`WITNESSES`] that kill it. Ascending.
pub(super) fn witnesses(rows: &[Vec<isomer_record::Verdict>]) -> Vec<usize> {
    let mut chosen: Vec<usize> = Vec::new();
    for row in rows {
        let kills = |test: &usize| row.get(*test).copied().is_some_and(failed);
        let has = chosen.iter().filter(|test| kills(test)).count();
        let more: Vec<usize> = (0..row.len())
            .filter(|test| kills(test) && !chosen.contains(test))
            .take(WITNESSES.saturating_sub(has))
            .collect();
        chosen.extend(more);
    }
    chosen.sort_unstable();
    chosen
}

/// The tests at `places`.
pub(super) fn pick(suite: &Suite, places: &[usize]) -> Suite {
    let column = |values: &[serde_json::Value]| {
        places.iter().filter_map(|place| values.get(*place).cloned()).collect()
    };
    Suite { input: column(&suite.input), output: column(&suite.output) }
}

/// Removes tests from the end until the suite keeps its limits: first those that kill nobody, then
/// those whose victims others kill as well.
pub(super) fn fit(suite: &mut Suite, contenders: &mut [Contender], limits: &SuiteLimits) {
    while suite.len() as u64 > limits.max_tests || size(suite) > limits.max_suite_bytes {
        let tests = 0..suite.len();
        let idle = |test: &usize| !contenders.iter().any(|one| one.killed_by(*test));
        let spare = |test: &usize| contenders.iter().all(|one| spares(one, *test));
        let Some(place) =
            tests.clone().rev().find(idle).or_else(|| tests.clone().rev().find(spare))
        else {
            return;
        };
        suite.input.remove(place);
        suite.output.remove(place);
        for contender in &mut *contenders {
            contender.verdicts.remove(place);
        }
    }
}

/// Whether another test kills the near-miss, or this one does not.
fn spares(contender: &Contender, test: usize) -> bool {
    !contender.killed_by(test)
        || (0..contender.verdicts.len()).any(|other| other != test && contender.killed_by(other))
}

/// Puts tests that kill first, because some graders read no more than the first ten; otherwise the
/// order stays.
pub(super) fn killers_first(suite: &mut Suite, contenders: &mut [Contender]) {
    let counted = contenders.iter().filter(|one| !one.invalid);
    let rows: Vec<_> = counted.map(|one| one.verdicts.clone()).collect();
    let mut order = witnesses(&rows);
    let rest: Vec<usize> = (0..suite.len()).filter(|test| !order.contains(test)).collect();
    order.extend(rest);
    *suite = pick(suite, &order);
    for contender in contenders {
        contender.verdicts =
            order.iter().filter_map(|place| contender.verdicts.get(*place).copied()).collect();
    }
}

#[cfg(test)]
mod tests {
    use isomer_record::Suite;
    use isomer_record::Verdict::{self, Accepted, NotRun, WrongAnswer};
    use proptest::prelude::*;

    use super::{Contender, fit, killers_first, witnesses};
    use crate::pack::SuiteLimits;
    use crate::reply::NearMissDraft;

    const A: Verdict = Accepted;
    const W: Verdict = WrongAnswer;

    fn contender(verdicts: Vec<Verdict>) -> Contender {
        let draft = NearMissDraft { mistake: String::new(), code: String::new() };
        Contender::new(draft, verdicts, false)
    }

    fn suite(tests: usize) -> Suite {
        Suite {
            input: (0..tests).map(|test| test.to_string().into()).collect(),
            output: (0..tests).map(|test| test.to_string().into()).collect(),
        }
    }

    fn limits(max_tests: u64) -> SuiteLimits {
        SuiteLimits { min_tests: 1, max_tests, max_test_bytes: Some(99), max_suite_bytes: 9999 }
    }

    #[test]
    fn few_witnesses_serve_all() {
        let rows = [vec![A, W, W, W], vec![A, A, W, W], vec![W, A, A, A], vec![A, A, A, A]];
        assert_eq!(witnesses(&rows), [0, 1, 2, 3]);
        let rows = [vec![A, W, W, NotRun], vec![A, W, W, A]];
        assert_eq!(witnesses(&rows), [1, 2]);
    }

    #[test]
    fn killers_come_first_and_verdicts_move_along() {
        let mut tests = suite(4);
        let mut all = [contender(vec![A, A, A, W]), contender(vec![A, W, A, A])];
        killers_first(&mut tests, &mut all);
        assert_eq!(tests.input, ["1", "3", "0", "2"]);
        assert_eq!(all[0].verdicts, [A, W, A, A]);
        assert_eq!(all[1].verdicts, [W, A, A, A]);
    }

    #[test]
    fn idle_tests_go_first() {
        let mut tests = suite(4);
        let mut all = [contender(vec![W, A, W, A])];
        fit(&mut tests, &mut all, &limits(2));
        assert_eq!(tests.input, ["0", "2"]);
        fit(&mut tests, &mut all, &limits(1));
        assert_eq!(tests.input, ["0"]);
        assert_eq!(all[0].verdicts, [W]);
    }

    proptest! {
        #[test]
        fn fitting_never_loses_a_kill(
            rows in prop::collection::vec(prop::collection::vec(any::<bool>(), 12), 1..6),
            most in 6_u64..12,
        ) {
            let mut all: Vec<Contender> = rows
                .iter()
                .map(|row| contender(row.iter().map(|kill| if *kill { W } else { A }).collect()))
                .collect();
            let survived: Vec<bool> = all.iter().map(Contender::survives).collect();
            let mut tests = suite(12);
            fit(&mut tests, &mut all, &limits(most));
            killers_first(&mut tests, &mut all);
            prop_assert!(tests.len() as u64 <= most);
            prop_assert_eq!(all.iter().map(Contender::survives).collect::<Vec<_>>(), survived);
            prop_assert!(all.iter().all(|one| one.verdicts.len() == tests.len()));
        }
    }
}
