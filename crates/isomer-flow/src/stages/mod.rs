//! The stages of the method: each folder turns one record into the next through its `run` function.
//!
//! No stage knows another one, the runner or the store.

mod context;
pub mod decompose;
pub mod design;
mod exit;
pub mod harden;
pub mod recombine;
pub mod solve;
pub mod verify;

pub use context::{Cx, FlowSettings, Item};
pub use exit::{Exit, Halt};
