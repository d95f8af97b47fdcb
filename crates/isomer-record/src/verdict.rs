//! What a judge says about one program on one test.

use serde::{Deserialize, Serialize};

/// The closed set of verdicts. A failure of the sandbox itself is an error of ours and never one of
/// these.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The answer is right.
    Accepted,
    /// The program ended normally with another answer.
    WrongAnswer,
    /// An uncaught exception, a non-zero exit status or a fatal signal.
    RuntimeError,
    /// More processor or wall time than allowed.
    TimeLimit,
    /// More memory than allowed.
    MemoryLimit,
    /// More output than allowed.
    OutputLimit,
    /// The source does not compile.
    CompileError,
    /// The source compiles but has no function of the wanted name.
    MissingFunction,
    /// Not run, because earlier tests of the suite already decided and running on would only burn
    /// time.
    NotRun,
}

impl Verdict {
    /// The name used in records.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::WrongAnswer => "wrong_answer",
            Self::RuntimeError => "runtime_error",
            Self::TimeLimit => "time_limit",
            Self::MemoryLimit => "memory_limit",
            Self::OutputLimit => "output_limit",
            Self::CompileError => "compile_error",
            Self::MissingFunction => "missing_function",
            Self::NotRun => "not_run",
        }
    }
}

impl std::fmt::Display for Verdict {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.as_str())
    }
}
