//! Test files: run with the reference solution, with what must not pass, and with near-misses.
//!
//! A file is trusted when the reference passes it under two hash seeds and at another time of day, when
//! every test asserts something, when no test passes for an empty module, and when enough of them
//! notice functions that do nothing.

mod evidence;
mod examine;
mod session;
mod survey;

pub(super) use examine::examine;
pub(crate) use session::verdicts;
