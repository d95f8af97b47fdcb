//! What only shows after a while, in a crowd or from above: load, growth, random deaths, control
//! groups. Most have a short form and a long one that is ignored unless asked for:
//!
//! `ISOMER_SOAK_MINUTES=30 cargo test -p isomer-sandbox --test soak -- --ignored --nocapture`
#![expect(
    clippy::print_stdout,
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    reason = "the figures are the result, and helpers of tests may fail like tests"
)]

#[path = "../common/mod.rs"]
mod common;
#[path = "../common/innocent.rs"]
mod innocent;

mod groups;
mod growth;
mod kills;
mod load;

/// One test at a time: each looks at its whole process, or needs all of the machine.
static TURN: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());
