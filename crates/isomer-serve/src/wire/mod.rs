//! The exact form of `/v1/run` and `/v1/pytest`, from both ends. Jobs go in as one JSON object,
//! executions come out as one JSON line each, the report on a test file as one object.
//!
//! A response is complete only when its last line is [`Line::End`]; after an [`Line::Error`], or
//! without either, nothing is known about the inputs that are not there.

mod execution;
mod files;
mod job;
mod report;
mod value;

pub use execution::{Line, execution_from_json, execution_to_json};
pub(crate) use files::{files_from_json, files_to_json};
pub use job::job_to_json;
pub use report::{test_job_to_json, test_report_from_json, test_report_to_json};
pub use value::{value_from_json, value_to_json};

/// JSON that is not of this form.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {problem}")]
pub struct WireError {
    field: &'static str,
    problem: &'static str,
}

impl WireError {
    pub(crate) const fn new(field: &'static str, problem: &'static str) -> Self {
        Self { field, problem }
    }
}
