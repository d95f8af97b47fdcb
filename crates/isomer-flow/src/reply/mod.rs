//! What models answer, read into records: pure functions, one file for each form.
//!
//! Every reply carries tagged blocks after free text. The parsers forgive everything that leaves
//! no doubt about what was meant, and say exactly what is missing otherwise.

mod answer;
mod blocks;
mod code;
mod design;
mod elements;
mod harden;
mod header;
mod missing;
mod near_miss;
mod solution;
#[cfg(test)]
mod tests;

pub use answer::program;
pub use design::design;
pub use elements::elements;
pub use harden::{Additions, Hardening, additions, hardening};
pub use missing::Missing;
pub use near_miss::{NearMissDraft, near_misses};
pub use solution::{Programs, programs};
