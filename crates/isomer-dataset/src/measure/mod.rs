//! Originality, diversity, difficulty and test quality of any dataset.
//!
//! The four axes are those on which *Atomic Decomposition and Recombination* (arXiv 2605.31058)
//! compares datasets. Each axis says something of every task and sums up over all of them.

mod columns;
pub mod difficulty;
mod diversity;
mod error;
mod figures;
mod kept;
mod kills;
mod originality;
mod spread;
mod subject;
mod task;
mod tasks;
pub mod test_quality;

use columns::Columns;
pub use diversity::DiversityMeter;
pub use error::MeasureError;
pub use figures::{
    Against, Closest, Counted, Difficulty, Diversity, ElementSpread, Measured, Originality, PassAt,
    Place, Pools, Proxies, Similarity, Spread, Target, TestQuality,
};
pub use kept::{Kept, Key};
pub use kills::MutantKills;
pub use originality::{KnownSet, KnownSetBuilder, OriginalityMeter};
pub use subject::{ElementValue, Shape, Subject};
pub use task::{Coverage, Mutants, Nearest, Size, Survivor, TaskMeasures, TaskPasses, TestMatrix};
pub use tasks::Tasks;
