//! How far tasks are from what is already there: their nearest neighbours in known sets.
//!
//! A set is read once, row by row, into a [`KnownSet`]: an inverted index of word 5-grams, one of
//! pieces of syntax trees, and its vectors. Of each row memory holds some bytes beside these, which are
//! bounded; texts and sets of hashes lie in files without a name. Tasks then stream past all sets.

mod cells;
mod closest;
mod known;
mod meter;
mod sets;
mod vectors;

pub use known::{KnownSet, KnownSetBuilder};
pub use meter::OriginalityMeter;
