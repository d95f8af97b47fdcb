//! Identity by content.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The content address of an item: 32 lowercase hexadecimal digits (the first 128 bits of a BLAKE3
/// digest).
///
/// Equal inputs give equal ids on every machine, which is what makes a run resumable and a dataset
/// reproducible.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Id(String);

impl Id {
    /// Derives an id from the parts that define an item.
    ///
    /// Each part is framed by its length, so `["ab", "c"]` and `["a", "bc"]` differ.
    pub fn derive<I, P>(parts: I) -> Self
    where
        I: IntoIterator<Item = P>,
        P: AsRef<[u8]>,
    {
        let mut hasher = blake3::Hasher::new();
        for part in parts {
            let part = part.as_ref();
            hasher.update(&(part.len() as u64).to_le_bytes());
            hasher.update(part);
        }
        let mut text = hasher.finalize().to_hex().to_string();
        text.truncate(32);
        Self(text)
    }

    /// Reads back an id that [`Id::derive`] made, for instance from the store.
    pub fn from_stored(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The whole id.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The first eight digits, for people.
    pub fn short(&self) -> &str {
        self.0.get(..8).unwrap_or(&self.0)
    }

    /// A number drawn from the id, to seed whatever must be random and yet repeatable for this item.
    pub fn entropy(&self) -> u64 {
        let digest = blake3::hash(self.0.as_bytes());
        let mut bytes = [0; 8];
        bytes.copy_from_slice(&digest.as_bytes()[..8]);
        u64::from_le_bytes(bytes)
    }
}

impl fmt::Display for Id {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::Id;

    #[test]
    fn parts_are_framed() {
        assert_ne!(Id::derive(["ab", "c"]), Id::derive(["a", "bc"]));
        assert_eq!(Id::derive(["ab", "c"]), Id::derive(["ab", "c"]));
    }

    #[test]
    fn text_form_is_short_hex() {
        let id = Id::derive(["x"]);
        assert_eq!(id.as_str().len(), 32);
        assert!(id.as_str().bytes().all(|byte| byte.is_ascii_hexdigit()));
        assert_eq!(id.short().len(), 8);
    }
}
