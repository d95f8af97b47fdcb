//! Why a task is not in an export: a closed list, each with a witness.

use serde::Serialize;
use serde_json::Value;

/// Why a format cannot carry a task, or its graders would judge it wrongly.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// The line is no task.
    Unreadable,
    /// The task has no tests.
    NoTests,
    /// The task has no reference solution, so that nothing can be said about the graders.
    NoSolution,
    /// The format has no place for tasks of this judge mode.
    ModeNotCarried,
    /// The task allows several answers, and a grader only one.
    ComparisonNotCarried,
    /// Our own judge rejects the reference.
    ReferenceWrong,
    /// A grader rejects the reference on every test.
    ReferenceRejected,
    /// A grader cannot run the reference.
    ReferenceNotRunnable,
    /// The reference takes more than half of a grader's time.
    ReferenceTooSlow,
    /// No test can be written in the format.
    TestsNotExpressible,
    /// No test is within the size allowed for a row.
    TestsTooLarge,
    /// A grader accepts a near-miss whatever the tests, or has no time or room for the test that
    /// would catch it.
    NearMissAccepted,
    /// There is no near-miss to prefer the reference to.
    NoNearMiss,
}

impl Reason {
    /// All of them.
    pub const ALL: [Self; 13] = [
        Self::Unreadable,
        Self::NoTests,
        Self::NoSolution,
        Self::ModeNotCarried,
        Self::ComparisonNotCarried,
        Self::ReferenceWrong,
        Self::ReferenceRejected,
        Self::ReferenceNotRunnable,
        Self::ReferenceTooSlow,
        Self::TestsNotExpressible,
        Self::TestsTooLarge,
        Self::NearMissAccepted,
        Self::NoNearMiss,
    ];

    /// The name used in the sidecar.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unreadable => "unreadable",
            Self::NoTests => "no_tests",
            Self::NoSolution => "no_solution",
            Self::ModeNotCarried => "mode_not_carried",
            Self::ComparisonNotCarried => "comparison_not_carried",
            Self::ReferenceWrong => "reference_wrong",
            Self::ReferenceRejected => "reference_rejected",
            Self::ReferenceNotRunnable => "reference_not_runnable",
            Self::ReferenceTooSlow => "reference_too_slow",
            Self::TestsNotExpressible => "tests_not_expressible",
            Self::TestsTooLarge => "tests_too_large",
            Self::NearMissAccepted => "near_miss_accepted",
            Self::NoNearMiss => "no_near_miss",
        }
    }
}

/// A task that was left out; a line of the sidecar.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LeftOut {
    /// The task.
    pub id: String,
    /// Why.
    pub reason: Reason,
    /// The grader that would be wrong, if one would.
    pub grader: Option<&'static str>,
    /// What shows it.
    pub witness: Value,
}
