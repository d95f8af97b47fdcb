//! What the writing thread does, one function a command. All run inside its transaction.

mod calls;
mod finish;
mod lease;
mod seeds;

pub(crate) use calls::{PackedCall, record_call};
pub(crate) use finish::{PackedFinish, PackedItem, add_items, finish};
pub(crate) use lease::{PackedClaim, claim, park, release};
pub(crate) use seeds::{PackedSeed, add_seeds, seal_seeds, set_samples};

#[cfg(test)]
pub(crate) use finish::WAKE;
#[cfg(test)]
pub(crate) use lease::CLAIM;
