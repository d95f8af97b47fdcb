//! What a stage may use.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use isomer_model::{Model, Sampling};
use isomer_record::{Id, Stage};
use isomer_sandbox::Execute;

use crate::pack::Pack;

/// Everything a stage may use; cheap to clone.
#[derive(Clone)]
pub struct Cx {
    /// The domain: prompts, schema and limits.
    pub pack: Arc<Pack>,
    /// Who answers prompts.
    pub model: Arc<dyn Model>,
    /// Where programs run.
    pub sandbox: Arc<dyn Execute>,
    /// The run's settings.
    pub settings: Arc<FlowSettings>,
}

impl fmt::Debug for Cx {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Cx").field("settings", &self.settings).finish_non_exhaustive()
    }
}

/// Settings of a run that stages and runner read.
#[derive(Clone, Debug, PartialEq)]
pub struct FlowSettings {
    /// Blueprints per seed.
    pub samples: u32,
    /// The run's seed: the same seeds, pack and run seed give the same items.
    pub seed: u64,
    /// Times a reply that cannot be read is asked for again.
    pub format_retries: u32,
    /// Times a candidate that fails verification is repaired.
    pub repairs: u32,
    /// Rewrites of the generator that may be asked for.
    pub harden_rounds: u32,
    /// Near-misses to ask for; `None` leaves it to the pack.
    pub near_misses: Option<u32>,
    /// How answers are drawn, by role: what is set here wins over the pack's defaults.
    pub sampling: BTreeMap<String, Sampling>,
    /// Model calls at once.
    pub jobs: usize,
    /// Jails at once.
    pub sandbox_slots: usize,
}

impl Default for FlowSettings {
    fn default() -> Self {
        Self {
            samples: 1,
            seed: 0,
            format_retries: 2,
            repairs: 1,
            harden_rounds: 3,
            near_misses: None,
            sampling: BTreeMap::new(),
            jobs: 16,
            sandbox_slots: 2,
        }
    }
}

/// The item a stage works on.
#[derive(Clone, Debug)]
pub struct Item {
    /// Its content address.
    pub id: Id,
    /// Number of the independent answer wanted: equal questions of different samples get their own.
    pub sample: u32,
    /// The stage it is in.
    pub stage: Stage,
}
