//! The store through its public face: what the runner and the viewers rely on.

#![expect(
    clippy::unwrap_used,
    reason = "helpers of tests fail the test, and the lint spares only the tests themselves"
)]

mod common;
mod crash;
mod items;
mod rates;
mod reader;
mod replay;
mod seeds;
