//! The answers: well formed, different for every task, and really executable.

mod attack;
mod code;
mod schema;
mod text;

pub(super) use attack::{harden, near_misses};
pub(super) use code::{sample, solve};
pub(super) use schema::proposals;
pub(super) use text::{design, elements};
