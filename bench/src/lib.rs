//! A mock of an OpenAI-compatible endpoint, and what the bench commands and the end-to-end tests
//! share: seed files to feed it and ways to watch the `isomer` process that asks it.
//!
//! Nothing here imports the other crates of the workspace: the real binary is driven from outside,
//! as a user would. Only the measurement of the sandbox, which is a library too, uses it as one, and
//! that of schemas writes its runs with the store.

pub mod ledger;
pub mod mock;
pub mod process;
pub mod seeds;
