//! Curating a dataset: what repeats, what benchmarks hold, what is too easy or too hard is taken out,
//! and every removal is told with its reason and a witness.
//!
//! Rows are read once, in batches. Of a row that stays, the index keeps some hundred bytes in memory
//! and the set of its shingles in a file without a name. Who stays depends on the order of the rows
//! alone: the first of several that are alike stays, and all others name it as their witness.

mod batch;
mod known;
mod meaning;
mod mutants;
pub(crate) mod near;
mod passes;
mod removal;
mod row;
mod run;
mod settings;
mod source;
mod suite;
mod summary;
mod tests_of_row;

pub use known::KnownError;
pub use mutants::MutantCounts;
pub use removal::{Reason, Removed, Witness};
pub use run::{CurateError, curate, removals_file};
pub use settings::{Band, Settings, Suites};
pub use summary::Summary;
