//! The pipeline: seeds, packs, stages and the runner that moves items through them.

/// Seed problems from files of many shapes, streamed.
pub mod seeds;
