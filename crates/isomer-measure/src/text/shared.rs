//! Which of many sets share most with a given one: an inverted index of bounded size.
//!
//! As long as all members of all sets fit, the index holds them all and its counts are exact. Beyond
//! that it holds only members whose hash is below a limit, which is halved as often as need be: a
//! sketch of every set with the same share of its members (FracMinHash, Irber et al., *Lightweight
//! compositional analysis of metagenomes with FracMinHash*, 2022). MinHash's signatures have a fixed
//! size instead and estimate containment badly where sets differ in size.

use rayon::prelude::*;

/// Sets looked through for one member of a set. Members that more sets share are turns of phrase; the
/// first of these sets are counted.
const MOST_SETS: usize = 1_024;

/// Sets looked through for all members of a set, the same one counted each time. Members that few sets
/// share come first: they tell most, and programs share hundreds of pieces with all others.
const MOST_LOOKS: usize = 32 * MOST_SETS;

/// Numbers of the first step of a search are this many.
const BUCKETS: u64 = 1 << 16;

/// Collects sets of hashes.
#[derive(Debug)]
pub struct SharedIndexBuilder {
    /// Hash and set, in one number.
    entries: Vec<u64>,
    most: usize,
    /// Hashes below it are held.
    limit: u64,
    sizes: Vec<u32>,
}

/// Which sets hold a hash.
#[derive(Debug)]
pub struct SharedIndex {
    entries: Vec<u64>,
    limit: u64,
    /// Where the entries of each bucket of hashes begin.
    starts: Vec<usize>,
    sizes: Vec<u32>,
}

/// What a set shares with another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shared {
    /// The set, in the order of adding.
    pub set: u32,
    /// Members of both that the index holds.
    pub shared: u32,
}

/// Sets that share something with a given one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// Those sets, in the order of adding.
    pub sets: Vec<Shared>,
    /// Whether nothing was left out: every set is there, and its number is that of all members it
    /// shares.
    pub exact: bool,
}

impl SharedIndexBuilder {
    /// An index that holds at most so many members of sets, 8 bytes each.
    pub fn new(most: usize) -> Self {
        Self { entries: Vec::new(), most: most.max(1), limit: 1 << 32, sizes: Vec::new() }
    }

    /// Adds a set, without repetition, and returns its number.
    pub fn add(&mut self, set: &[u32]) -> u32 {
        let number = u32::try_from(self.sizes.len()).unwrap_or(u32::MAX);
        self.sizes.push(u32::try_from(set.len()).unwrap_or(u32::MAX));
        let limit = self.limit;
        let held = set.iter().filter(|hash| u64::from(**hash) < limit);
        self.entries.extend(held.map(|hash| u64::from(*hash) << 32 | u64::from(number)));
        while self.entries.len() > self.most && self.limit > BUCKETS {
            self.limit /= 2;
            let limit = self.limit;
            self.entries.retain(|entry| entry >> 32 < limit);
        }
        number
    }

    /// The index.
    pub fn finish(mut self) -> SharedIndex {
        self.entries.par_sort_unstable();
        let width = self.limit / BUCKETS;
        let starts = (0..=BUCKETS)
            .map(|bucket| self.entries.partition_point(|entry| entry >> 32 < bucket * width));
        SharedIndex {
            starts: starts.collect(),
            entries: self.entries,
            limit: self.limit,
            sizes: self.sizes,
        }
    }
}

impl SharedIndex {
    /// Number of sets.
    pub fn len(&self) -> usize {
        self.sizes.len()
    }

    /// Whether there are no sets.
    pub fn is_empty(&self) -> bool {
        self.sizes.is_empty()
    }

    /// Members of a set, held or not.
    pub fn size(&self, set: u32) -> u32 {
        self.sizes.get(set as usize).copied().unwrap_or_default()
    }

    /// The share of members that is held: 1, a half, a quarter ...
    #[expect(clippy::cast_precision_loss, reason = "a power of two")]
    pub fn held(&self) -> f64 {
        self.limit as f64 / (1_u64 << 32) as f64
    }

    /// Sets that share a held member with this one.
    pub fn find(&self, set: &[u32]) -> Found {
        let mut exact = self.limit == 1 << 32;
        let mut lists: Vec<&[u64]> = set.iter().map(|hash| self.entries_of(*hash)).collect();
        lists.sort_by_key(|entries| entries.len());
        let mut sets: Vec<u32> = Vec::new();
        for entries in lists {
            if sets.len() >= MOST_LOOKS {
                exact = false;
                break;
            }
            exact &= entries.len() <= MOST_SETS;
            let first = entries.iter().take(MOST_SETS);
            #[expect(clippy::cast_possible_truncation, reason = "the set is in the lower half")]
            sets.extend(first.map(|entry| *entry as u32));
        }
        sets.sort_unstable();
        let shared = |same: &[u32]| u32::try_from(same.len()).unwrap_or(u32::MAX);
        let sets = sets.chunk_by(|one, other| one == other);
        let sets = sets.map(|same| Shared { set: same[0], shared: shared(same) }).collect();
        Found { sets, exact }
    }

    fn entries_of(&self, hash: u32) -> &[u64] {
        let hash = u64::from(hash);
        if hash >= self.limit {
            return &[];
        }
        #[expect(clippy::cast_possible_truncation, reason = "less than the number of buckets")]
        let bucket = (hash / (self.limit / BUCKETS)) as usize;
        let entries = &self.entries[self.starts[bucket]..self.starts[bucket + 1]];
        let first = entries.partition_point(|entry| entry >> 32 < hash);
        let count = entries[first..].partition_point(|entry| entry >> 32 == hash);
        &entries[first..first + count]
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::{Shared, SharedIndexBuilder};

    fn spread(sets: &[BTreeSet<u32>]) -> Vec<Vec<u32>> {
        let hash = |number: &u32| number.wrapping_mul(0x9E37_79B9).rotate_left(15);
        let sorted = |set: &BTreeSet<u32>| {
            let mut set: Vec<u32> = set.iter().map(hash).collect();
            set.sort_unstable();
            set
        };
        sets.iter().map(sorted).collect()
    }

    proptest! {
        #[test]
        fn counts_are_those_of_a_search_through_all(
            sets in prop::collection::vec(prop::collection::btree_set(0_u32..90, 0..30), 1..40),
            most in 40_usize..900,
        ) {
            let sets = spread(&sets);
            let mut builder = SharedIndexBuilder::new(most);
            for (number, set) in sets.iter().enumerate() {
                prop_assert_eq!(builder.add(set) as usize, number);
            }
            let index = builder.finish();
            let total: usize = sets.iter().map(Vec::len).sum();
            prop_assert_eq!(index.held() > 0.99, total <= most);
            prop_assert!(index.entries.len() <= most);
            #[expect(clippy::cast_precision_loss, reason = "hashes of 32 bits")]
            let is_held = |hash: &u32| f64::from(*hash) < index.held() * (1_u64 << 32) as f64;
            for query in &sets {
                let found = index.find(query);
                prop_assert_eq!(found.exact, total <= most);
                let wanted = (0_u32..).zip(&sets).map(|(number, set)| {
                    let shared = set.iter().filter(|hash| is_held(hash) && query.contains(hash));
                    Shared { set: number, shared: u32::try_from(shared.count()).unwrap() }
                });
                let wanted: Vec<Shared> = wanted.filter(|shared| shared.shared > 0).collect();
                prop_assert_eq!(found.sets, wanted);
            }
        }
    }

    #[test]
    fn rare_members_come_first() {
        let mut builder = SharedIndexBuilder::new(1 << 20);
        for number in 0..2_000 {
            let common = (0..60_u32).map(|hash| hash * 7);
            builder.add(&common.chain([1_000_000 + number / 2]).collect::<Vec<_>>());
        }
        let index = builder.finish();
        let query: Vec<u32> = (0..60_u32).map(|hash| hash * 7).chain([1_000_900]).collect();
        let found = index.find(&query);
        assert!(!found.exact);
        // 32 of the common ones were looked at, and the rare one before them.
        assert_eq!(found.sets.iter().filter(|shared| shared.set >= 1_024).count(), 2);
        let rare = found.sets.iter().find(|shared| shared.set == 1_800);
        assert_eq!(rare, Some(&Shared { set: 1_800, shared: 1 }));
        assert!(found.sets.iter().take(1_024).all(|shared| shared.shared == 32));
    }

    #[test]
    fn of_a_turn_of_phrase_the_first_sets_are_counted() {
        let mut builder = SharedIndexBuilder::new(100_000);
        for number in 0..5_000 {
            builder.add(&[7, 1_000 + number]);
        }
        let index = builder.finish();
        let found = index.find(&[7, 4_000]);
        assert!(!found.exact);
        assert_eq!(found.sets.len(), 1_025);
        assert_eq!(found.sets[1_024], Shared { set: 3_000, shared: 1 });
        assert_eq!((index.size(3_000), index.len()), (2, 5_000));
        assert!(index.find(&[9_999]).exact && index.find(&[9_999]).sets.is_empty());
    }
}
