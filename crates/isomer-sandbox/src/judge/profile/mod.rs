//! What the graders of others say to an answer, mistakes included.
//!
//! Exports use this to predict how a task fares with the grader it is written for. What is predicted
//! is the comparison: a grader's own time limits, and what its way of running a program breaks
//! (`input` replaced, the program wrapped in a function), show in no [`Execution`].

mod live_code_bench;
mod open_r1;
mod prime;
mod sandbox_fusion;
mod scale_box;
#[cfg(test)]
mod tests;
mod verifiers;
mod verl;

use std::str::FromStr;

use isomer_record::{JudgeMode, Verdict};
use serde_json::Value;

use crate::{Ending, Execution, Output};

/// A grader whose verdicts are predicted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Profile {
    /// The online judge of SandboxFusion. Knows no function calls.
    SandboxFusion,
    /// ScaleBox, which is derived from it.
    ScaleBox,
    /// `prime_code` of verl, which runs programs in its own process.
    Prime,
    /// LiveCodeBench.
    LiveCodeBench,
    /// `code_reward` of open-r1. Knows no function calls.
    OpenR1,
    /// The competitive programming tasks of verifiers, which prime-rl trains on.
    Verifiers,
    /// `sandbox_fusion` of verl, which runs programs on SandboxFusion and compares by itself.
    Verl,
}

impl Profile {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::SandboxFusion,
        Self::ScaleBox,
        Self::Prime,
        Self::LiveCodeBench,
        Self::OpenR1,
        Self::Verifiers,
        Self::Verl,
    ];

    /// The name that settings and requests use.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SandboxFusion => "sandboxfusion",
            Self::ScaleBox => "scalebox",
            Self::Prime => "prime",
            Self::LiveCodeBench => "livecodebench",
            Self::OpenR1 => "open-r1",
            Self::Verifiers => "verifiers",
            Self::Verl => "verl",
        }
    }
}

impl std::fmt::Display for Profile {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// A name that no [`Profile`] has.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no grader is called `{0}`; known are {known}", known = Profile::ALL.map(Profile::as_str).join(", "))]
pub struct UnknownProfile(pub String);

impl FromStr for Profile {
    type Err = UnknownProfile;

    fn from_str(name: &str) -> Result<Self, UnknownProfile> {
        let named = Self::ALL.into_iter().find(|profile| profile.as_str() == name);
        named.ok_or_else(|| UnknownProfile(name.to_owned()))
    }
}

/// The verdict that a grader would give on one test whose answer is written as our exports write
/// it: `expected` as it is in [`JudgeMode::Stdio`], as Python's `json.dumps` has it in
/// [`JudgeMode::Call`]. A single test of [`JudgeMode::Pytest`] has no answer, so none is right.
pub fn judge_as(
    profile: Profile,
    mode: JudgeMode,
    expected: &Value,
    execution: &Execution,
) -> Verdict {
    if mode == JudgeMode::Pytest {
        return Verdict::WrongAnswer;
    }
    let grade = match profile {
        Profile::SandboxFusion => sandbox_fusion::verdict,
        Profile::ScaleBox => scale_box::verdict,
        Profile::Prime => prime::verdict,
        Profile::LiveCodeBench => live_code_bench::verdict,
        Profile::OpenR1 => open_r1::verdict,
        Profile::Verifiers => verifiers::verdict,
        Profile::Verl => verl::verdict,
    };
    grade(mode, expected, execution)
}

/// The verdict of a grader that runs a program as a process and wants exit status 0.
fn judge_process(
    expected: &Value,
    execution: &Execution,
    accepts: impl Fn(&str, &str) -> bool,
) -> Verdict {
    super::failure(&execution.ending)
        .unwrap_or_else(|| super::verdict(accepts_text(expected, execution, accepts)))
}

/// The verdict of a grader that runs a program in its own interpreter, where leaving with any status
/// is as good as finishing.
fn judge_in_process(
    expected: &Value,
    execution: &Execution,
    accepts: impl Fn(&str, &str) -> bool,
) -> Verdict {
    match execution.ending {
        Ending::ExitStatus(_) => super::verdict(accepts_text(expected, execution, accepts)),
        _ => judge_process(expected, execution, accepts),
    }
}

fn accepts_text(
    expected: &Value,
    execution: &Execution,
    accepts: impl Fn(&str, &str) -> bool,
) -> bool {
    match (expected, &execution.output) {
        (Value::String(expected), Output::Text(actual)) => accepts(expected, actual),
        _ => false,
    }
}
