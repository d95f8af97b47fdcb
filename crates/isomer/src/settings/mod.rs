//! Command line, environment and `isomer.toml` become plain values here, and nowhere else.
//!
//! Flags win over the environment, which wins over the file. When a run exists already, what
//! decides its results comes from its `run.toml`, and whatever contradicts that is an error.

mod environment;
mod file;
mod file_error;
mod identity;
mod layers;
mod operation;
mod resolve;
mod run_file;
mod survey;
#[cfg(test)]
pub(crate) mod testing;

pub(crate) use environment::Environment;
pub(crate) use file::{IsolationName, SettingsFile};
pub(crate) use file_error::nearest;
pub(crate) use identity::{Answers, Identity, RoleModel, SeedsIdentity};
pub(crate) use layers::Wishes;
pub(crate) use operation::{Endpoint, Operation, is_loopback};
pub(crate) use resolve::{
    ResolvedPack, absolute, default_pack, expect_same, identity, pack, roles,
};
pub(crate) use run_file::{BUILT_IN, RunFile};
pub(crate) use survey::survey;

/// Who is asked.
pub(crate) const ROLES: &[&str] =
    &["decomposer", "recombiner", "designer", "solver", "attacker", "tester"];

/// Whose success `isomer measure` measures: no role of a run.
pub(crate) const TARGET: &str = "target";

/// What is used where nobody says anything.
pub(crate) mod defaults {
    /// The endpoint.
    pub(crate) const BASE_URL: &str = "https://api.deepseek.com/v1";
    /// The model.
    pub(crate) const MODEL: &str = "deepseek-chat";
    /// Blueprints per seed.
    pub(crate) const SAMPLES: u32 = 1;
    /// Repairs of a failing candidate.
    pub(crate) const REPAIRS: u32 = 1;
    /// Rewrites of the tests.
    pub(crate) const HARDEN_ROUNDS: u32 = 3;
    /// Model calls in flight at most.
    pub(crate) const JOBS: u32 = 16;
}
