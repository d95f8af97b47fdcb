//! Measures of what a set of records holds: pure functions on numbers and strings.
//!
//! No input or output, no clock, no room of ours imported. Whatever is random takes a seed, and equal
//! arguments give equal results on every machine and with any number of threads.

pub mod cluster;
pub mod information;
pub mod passing;
pub mod proportion;
pub mod schema;
pub mod spread;
pub mod text;
pub mod vectors;
