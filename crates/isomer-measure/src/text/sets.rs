//! How much two sets share, exactly. Sets are sorted and hold nothing twice.

use std::cmp::Ordering;

/// Size of the intersection over that of the union; 0 for two empty sets.
pub fn jaccard(one: &[u32], other: &[u32]) -> f64 {
    let shared = shared(one, other);
    ratio(shared, one.len() + other.len() - shared)
}

/// The share of `part` that is in `whole`; 0 where `part` is empty.
pub fn containment(part: &[u32], whole: &[u32]) -> f64 {
    ratio(shared(part, whole), part.len())
}

#[expect(clippy::cast_precision_loss, reason = "sets hold far fewer than 2^52 members")]
fn ratio(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

fn shared(mut one: &[u32], mut other: &[u32]) -> usize {
    let mut shared = 0;
    while let ([first, rest @ ..], [second, more @ ..]) = (one, other) {
        match first.cmp(second) {
            Ordering::Less => one = rest,
            Ordering::Greater => other = more,
            Ordering::Equal => {
                shared += 1;
                (one, other) = (rest, more);
            }
        }
    }
    shared
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::{containment, jaccard};

    #[test]
    fn small_sets() {
        assert!((jaccard(&[1, 2, 3], &[2, 3, 4]) - 0.5).abs() < 1e-12);
        assert!((containment(&[2, 9], &[1, 2, 3]) - 0.5).abs() < 1e-12);
        assert_eq!((jaccard(&[], &[]), containment(&[], &[1])), (0.0, 0.0));
    }

    proptest! {
        #[test]
        fn as_sets_of_the_library(
            one in prop::collection::btree_set(0_u32..60, 0..40),
            other in prop::collection::btree_set(0_u32..60, 1..40),
        ) {
            let list = |set: &BTreeSet<u32>| set.iter().copied().collect::<Vec<_>>();
            let shared = one.intersection(&other).count();
            let all = one.union(&other).count();
            let found = jaccard(&list(&one), &list(&other));
            prop_assert!((found * f64::from(u32::try_from(all).unwrap())
                - f64::from(u32::try_from(shared).unwrap())).abs() < 1e-9);
        }
    }
}
