//! Datasets of tasks on disk: judging them by labelled solutions, and curating them.
//!
//! Everything streams: no list of all tasks or solutions is ever held, only some bytes for each.

pub mod curate;
mod digest;
mod error;
mod lines;
pub mod measure;
mod shelf;
mod torn;
pub mod verify;

pub use error::{DatasetError, Problem, Problems};
pub use lines::{Line, Lines, tasks_file};
