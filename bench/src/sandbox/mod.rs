//! What the measurement of the sandbox is made of: problems, ways to judge them, and turns of one
//! after the other.

mod contender;
mod machine;
mod peer;
mod problem;
mod turns;

pub(crate) use contender::{Contender, Fresh, has_bubblewrap};
pub(crate) use machine::{Busy, Jails, pin, processors};
pub(crate) use peer::Peer;
pub(crate) use problem::Problem;
pub(crate) use turns::{Course, Plan, compare, percentile};
