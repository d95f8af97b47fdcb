//! What goes into the store and what the runner gets out of it.

use isomer_record::{Boundary, DropReason, Elements, Id, Origin, Seed, Stage};
use serde_json::Value;

/// A seed on its way into the run.
#[derive(Clone, Debug, PartialEq)]
pub struct SeedRow {
    /// Identity of the seed as an item.
    pub item: Id,
    /// Decides the seed's position: seeds are ordered by this, not by the order of reading.
    pub order_key: [u8; 16],
    /// The seed itself.
    pub seed: Seed,
}

/// What became of a batch of seeds. The first row in reading order wins, the others are listed here
/// and not added.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AddedSeeds {
    /// Seeds that are now in the run and were not before.
    pub added: u64,
    /// Rows whose seed id was taken.
    pub duplicate_ids: Vec<RepeatedSeed>,
    /// Rows with an id of their own that are the same item as an earlier row: the same content,
    /// where ids are derived from the content.
    pub repeated_content: Vec<RepeatedSeed>,
}

/// A row that was not added because an earlier row has its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RepeatedSeed {
    /// The row's seed id.
    pub seed_id: String,
    /// The row that is in the run.
    pub first: Origin,
    /// The row that was left out.
    pub repeated: Origin,
}

/// A seed as the blueprints that draw on it see it.
#[derive(Clone, Debug, PartialEq)]
pub struct SeedState {
    /// The seed's item.
    pub item: Id,
    /// The user's id of the seed.
    pub seed_id: String,
    /// How far it is.
    pub state: Decomposed,
}

/// How far a seed's decomposition is.
#[derive(Clone, Debug, PartialEq)]
pub enum Decomposed {
    /// Not decided yet; also when it failed and waits for the next start.
    Pending,
    /// It has an element set.
    Kept(Elements),
    /// It will never have one.
    Dropped,
}

/// A leased item: nobody else gets it before it is finished, parked or released, or the run is
/// opened again.
#[derive(Clone, Debug, PartialEq)]
pub struct Claim {
    /// The item.
    pub item: Id,
    /// The stage to run.
    pub stage: Stage,
    /// Position of the seed it belongs to.
    pub position: u64,
    /// Which of that seed's samples it is.
    pub sample: u32,
    /// Failed tries at this stage so far.
    pub attempts: u32,
    /// The product of the stage before, the `Seed`, or what a spawned item was born with.
    pub input: Value,
}

/// How an item leaves a stage.
#[derive(Clone, Debug, PartialEq)]
pub struct Finish {
    /// The item.
    pub item: Id,
    /// The stage it leaves. An item that is at another stage has been finished before: then nothing
    /// is changed.
    pub stage: Stage,
    /// How.
    pub result: Finished,
    /// Items born of it, in the same transaction. Those that exist already are left alone.
    pub spawn: Vec<NewItem>,
    /// Time spent in the stage, in ms.
    pub elapsed_ms: u64,
}

/// The three ways to leave a stage.
#[derive(Clone, Debug, PartialEq)]
pub enum Finished {
    /// With a product.
    Kept {
        /// The product.
        output: Value,
        /// Where the item goes on; `None` ends it.
        next: Option<Stage>,
    },
    /// Rejected.
    Dropped {
        /// Why.
        reason: DropReason,
        /// What exactly was seen.
        detail: String,
        /// What a person would want to look at.
        evidence: Option<Value>,
    },
    /// Could not be judged: it rests until the run is opened again.
    Failed {
        /// Whose failure it is.
        boundary: Boundary,
        /// The error in words.
        error: String,
    },
}

/// An item to be born.
#[derive(Clone, Debug, PartialEq)]
pub struct NewItem {
    /// Its identity.
    pub id: Id,
    /// The stage it starts at.
    pub stage: Stage,
    /// Position of the seed it belongs to.
    pub position: u64,
    /// Which of that seed's samples it is.
    pub sample: u32,
    /// What its first stage is given.
    pub input: Value,
}

/// Where the unfinished items are. The run has nothing more to do in this process when nothing is
/// ready or leased: see [`Pending::is_idle`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pending {
    /// Waiting to be claimed.
    pub ready: u64,
    /// Claimed.
    pub leased: u64,
    /// Waiting for another item.
    pub parked: u64,
    /// Failed; ready again when the run is opened again.
    pub failed: u64,
}

impl Pending {
    /// Whether nothing can happen any more in this process.
    ///
    /// Parked items need no release at the end. Leaving a first stage wakes whoever waits, in the
    /// same transaction, and parking on an item that has left makes the item ready at once; so the
    /// target of a parked item is itself ready, leased, parked or failed at its first stage. Follow
    /// the targets: as long as nobody parks in a circle (seeds never park) the chain ends at an item
    /// that is ready, leased or failed. With nothing ready or leased it failed, and both wait for
    /// the next start.
    pub const fn is_idle(&self) -> bool {
        self.ready == 0 && self.leased == 0
    }

    /// Whether every item has ended.
    pub const fn is_complete(&self) -> bool {
        self.is_idle() && self.parked == 0 && self.failed == 0
    }
}

/// A model call in the ledger.
#[derive(Clone, Debug, PartialEq)]
pub struct CallRow {
    /// What the call is found by.
    pub key: String,
    /// The item it was made for, or empty.
    pub item: String,
    /// The stage it was made for.
    pub stage: String,
    /// Who was asked.
    pub role: String,
    /// The model's name.
    pub model: String,
    /// Which try it was, from 1.
    pub attempt: u32,
    /// `ok`, or the kind of the error.
    pub status: String,
    /// What was sent.
    pub request: Value,
    /// What came back.
    pub reply: Option<Value>,
    /// Tokens sent.
    pub prompt_tokens: u64,
    /// Tokens received.
    pub completion_tokens: u64,
    /// Sent tokens that the server had cached.
    pub cached_tokens: u64,
    /// Cost in US dollars, where the price is known.
    pub cost_usd: Option<f64>,
    /// Time the call took, in ms.
    pub elapsed_ms: u64,
}

/// What calls cost.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Spent {
    /// Calls that were answered, well or badly.
    pub calls: u64,
    /// Tokens sent.
    pub prompt_tokens: u64,
    /// Tokens received.
    pub completion_tokens: u64,
    /// Sent tokens that the server had cached.
    pub cached_tokens: u64,
    /// Cost in US dollars of the calls with a known price.
    pub cost_usd: f64,
    /// Calls whose price is not known.
    pub unpriced_calls: u64,
}
