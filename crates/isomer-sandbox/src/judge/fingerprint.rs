//! Fingerprints of bytes, which can be added up where order does not matter.
//!
//! Two multisets are equal when their fingerprints have the same sum: with 128 bits and keys that are
//! new for each comparison, nothing a program prints can aim at a wrong match.

use std::hash::{BuildHasher, RandomState};

/// Secret keys of one comparison.
#[derive(Default)]
pub(super) struct Keys([RandomState; 2]);

impl Keys {
    /// The fingerprint of `bytes`.
    pub(super) fn of(&self, bytes: &[u8]) -> u128 {
        let [high, low] = &self.0;
        u128::from(high.hash_one(bytes)) << 64 | u128::from(low.hash_one(bytes))
    }

    /// The fingerprint of a multiset.
    pub(super) fn of_all<'bytes>(&self, all: impl IntoIterator<Item = &'bytes [u8]>) -> u128 {
        all.into_iter().fold(0, |sum, bytes| sum.wrapping_add(self.of(bytes)))
    }
}

#[cfg(test)]
mod tests {
    use super::Keys;

    #[test]
    fn order_is_free_and_number_is_not() {
        let keys = Keys::default();
        let of = |all: &[&str]| keys.of_all(all.iter().map(|text| text.as_bytes()));
        assert_eq!(of(&["a", "b", "a"]), of(&["a", "a", "b"]));
        assert_ne!(of(&["a", "b", "a"]), of(&["a", "b", "b"]));
        assert_ne!(of(&["a", "b"]), of(&["ab"]));
        assert_ne!(of(&[""]), of(&[]));
        assert_ne!(of(&["a"]), Keys::default().of_all([b"a".as_slice()]));
    }
}
