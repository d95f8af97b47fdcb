//! Hostile and degenerate programs: tables of attacks, each with the way it must end, alone and
//! beside innocent programs.
//!
//! Run behind an outer wall while working on the jail: `scripts/walled cargo test -p isomer-sandbox`.
#![expect(clippy::unwrap_used, clippy::panic, reason = "helpers of tests may fail like tests")]

#[path = "../common/mod.rs"]
mod common;
#[path = "../common/innocent.rs"]
mod innocent;

mod alone;
mod beside;
mod degenerate;
mod driver;
mod folder;
mod forgers;
mod limits;
mod machine;
mod poison;
mod processes;
mod program;
