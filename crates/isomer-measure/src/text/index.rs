//! Which sets share a band with a given one.

use hashbrown::HashTable;

/// Members by band and key: 9 bytes for each band of a member, times the room that tables leave.
#[derive(Debug)]
pub struct BandIndex {
    tables: Vec<HashTable<(u32, u32)>>,
}

impl BandIndex {
    /// An empty index for signatures of so many bands.
    pub fn new(bands: usize) -> Self {
        Self { tables: (0..bands).map(|_| HashTable::new()).collect() }
    }

    /// Adds a member with its keys.
    pub fn insert(&mut self, member: u32, keys: &[u32]) {
        for (table, key) in self.tables.iter_mut().zip(keys) {
            table.insert_unique(spread(*key), (*key, member), |(key, _)| spread(*key));
        }
    }

    /// Members that share at least one band, in ascending order.
    pub fn candidates(&self, keys: &[u32]) -> Vec<u32> {
        let mut found = Vec::new();
        for (table, key) in self.tables.iter().zip(keys) {
            let same = table.iter_hash(spread(*key)).filter(|(other, _)| other == key);
            found.extend(same.map(|(_, member)| *member));
        }
        found.sort_unstable();
        found.dedup();
        found
    }
}

/// Tables take their place from the lower and their tag from the upper bits.
fn spread(key: u32) -> u64 {
    u64::from(key).wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(32)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::BandIndex;
    use crate::text::minhash::tests::pair;
    use crate::text::{Bands, MinHash};

    proptest! {
        #[test]
        fn as_a_search_through_all(
            members in prop::collection::vec(prop::array::uniform3(0_u32..8), 0..60),
            wanted in prop::array::uniform3(0_u32..8),
        ) {
            let mut index = BandIndex::new(3);
            for (member, keys) in members.iter().enumerate() {
                index.insert(u32::try_from(member).unwrap(), keys);
            }
            let shares = |keys: &[u32; 3]| keys.iter().zip(&wanted).any(|(one, other)| one == other);
            let all = (0_u32..).zip(&members).filter(|(_, keys)| shares(keys));
            prop_assert_eq!(index.candidates(&wanted), all.map(|(at, _)| at).collect::<Vec<_>>());
        }
    }

    /// What the formula promises is found on sets of known similarity.
    #[test]
    fn similar_sets_are_found_as_often_as_promised() {
        let family = MinHash::new(128);
        let bands = Bands::for_threshold(0.7, 128, 0.98);
        let found = |percent: u64| {
            let hits = (0..200).filter(|round| {
                let (one, other) = pair(percent, *round);
                let mut index = BandIndex::new(bands.bands);
                index.insert(7, &bands.keys(&family.signature(&one)));
                !index.candidates(&bands.keys(&family.signature(&other))).is_empty()
            });
            hits.count()
        };
        // Promised are 0.990, 1.000 and 0.008.
        assert!(found(70) >= 194, "{}", found(70));
        assert!(found(80) >= 199, "{}", found(80));
        assert!(found(20) <= 6, "{}", found(20));
    }
}
