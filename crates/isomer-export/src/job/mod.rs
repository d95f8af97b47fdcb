//! Exporting a dataset: judged task by task into notes, which become the files at the end.

mod finish;
mod notes;
mod plan;
mod run;
mod table;
mod tally;

pub use plan::{Plan, Target};
pub use run::{Line, Report, Trouble, export};
pub use tally::Tally;
