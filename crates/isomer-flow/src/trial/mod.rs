//! Running programs and judging what comes out: shared by the stages that execute code.
//!
//! Whatever ends up in a prompt is the same on every machine: no times, no sizes of memory, no paths.

mod confirm;
mod examine;
mod flaw;
mod generate;
mod program;
mod pytest;
mod suite;

pub(crate) use confirm::{Confirmed, second_opinion};
pub(crate) use examine::examine;
pub(crate) use flaw::Flaw;
pub(crate) use generate::suites;
pub(crate) use program::{failed, verdicts};
pub(crate) use pytest::verdicts as pytest_verdicts;
pub(crate) use suite::{size, test_size};
