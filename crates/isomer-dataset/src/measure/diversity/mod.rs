//! How much tasks differ from each other.
//!
//! Tasks stream by once. Sums over all of them give the mean distance and, where vectors are not too
//! long, the Vendi score; near-duplicates are found as `isomer curate` finds them; elements are
//! clustered, and drawn on a map, for a sample of bounded size.

mod counts;
mod elements;
mod meter;
mod repeats;
mod sample;
mod statements;
mod words;

pub use meter::DiversityMeter;
