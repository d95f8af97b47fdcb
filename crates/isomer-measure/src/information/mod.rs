//! Entropy and information of discrete labels, in nats.
//!
//! Everything here is the plug-in estimate: probabilities are replaced by observed frequencies
//! (Shannon 1948; Cover and Thomas, *Elements of Information Theory*, chapter 2).

mod plain;

pub use plain::{conditional_mutual_information, entropy, mutual_information};
