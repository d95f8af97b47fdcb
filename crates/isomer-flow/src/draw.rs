//! Which seeds a blueprint draws on: pure arithmetic on positions.
//!
//! Seeds sit at positions `0..n` in an order that depends only on the run's seed and the seeds'
//! content, so the partners of a blueprint are known before anything is decomposed and do not depend
//! on who finishes first. See `docs/design` for what was rejected.

use isomer_record::Id;

/// Other seeds that inspire one blueprint.
pub const REFERENCES: usize = 3;

/// The fewest usable seeds a run can start with: one gives the core element, three inspire.
pub const FEWEST_SEEDS: u64 = 4;

/// The first partners of a seed. With the seed itself they form a Golomb ruler (0, 1, 3, 7): all
/// distances differ, so among 15 or more seeds two blueprints share at most one seed.
const RULER: [u64; REFERENCES] = [1, 3, 7];

/// Where a seed sorts: uniformly random, and yet the same on every machine and for every pack.
///
/// `content` is the address of the seed's content alone.
pub fn order_key(run_seed: u64, content: &Id) -> [u8; 16] {
    let mut hasher = blake3::Hasher::new();
    hasher.update(&run_seed.to_le_bytes());
    hasher.update(content.as_str().as_bytes());
    let mut key = [0; 16];
    key.copy_from_slice(&hasher.finalize().as_bytes()[..16]);
    key
}

/// Positions of the possible references of a blueprint, in the order they are to be tried: the
/// first three that were not dropped are taken.
///
/// The blueprint belongs to the seed at `position` (below `seeds`), and `sample` counts the
/// blueprints of that seed from 0. Each position but its own comes exactly once, and the samples of
/// one seed use up all partners before one comes again.
pub fn references(position: u64, sample: u32, seeds: u64) -> impl Iterator<Item = u64> + Send {
    let partners = seeds.saturating_sub(1);
    let start = (u64::from(sample) * REFERENCES as u64).checked_rem(partners).unwrap_or(0);
    (0..partners).map(move |step| {
        let entry = (start + step) % partners;
        (position + offset(entry, seeds)) % seeds
    })
}

/// The `entry`-th distance: those of the ruler that fit, then all others ascending.
fn offset(entry: u64, seeds: u64) -> u64 {
    let ruler = RULER.iter().copied().filter(|mark| *mark < seeds);
    if let Some(mark) = ruler.clone().nth(usize::try_from(entry).unwrap_or(usize::MAX)) {
        return mark;
    }
    let marks = ruler.clone().count() as u64;
    ruler.fold(entry + 1 - marks, |distance, mark| distance + u64::from(mark <= distance))
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use isomer_record::Id;
    use proptest::prelude::*;

    use super::{FEWEST_SEEDS, REFERENCES, order_key, references};

    fn first(position: u64, sample: u32, seeds: u64) -> Vec<u64> {
        references(position, sample, seeds).take(REFERENCES).collect()
    }

    #[test]
    fn the_ruler_comes_first_then_the_rest_ascending() {
        assert_eq!(references(0, 0, 10).collect::<Vec<_>>(), [1, 3, 7, 2, 4, 5, 6, 8, 9]);
        assert_eq!(references(0, 0, 6).collect::<Vec<_>>(), [1, 3, 2, 4, 5]);
        assert_eq!(references(2, 0, 4).collect::<Vec<_>>(), [3, 1, 0]);
        assert_eq!(references(0, 1, 10).collect::<Vec<_>>(), [2, 4, 5, 6, 8, 9, 1, 3, 7]);
    }

    #[test]
    fn the_order_is_repeatable_and_depends_on_the_run_seed() {
        let item = Id::derive(["a"]);
        assert_eq!(order_key(1, &item), order_key(1, &item));
        assert_ne!(order_key(1, &item), order_key(2, &item));
        assert_ne!(order_key(1, &item), order_key(1, &Id::derive(["b"])));
    }

    proptest! {
        #[test]
        fn every_other_seed_comes_exactly_once(
            seeds in FEWEST_SEEDS..200, position in any::<u64>(), sample in 0_u32..500,
        ) {
            let position = position % seeds;
            let all: Vec<u64> = references(position, sample, seeds).collect();
            let distinct: BTreeSet<u64> = all.iter().copied().collect();
            prop_assert_eq!(all.len() as u64, seeds - 1);
            prop_assert_eq!(distinct.len(), all.len());
            prop_assert!(!distinct.contains(&position));
            prop_assert!(distinct.iter().all(|partner| *partner < seeds));
        }

        #[test]
        fn two_groups_share_at_most_one_seed(seeds in 15_u64..120) {
            let groups: Vec<BTreeSet<u64>> = (0..seeds)
                .map(|position| first(position, 0, seeds).into_iter().chain([position]).collect())
                .collect();
            for (index, one) in groups.iter().enumerate() {
                for other in &groups[index + 1..] {
                    prop_assert!(one.intersection(other).count() <= 1);
                }
            }
        }

        #[test]
        fn every_seed_is_used_equally_often(seeds in FEWEST_SEEDS..80, sample in 0_u32..60) {
            let mut uses = BTreeMap::new();
            for position in 0..seeds {
                for partner in first(position, sample, seeds) {
                    *uses.entry(partner).or_insert(0) += 1;
                }
            }
            prop_assert_eq!(uses.len() as u64, seeds);
            prop_assert!(uses.values().all(|count| *count == REFERENCES));
        }

        #[test]
        fn no_partner_repeats_before_all_are_used_up(seeds in FEWEST_SEEDS..80) {
            let partners = seeds - 1;
            let whole = u32::try_from(partners / REFERENCES as u64).unwrap();
            let drawn: Vec<u64> = (0..whole).flat_map(|sample| first(0, sample, seeds)).collect();
            let distinct: BTreeSet<u64> = drawn.iter().copied().collect();
            prop_assert_eq!(distinct.len(), drawn.len());
        }
    }
}
