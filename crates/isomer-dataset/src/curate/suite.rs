//! Which tests of a suite are needed: the fewest that kill the same near-misses and mutants.

/// Steps of the exact search before the greedy answer is taken.
const MOST_STEPS: u32 = 20_000;

/// Tests and what they kill.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Matrix {
    /// For each test: its size in bytes.
    pub(super) sizes: Vec<u64>,
    /// For each wrong program that any test kills: the tests that kill it, in order.
    pub(super) killers: Vec<Vec<usize>>,
}

/// Tests that stay, killers of many first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Chosen {
    /// Places of the tests, in their new order.
    pub(super) order: Vec<usize>,
    /// Those of them without which a wrong program would live.
    pub(super) needed: Vec<usize>,
}

/// The tests that cannot be done without take more than the budget.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TooLarge {
    pub(super) bytes: u64,
}

impl Matrix {
    /// The fewest tests with the same kills, and those named in `also`; filled up to `least` with what
    /// the budget has room for, killers of many first.
    pub(super) fn choose(
        &self,
        also: &[usize],
        least: usize,
        budget: Option<u64>,
    ) -> Result<Chosen, TooLarge> {
        let budget = budget.unwrap_or(u64::MAX);
        let fewest = self.exact(self.greedy(|kills, size| (kills, u64::MAX - size)));
        let mut needed = fewest;
        needed
            .extend(also.iter().filter(|test| !needed.contains(test)).copied().collect::<Vec<_>>());
        if self.bytes(&needed) > budget {
            // More but smaller tests may fit where the fewest do not.
            needed = self.greedy(|kills, size| (kills * 1_000_000 / (size + 1), u64::MAX - size));
            needed.extend(
                also.iter().filter(|test| !needed.contains(test)).copied().collect::<Vec<_>>(),
            );
        }
        let mut bytes = self.bytes(&needed);
        if bytes > budget {
            return Err(TooLarge { bytes });
        }
        let mut order = needed.clone();
        for test in self.by_kills() {
            let size = self.sizes[test];
            if order.len() < least && !order.contains(&test) && bytes + size <= budget {
                order.push(test);
                bytes += size;
            }
        }
        order.sort_by_cached_key(|test| (std::cmp::Reverse(self.kills(*test)), *test));
        needed.sort_unstable();
        Ok(Chosen { order, needed })
    }

    fn bytes(&self, tests: &[usize]) -> u64 {
        tests.iter().map(|test| self.sizes[*test]).sum()
    }

    fn kills(&self, test: usize) -> u64 {
        self.killers.iter().filter(|killers| holds(killers, test)).count() as u64
    }

    fn by_kills(&self) -> Vec<usize> {
        let mut tests: Vec<usize> = (0..self.sizes.len()).collect();
        tests.sort_by_cached_key(|test| (std::cmp::Reverse(self.kills(*test)), *test));
        tests
    }

    /// Always the test of most worth by what is still alive and by size; the first of equals.
    fn greedy(&self, worth: impl Fn(u64, u64) -> (u64, u64)) -> Vec<usize> {
        let mut alive: Vec<&Vec<usize>> = self.killers.iter().collect();
        let mut chosen = Vec::new();
        while !alive.is_empty() {
            let kills = |test: usize| alive.iter().filter(|one| holds(one, test)).count() as u64;
            let candidates = (0..self.sizes.len()).filter(|test| kills(*test) > 0);
            let best = candidates.max_by_key(|test| {
                (worth(kills(*test), self.sizes[*test]), std::cmp::Reverse(*test))
            });
            let Some(best) = best else { break };
            chosen.push(best);
            alive.retain(|killers| !holds(killers, best));
        }
        chosen
    }

    /// A smaller set than the greedy one, if there is one and it is found soon.
    fn exact(&self, greedy: Vec<usize>) -> Vec<usize> {
        let mut steps = 0;
        let hardest = self.hardest();
        for size in 1..greedy.len() {
            let mut chosen = Vec::new();
            if cover(&hardest, size, &mut chosen, &mut steps) {
                return chosen;
            }
            if steps >= MOST_STEPS {
                break;
            }
        }
        greedy
    }

    /// The programs that are hard to kill: whatever kills these kills the others, too. Of mutants, which
    /// many tests kill, few are left.
    fn hardest(&self) -> Vec<&[usize]> {
        let mut killers: Vec<&[usize]> = self.killers.iter().map(Vec::as_slice).collect();
        killers.sort_by_key(|killers| killers.len());
        let mut hardest: Vec<&[usize]> = Vec::new();
        for killers in killers {
            let within = |hard: &&[usize]| hard.iter().all(|test| holds(killers, *test));
            if !hardest.iter().any(within) {
                hardest.push(killers);
            }
        }
        hardest
    }
}

/// Whether a test is among these, which are in order.
fn holds(killers: &[usize], test: usize) -> bool {
    killers.binary_search(&test).is_ok()
}

/// Some test must kill the program that the fewest tests kill: those are tried. `alive` begins with it.
fn cover(alive: &[&[usize]], room: usize, chosen: &mut Vec<usize>, steps: &mut u32) -> bool {
    *steps += 1;
    let Some(hardest) = alive.first() else { return true };
    if room == 0 || *steps >= MOST_STEPS {
        return false;
    }
    for test in *hardest {
        let left: Vec<&[usize]> =
            alive.iter().filter(|killers| !holds(killers, *test)).copied().collect();
        chosen.push(*test);
        if cover(&left, room - 1, chosen, steps) {
            return true;
        }
        chosen.pop();
    }
    false
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Matrix, TooLarge};

    fn matrix(tests: usize, killers: &[&[usize]]) -> Matrix {
        let killers = killers.iter().map(|tests| tests.to_vec()).collect();
        Matrix { sizes: vec![10; tests], killers }
    }

    #[test]
    fn the_exact_answer_beats_the_greedy_one() {
        // Greedy takes test 0, which kills four, and then needs both others.
        let matrix = matrix(3, &[&[0, 1], &[0, 1], &[0, 2], &[0, 2], &[1], &[2]]);
        assert_eq!(matrix.choose(&[], 0, None).unwrap().needed, [1, 2]);
    }

    #[test]
    fn what_is_left_is_filled_up_by_killers() {
        let mut matrix = matrix(4, &[&[1, 3], &[1], &[1, 2, 3]]);
        assert_eq!(matrix.choose(&[], 0, None).unwrap().order, [1]);
        assert_eq!(matrix.choose(&[], 3, None).unwrap().order, [1, 3, 2]);
        assert_eq!(matrix.choose(&[0], 2, None).unwrap().order, [1, 0]);
        matrix.sizes[3] = 100;
        assert_eq!(matrix.choose(&[], 3, Some(40)).unwrap().order, [1, 2, 0]);
        assert_eq!(matrix.choose(&[], 9, Some(5)), Err(TooLarge { bytes: 10 }));
    }

    #[test]
    fn smaller_tests_are_tried_where_the_fewest_are_too_large() {
        let mut matrix = matrix(3, &[&[0, 1], &[0, 2]]);
        matrix.sizes = vec![100, 10, 10];
        assert_eq!(matrix.choose(&[], 0, None).unwrap().needed, [0]);
        assert_eq!(matrix.choose(&[], 0, Some(50)).unwrap().needed, [1, 2]);
    }

    fn any_matrix() -> impl Strategy<Value = Matrix> {
        (1_usize..9).prop_flat_map(|tests| {
            let killers = prop::collection::btree_set(0..tests, 1..=tests);
            let sizes = prop::collection::vec(1_u64..50, tests);
            (sizes, prop::collection::vec(killers, 0..9)).prop_map(|(sizes, killers)| Matrix {
                sizes,
                killers: killers.into_iter().map(|set| set.into_iter().collect()).collect(),
            })
        })
    }

    proptest! {
        #[test]
        fn no_kill_is_lost_and_no_smaller_set_does(matrix in any_matrix(), least in 0_usize..12) {
            let chosen = matrix.choose(&[], least, None).unwrap();
            let tests = matrix.sizes.len();
            let kills_all = |set: &[usize]| {
                matrix.killers.iter().all(|killers| killers.iter().any(|one| set.contains(one)))
            };
            prop_assert!(kills_all(&chosen.order) && kills_all(&chosen.needed));
            prop_assert!(chosen.order.len() >= least.min(tests));
            let smallest = (0_u32..1 << tests)
                .map(|bits| (0..tests).filter(|test| bits >> test & 1 == 1).collect::<Vec<_>>())
                .filter(|set| kills_all(set))
                .map(|set| set.len())
                .min();
            prop_assert_eq!(Some(chosen.needed.len()), smallest);
        }

        #[test]
        fn the_budget_holds(matrix in any_matrix(), least in 0_usize..12, budget in 0_u64..200) {
            if let Ok(chosen) = matrix.choose(&[], least, Some(budget)) {
                let bytes: u64 = chosen.order.iter().map(|test| matrix.sizes[*test]).sum();
                prop_assert!(bytes <= budget);
            }
        }
    }
}
