//! Rows of other makers' datasets as tasks, and the files they come in beside JSON.

mod field;
mod kattis;
mod literal;
mod parquet;
mod shapes;
mod tests_of;
mod unpickle;

use isomer_record::TaskLine;
use serde_json::Value;
use thiserror::Error;

pub use kattis::{is_package, package};
pub use parquet::{ParquetFault, ParquetRows, is_parquet};
pub use shapes::whole;

/// Why a row is no task.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum NoTask {
    /// None of the known layouts has these fields.
    #[error("the row is no task of a known layout; it has {}", .fields.join(", "))]
    UnknownLayout {
        /// The row's fields, in backticks.
        fields: Vec<String>,
    },
    /// A field that the layout needs is there and cannot be used.
    #[error("`{field}` cannot be read: {problem}")]
    Field {
        /// The field.
        field: String,
        /// What is wrong with it.
        problem: String,
    },
}

impl NoTask {
    fn field(field: &str, problem: impl std::fmt::Display) -> Self {
        Self::Field { field: field.to_owned(), problem: problem.to_string() }
    }
}

/// Reads a row as a task, whatever its layout: a line of `tasks.jsonl`, a row of any of the export
/// formats, HumanEval, MBPP, APPS, TACO, CodeContests, LiveCodeBench or BigCodeBench.
///
/// # Errors
///
/// Names what is missing or wrong.
pub fn task(row: &Value) -> Result<TaskLine, NoTask> {
    let Value::Object(fields) = row else {
        return Err(NoTask::field("row", "it is no object"));
    };
    for shape in shapes::SHAPES {
        if let Some(read) = shape(row) {
            return read;
        }
    }
    const SHOWN: usize = 12;
    let fields = fields.keys().take(SHOWN).map(|name| format!("`{name}`")).collect();
    Err(NoTask::UnknownLayout { fields })
}
