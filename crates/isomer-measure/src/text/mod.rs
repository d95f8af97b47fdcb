//! Texts compared by what they share: words, shingles, MinHash, bands of locality-sensitive hashing,
//! exact similarity of sets, and n-grams in common with known texts.

mod bands;
mod grams;
mod index;
mod minhash;
mod sets;
mod shared;
mod shingles;
mod words;

pub use bands::Bands;
pub use grams::{GramIndex, Overlap};
pub use index::BandIndex;
pub use minhash::{MinHash, Sketch};
pub use sets::{containment, jaccard};
pub use shared::{Found, Shared, SharedIndex, SharedIndexBuilder};
pub use shingles::{character_shingles, word_shingles};
pub use words::Words;
