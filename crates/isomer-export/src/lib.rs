//! Rows for trainers, graded as the trainers grade them.
//!
//! Every trainer reads a record of its own and grades by a rule of its own. A task is exported to a
//! format only if that rule, re-implemented in [`Grader`], accepts the reference solution and rejects
//! every wrong near-miss on the tests as they are written; [`shape()`] chooses and orders them so that
//! it does. Programs run once a task ([`Trial`]), whatever the number of formats.
//!
//! The other way round, [`task()`] reads rows of these formats, and of the usual benchmarks, as tasks.

mod card;
mod checker;
mod error;
mod format;
mod grade;
mod job;
mod left_out;
mod prompt;
mod python;
mod read;
mod rows;
mod shape;
mod source;
mod trial;
mod written;

pub use card::{CardFacts, CardMeasures, CardWishes, DataFiles, FunnelRow, NoMeasures, card};
pub use error::ExportError;
pub use format::{Format, Layout, UnknownFormat};
pub use grade::{Calls, Compare, Grade, Grader};
pub use job::{Line, Plan, Report, Tally, Target, Trouble, export};
pub use left_out::{LeftOut, Reason};
pub use read::{NoTask, ParquetFault, ParquetRows, is_package, is_parquet, package, task, whole};
pub use shape::{Room, shape};
pub use source::Hindrance;
pub use trial::{Program, Trial};
