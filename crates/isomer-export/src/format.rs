//! The formats by name.

use std::str::FromStr;

use isomer_record::JudgeMode;

use crate::grade::{Calls, Grader, graders};

/// A record format that a trainer reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Format {
    /// verl: `prime_code`, or `sandbox_fusion` where it has a server.
    Verl,
    /// A list of LiveCodeBench tests, as SkyRL and rLLM read it.
    LiveCodeBench,
    /// `code_gen` of NeMo-Gym.
    NemoGym,
    /// `verification_info`, as `code_reward` of open-r1 and rewards for TRL read it.
    OpenR1,
    /// `cf_code_reward` of open-r1, which runs a checker that comes with the row.
    OpenR1Checker,
    /// Competitive programming of verifiers and prime-rl.
    Verifiers,
    /// OpenRLHF, whose users bring a reward function.
    OpenRlhf,
    /// open-instruct.
    OpenInstruct,
    /// APPS and TACO.
    Taco,
    /// Every line as it is.
    Jsonl,
    /// As `jsonl`, in Parquet.
    Parquet,
    /// Preference pairs: the reference over each near-miss.
    Dpo,
}

/// How rows lie in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// A JSON object a line.
    Lines,
    /// Apache Parquet.
    Parquet,
}

/// A name that no [`Format`] has.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no format is called `{0}`; known are {known}", known = Format::ALL.map(Format::as_str).join(", "))]
pub struct UnknownFormat(pub String);

impl Format {
    /// All of them.
    pub const ALL: [Self; 12] = [
        Self::Verl,
        Self::LiveCodeBench,
        Self::NemoGym,
        Self::OpenR1,
        Self::OpenR1Checker,
        Self::Verifiers,
        Self::OpenRlhf,
        Self::OpenInstruct,
        Self::Taco,
        Self::Jsonl,
        Self::Parquet,
        Self::Dpo,
    ];

    /// The name that users type.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Verl => "verl",
            Self::LiveCodeBench => "livecodebench",
            Self::NemoGym => "nemo-gym",
            Self::OpenR1 => "open-r1",
            Self::OpenR1Checker => "open-r1-checker",
            Self::Verifiers => "verifiers",
            Self::OpenRlhf => "openrlhf",
            Self::OpenInstruct => "open-instruct",
            Self::Taco => "taco",
            Self::Jsonl => "jsonl",
            Self::Parquet => "parquet",
            Self::Dpo => "dpo",
        }
    }

    /// How rows lie when the name of the file does not say.
    pub const fn layout(self) -> Layout {
        match self {
            Self::Verl | Self::Parquet => Layout::Parquet,
            _ => Layout::Lines,
        }
    }

    /// Whether a row carries a task of this mode at all.
    pub const fn carries(self, mode: JudgeMode) -> bool {
        match (self, mode) {
            (Self::Jsonl | Self::Parquet | Self::Dpo, _) => true,
            (_, JudgeMode::Pytest) | (Self::OpenR1 | Self::OpenR1Checker, JudgeMode::Call) => false,
            _ => true,
        }
    }

    /// Who grades what is written.
    pub const fn graders(self) -> &'static [Grader] {
        match self {
            Self::Verl => &[graders::PRIME, graders::SANDBOX_FUSION],
            Self::LiveCodeBench => &[graders::SKYRL, graders::RLLM],
            Self::NemoGym => &[graders::NEMO_GYM],
            Self::OpenR1 => &[graders::OPEN_R1],
            Self::OpenR1Checker => &[graders::OPEN_R1_CHECKER],
            Self::Verifiers => &[graders::VERIFIERS],
            Self::OpenInstruct => &[graders::OPEN_INSTRUCT],
            Self::Taco => &[graders::TACO],
            Self::OpenRlhf | Self::Jsonl | Self::Parquet | Self::Dpo => &[graders::ISOMER],
        }
    }

    /// How the arguments of a function are written.
    pub const fn calls(self) -> Calls {
        match self {
            Self::Verl | Self::LiveCodeBench | Self::NemoGym | Self::OpenRlhf => Calls::JsonLines,
            Self::Verifiers => Calls::Literals,
            Self::OpenInstruct => Calls::Asserts,
            _ => Calls::Values,
        }
    }

    /// Whether tests are chosen and ordered for the graders; the others get all of them as they are.
    pub const fn shapes(self) -> bool {
        !matches!(self, Self::Jsonl | Self::Parquet | Self::Dpo)
    }
}

impl std::fmt::Display for Format {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl FromStr for Format {
    type Err = UnknownFormat;

    fn from_str(name: &str) -> Result<Self, UnknownFormat> {
        let named = Self::ALL.into_iter().find(|format| format.as_str() == name);
        named.ok_or_else(|| UnknownFormat(name.to_owned()))
    }
}
