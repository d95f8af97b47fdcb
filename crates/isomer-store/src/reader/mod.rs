//! Looking at a run without writing to it.

mod decomposed;
mod items;
mod open;
mod rows;
mod totals;

pub use decomposed::DecomposedSeed;
pub use items::HardenedItem;
pub use open::Reader;
pub use rows::{CallRecord, Ending, ItemFilter, ItemRow, ItemState, OutcomeRow};
pub use totals::{Spending, StageTally, Tallies, Times, Work};

#[cfg(test)]
pub(crate) use decomposed::DECOMPOSED_SEEDS;
#[cfg(test)]
pub(crate) use items::HARDENED;
