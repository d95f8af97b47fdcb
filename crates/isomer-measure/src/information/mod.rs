//! Entropy and information of discrete labels, in nats, and how far to trust them.
//!
//! Probabilities are replaced by observed frequencies: the plug-in estimate (Shannon 1948; Cover and
//! Thomas, *Elements of Information Theory*, chapter 2). It is too low for entropy and too high for
//! information, all the more the fewer items there are for each cell of the table that is counted.
//! Two remedies stand beside it: the correction of Miller and Madow (Miller 1955), which needs no
//! draws, and what chance alone gives under permutation, which also holds where most cells are
//! empty. The bootstrap (Efron 1979) gives the spread.
//!
//! ```
//! use isomer_measure::information::{chance, entropy, mutual_information};
//!
//! let colour = [0, 0, 1, 1, 2, 2];
//! let shape = [5, 5, 7, 7, 9, 9];
//! assert!((entropy(&colour) - 3_f64.ln()).abs() < 1e-12);
//! assert!((mutual_information(&colour, &shape) - 3_f64.ln()).abs() < 1e-12);
//! // With six items, chance alone gives more than half of that.
//! assert!(chance(&colour, &shape, None, 200, 0).mean > 0.5);
//! ```

mod bootstrap;
mod chance;
mod corrected;
mod plain;
mod table;

pub(crate) use bootstrap::quantile;
pub use bootstrap::{Interval, Resamples, interval};
pub use chance::{Chance, chance};
pub use corrected::{
    corrected_conditional_mutual_information, corrected_entropy, corrected_mutual_information,
};
pub use plain::{conditional_mutual_information, entropy, mutual_information};
pub(crate) use table::{Items, shared, tally};
