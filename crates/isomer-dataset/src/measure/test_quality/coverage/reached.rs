//! What a run claims to have reached, and what of that can be.

use std::collections::BTreeSet;

use isomer_syntax::{Branch, Paths};

use super::super::super::Coverage;

/// Longest claim that is read, in bytes.
const MOST_BYTES: usize = 1 << 20;

/// Lines and ways from line to line; the line 0 is the end of a function.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Reached {
    lines: BTreeSet<u32>,
    ways: BTreeSet<(u32, u32)>,
}

impl Reached {
    /// Reads `reached:1,2,5;2>5,5>0.`; `None` of anything else.
    pub(super) fn read(content: &[u8]) -> Option<Self> {
        let text = str::from_utf8(content.get(..content.len().min(MOST_BYTES))?).ok()?;
        let (_, told) = text.split_once("reached:")?;
        let (lines, ways) = told.trim_end().strip_suffix('.')?.split_once(';')?;
        let number = |text: &str| text.parse::<u32>().ok();
        let way = |text: &str| {
            text.split_once('>').and_then(|(from, to)| Some((number(from)?, number(to)?)))
        };
        let parts = |text: &'_ str| {
            text.split(',').filter(|part| !part.is_empty()).map(str::to_owned).collect::<Vec<_>>()
        };
        Some(Self {
            lines: parts(lines).iter().map(|line| number(line)).collect::<Option<_>>()?,
            ways: parts(ways).iter().map(|one| way(one)).collect::<Option<_>>()?,
        })
    }

    /// What one of two runs reached.
    pub(super) fn and(mut self, other: Self) -> Self {
        self.lines.extend(other.lines);
        self.ways.extend(other.ways);
        self
    }

    /// What of the program that is; what the program does not have is not counted.
    pub(super) fn coverage(&self, paths: &Paths) -> Coverage {
        let missed: Vec<u32> = paths
            .statements
            .iter()
            .filter(|statement| {
                self.lines.range(statement.line..=statement.last_line).next().is_none()
            })
            .map(|statement| statement.line)
            .collect();
        let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        let taken = paths.branches.iter().map(|branch| self.taken(branch)).sum();
        let lines = number(paths.statements.len());
        Coverage {
            lines,
            lines_reached: lines - number(missed.len()),
            branches: number(2 * paths.branches.len()),
            branches_taken: taken,
            missed,
        }
    }

    /// How many of a branch's two ways were taken.
    fn taken(&self, branch: &Branch) -> u32 {
        let head = branch.line..=branch.last_line;
        let body = branch.body_line..=branch.body_last_line;
        let ways = || {
            let from = self.ways.range((branch.line, 0)..=(branch.last_line, u32::MAX));
            from.map(|(_, to)| *to).filter(|to| !head.contains(to))
        };
        let inside = ways().any(|to| body.contains(&to));
        let outside = ways().any(|to| !body.contains(&to));
        u32::from(inside) + u32::from(outside)
    }
}

#[cfg(test)]
mod tests {
    use isomer_syntax::Program;
    use proptest::prelude::*;

    use super::Reached;

    const SOURCE: &str = "def f(a):\n    for b in a:\n        if (b and\n                a):\n            c = 1\n    return 2\nf([])\n";

    fn coverage(claim: &str) -> (u32, u32, Vec<u32>) {
        let paths = Program::parse(SOURCE).unwrap().paths(true);
        let coverage = Reached::read(claim.as_bytes()).unwrap().coverage(&paths);
        assert_eq!((coverage.lines, coverage.branches), (6, 4));
        (coverage.lines_reached, coverage.branches_taken, coverage.missed)
    }

    #[test]
    fn claims_are_matched_with_the_program() {
        assert_eq!(coverage("reached:;."), (0, 0, vec![1, 2, 3, 5, 6, 7]));
        assert_eq!(coverage("reached:1,7,2,6;2>6,6>0."), (4, 1, vec![3, 5]));
        assert_eq!(coverage("reached:1,2,3,4,5,6,7;2>3,3>4,4>5,4>2,2>6."), (6, 4, vec![]));
        assert_eq!(coverage("reached:4;3>4,4>3."), (1, 0, vec![1, 2, 5, 6, 7]));
    }

    #[test]
    fn what_the_program_does_not_have_is_not_counted() {
        assert_eq!(
            coverage("reached:99,4000000000,0;99>1,5>6,6>7,0>1."),
            (0, 0, vec![1, 2, 3, 5, 6, 7])
        );
    }

    #[test]
    fn half_a_claim_is_none() {
        for claim in [
            "",
            "reached:",
            "reached:1,2;2>3",
            "reached:1,2.",
            "reached:1,-2;.",
            "reached:1;2.",
            "1;.",
        ] {
            assert_eq!(Reached::read(claim.as_bytes()), None, "{claim}");
        }
        assert_eq!(Reached::read(b"\xff"), None);
        assert!(Reached::read(b"Skipped: reached:1;.\n").is_some());
    }

    proptest! {
        #[test]
        fn no_claim_exceeds_the_program(lines in "[0-9,]{0,30}", ways in "([0-9]{1,2}>[0-9]{1,2},){0,9}") {
            if let Some(reached) = Reached::read(format!("reached:{lines};{ways}.").as_bytes()) {
                let paths = Program::parse(SOURCE).unwrap().paths(true);
                let coverage = reached.coverage(&paths);
                prop_assert!(coverage.lines_reached <= 6 && coverage.branches_taken <= 4);
                prop_assert_eq!(coverage.missed.len() + coverage.lines_reached as usize, 6);
            }
        }
    }
}
