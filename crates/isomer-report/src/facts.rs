//! What a report says of the run that made the tasks.

use serde::Serialize;

/// A run, from seeds to hardened tasks.
#[derive(Clone, Debug, Default, Serialize)]
pub struct RunFacts {
    /// What the user calls it.
    pub run: String,
    /// `complete`, `stopped` or `working`.
    pub state: String,
    /// The domain pack.
    pub pack: String,
    /// Models that answered, by the names their servers give; those of the settings where nothing
    /// says better.
    pub models: Vec<String>,
    /// True if answers came from a recording: then tokens, cost and call times are the recorded ones.
    pub replayed: bool,
    /// Seeds in the run; `None` while they are still being read.
    pub seeds: Option<u64>,
    /// Blueprints per seed.
    pub samples: u32,
    /// From the beginning to the last thing that happened, in ms.
    pub elapsed_ms: u64,
    /// One for each stage, in order.
    pub stages: Vec<StageFacts>,
    /// All calls.
    pub spent: Spending,
    /// Settings that decide the results, as name and value.
    pub settings: Vec<(String, String)>,
}

/// One stage of a run.
#[derive(Clone, Debug, Default, Serialize)]
pub struct StageFacts {
    /// Its name.
    pub stage: String,
    /// What it makes, in the plural.
    pub product: String,
    /// Items that left with a product.
    pub kept: u64,
    /// Items that were rejected.
    pub dropped: u64,
    /// Items that could not be judged.
    pub failed: u64,
    /// Items that have not left yet.
    pub open: u64,
    /// Why items were rejected, most frequent first.
    pub reasons: Vec<ReasonFacts>,
    /// What its calls cost.
    pub spent: Spending,
    /// Time that items spent in the stage, added up, in ms: calls, programs and their queues.
    pub work_ms: u64,
    /// Time that its calls took, added up, in ms.
    pub call_ms: u64,
}

/// Why items were rejected.
#[derive(Clone, Debug, Default, Serialize)]
pub struct ReasonFacts {
    /// The reason's name.
    pub reason: String,
    /// Items rejected for it.
    pub count: u64,
    /// Some of them.
    pub examples: Vec<Example>,
}

/// A rejected item.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Example {
    /// Its id.
    pub item: String,
    /// What it would have been: the first line of its statement, or its seed.
    pub title: String,
    /// What exactly was seen.
    pub detail: String,
    /// What a person would want to look at, as named texts.
    pub evidence: Vec<(String, String)>,
}

/// What calls cost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Spending {
    /// Answered calls.
    pub calls: u64,
    /// Tokens sent.
    pub prompt_tokens: u64,
    /// Tokens received.
    pub completion_tokens: u64,
    /// US dollars, of the calls with a known price.
    pub cost_usd: f64,
    /// Calls whose price is not known.
    pub unpriced_calls: u64,
}
