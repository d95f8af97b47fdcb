//! The records that travel between isomer's rooms.
//!
//! This is the lowest room: it imports nothing of ours, does no I/O, and every other room reads it.
//! Whoever adds a field here changes what is on disk; see [`FORMAT_VERSION`].

mod elements;
mod event;
mod expected;
mod id;
mod line;
mod outcome;
mod seed;
mod task;
mod verdict;

pub use elements::{Blueprint, Elements};
pub use event::{Event, Tally};
pub use expected::{ExpectedTests, Trust};
pub use id::Id;
pub use line::{Provenance, TaskLine, TestsLine};
pub use outcome::{Boundary, DropReason, Stage};
pub use seed::{Origin, Seed};
pub use task::{
    Candidate, Comparison, Design, Hardened, JudgeMode, NearMiss, NearMissStatus, Suite,
    TestSource, Verified,
};
pub use verdict::Verdict;

/// Version of the records as they are written to disk; a run made by another version is refused.
pub const FORMAT_VERSION: u32 = 1;
