//! Which changes become mutants, when there are more than wanted.

use std::collections::{BTreeMap, BTreeSet};

use xxhash_rust::xxh3::xxh3_128;

use super::edit::Edit;
use super::{Mutant, Operator};
use crate::Program;

/// Most characters that are shown of a change.
const SHOWN: usize = 200;

/// Makes mutants of at most `most` edits, which come in the order of the source.
pub(super) fn chosen(program: &Program, edits: Vec<Edit>, most: usize) -> Vec<Mutant> {
    let mut by_operator: BTreeMap<Operator, Vec<Edit>> = BTreeMap::new();
    for edit in edits {
        by_operator.entry(edit.operator).or_default().push(edit);
    }
    let numbers: Vec<usize> = by_operator.values().map(Vec::len).collect();
    let mut drawn: Vec<Edit> = by_operator
        .into_values()
        .zip(shares(&numbers, most))
        .flat_map(|(edits, share)| spread(edits, share))
        .collect();
    drawn.sort();
    let mut seen = BTreeSet::from([xxh3_128(program.source().as_bytes())]);
    drawn
        .into_iter()
        .map(|edit| mutant(program, &edit))
        .filter(|mutant| seen.insert(xxh3_128(mutant.source.as_bytes())))
        .filter(|mutant| Program::parse(&mutant.source).is_some())
        .collect()
}

/// How many of each are taken: as equal as can be, `most` in all.
fn shares(numbers: &[usize], most: usize) -> Vec<usize> {
    let mut shares = vec![0; numbers.len()];
    let mut left = most.min(numbers.iter().sum());
    while left > 0 {
        for (share, number) in shares.iter_mut().zip(numbers) {
            if left > 0 && *share < *number {
                *share += 1;
                left -= 1;
            }
        }
    }
    shares
}

/// `share` of the edits at equal distances.
fn spread(edits: Vec<Edit>, share: usize) -> Vec<Edit> {
    let all = edits.len();
    let taken = |place: &usize| (place + 1) * share / all > place * share / all;
    edits.into_iter().enumerate().filter(|(place, _)| taken(place)).map(|(_, edit)| edit).collect()
}

fn mutant(program: &Program, edit: &Edit) -> Mutant {
    let old = program.source();
    let source = [&old[..edit.start], &edit.text, &old[edit.end..]].concat();
    let first = old[..edit.start].rfind('\n').map_or(0, |at| at + 1);
    let last = old[edit.end..].find('\n').unwrap_or(old.len() - edit.end);
    let shown = |text: &str| text.trim().chars().take(SHOWN).collect::<String>();
    let line = 1 + old[..edit.start].bytes().filter(|byte| *byte == b'\n').count();
    Mutant {
        line: u32::try_from(line).unwrap_or(u32::MAX),
        operator: edit.operator,
        before: shown(&old[first..edit.end + last]),
        after: shown(&source[first..edit.start + edit.text.len() + last]),
        source,
    }
}

#[cfg(test)]
mod tests {
    use super::shares;

    #[test]
    fn shares_are_as_equal_as_can_be() {
        assert_eq!(shares(&[10, 1, 5], 9), [4, 1, 4]);
        assert_eq!(shares(&[10, 1, 5], 100), [10, 1, 5]);
        assert_eq!(shares(&[3, 3], 3), [2, 1]);
        assert_eq!(shares(&[], 3), [0; 0]);
        assert_eq!(shares(&[0, 2], 0), [0, 0]);
    }
}
