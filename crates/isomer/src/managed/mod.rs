//! The Python environment that isomer makes and keeps for generated code.
//!
//! An ordinary virtual environment with pinned libraries, for packs whose tasks need more than the
//! standard library. See `docs/design/managed-python.md`.

mod create;
mod install;
mod need;
mod place;
mod probe;
mod requirements;
mod state;

pub(crate) use create::{Wish, ensure, hold};
pub(crate) use need::{Need, choose, expect_visible};
pub(crate) use place::Place;
pub(crate) use state::{Depth, Marker, State, describe, look};
