//! A run in figures: what every report and `--json` are made of.

use isomer_record::{DropReason, Stage};
use serde::Serialize;

use crate::settings::Answers;

/// Where a run is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum RunState {
    /// A process works on it.
    Working,
    /// Nobody works on it and something is left to do.
    Stopped,
    /// Every item has ended.
    Complete,
}

/// A run in figures.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Summary {
    /// The run's folder.
    pub(crate) run: String,
    /// Where it is.
    pub(crate) state: RunState,
    /// The domain pack.
    pub(crate) pack: String,
    /// Models asked, without repetition.
    pub(crate) models: Vec<String>,
    /// Where answers come from.
    pub(crate) answers: Answers,
    /// Seeds in the run; `None` while they are still being read.
    pub(crate) seeds: Option<u64>,
    /// Blueprints per seed.
    pub(crate) samples: u32,
    /// From the beginning to the last thing that happened, in ms.
    pub(crate) elapsed_ms: u64,
    /// One for each stage, in order.
    pub(crate) stages: Vec<StageSummary>,
    /// All calls. With a recording these are the recorded figures and nothing was paid.
    pub(crate) spent: Money,
    /// The hardened tasks.
    pub(crate) tasks: TaskTotals,
    /// The dataset, if there is one yet.
    pub(crate) tasks_file: Option<String>,
}

/// One stage.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct StageSummary {
    /// The stage.
    pub(crate) stage: Stage,
    /// Items that left with a product.
    pub(crate) kept: u64,
    /// Items that were rejected.
    pub(crate) dropped: u64,
    /// Items that could not be judged and are tried again by the next start.
    pub(crate) failed: u64,
    /// Items waiting for their turn or for another item.
    pub(crate) waiting: u64,
    /// Items being worked on.
    pub(crate) in_flight: u64,
    /// Why items were rejected, most frequent first.
    pub(crate) reasons: Vec<ReasonCount>,
    /// What the stage's calls cost.
    pub(crate) spent: Money,
}

/// How often a reason was given.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct ReasonCount {
    /// The reason.
    pub(crate) reason: DropReason,
    /// Items rejected for it.
    pub(crate) count: u64,
}

/// What calls cost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub(crate) struct Money {
    /// Answered calls, useful or not.
    pub(crate) calls: u64,
    /// Tokens sent.
    pub(crate) prompt_tokens: u64,
    /// Tokens received.
    pub(crate) completion_tokens: u64,
    /// US dollars, of the calls with a known price.
    pub(crate) cost_usd: f64,
    /// Calls whose price is not known.
    pub(crate) unpriced_calls: u64,
}

/// The hardened tasks of a run.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct TaskTotals {
    /// How many there are.
    pub(crate) count: u64,
    /// Near-misses that count: killed or survived.
    pub(crate) near_misses: u64,
    /// Mean share that the first suites killed; `None` without tasks.
    pub(crate) kill_rate_before: Option<f64>,
    /// Mean share that the final suites kill; `None` without tasks.
    pub(crate) kill_rate_after: Option<f64>,
    /// Id of the first task, to look at.
    pub(crate) example: Option<String>,
}

/// What a stage makes, as the funnel calls it.
pub(crate) const fn product_name(stage: Stage) -> &'static str {
    match stage {
        Stage::Decompose => "element sets",
        Stage::Recombine => "blueprints",
        Stage::Design => "tasks",
        Stage::Solve => "candidates",
        Stage::Verify => "verified",
        Stage::Harden => "hardened",
    }
}
