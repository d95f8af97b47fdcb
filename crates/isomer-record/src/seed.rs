//! Seed problems as they enter a run.

use serde::{Deserialize, Serialize};

/// Where a seed was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// The file as the user named it.
    pub file: String,
    /// The row, counted from 1: the line in JSONL, the position in a JSON array or object.
    pub row: u64,
}

/// A problem that somebody else wrote, whose elements feed new ones.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seed {
    /// The user's id, or one derived from the content.
    pub id: String,
    /// The problem's text.
    pub statement: String,
    /// A known right solution, if the row had one.
    pub solution: Option<String>,
    /// Where it was read.
    pub origin: Origin,
}
