//! A run on disk: one folder, one SQLite file, one writer.
//!
//! [`Store`] is what the runner works on: it claims items, finishes them, and gets an answer only
//! when the change is on the disk. [`Reader`] looks at a run that is alive in another process, or
//! dead. What is acknowledged survives `kill -9`; opening the folder again resumes.

mod database;
mod embeddings;
mod error;
mod folder;
mod packed;
#[cfg(test)]
mod plans;
mod read;
mod reader;
mod store;
mod types;
mod worker;
mod write;

pub use embeddings::{Embeddings, TextKey};
pub use error::StoreError;
pub use reader::{
    CallRecord, DecomposedSeed, Ending, HardenedItem, ItemFilter, ItemRow, ItemState, OutcomeRow,
    Reader, Spending, StageTally, Tallies, Times, Work,
};
pub use store::Store;
pub use types::{
    AddedSeeds, CallRow, Claim, Decomposed, Finish, Finished, NewItem, Pending, RepeatedSeed,
    SeedRow, SeedState, Spent,
};
