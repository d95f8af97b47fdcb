//! A domain as data: its elements, numbers and prompts.
//!
//! A pack is a folder with `pack.toml`, `elements.json` and `prompts/*.j2`. Everything that can be
//! wrong with one is found when it is loaded, before anything is paid for, and reported with file
//! and line.

mod embedded;
mod error;
mod files;
mod limits;
mod loaded;
mod manifest;
mod nearest;
mod prompt;
mod samples;
mod schema;
#[cfg(test)]
mod tests;
mod vars;

pub(crate) use embedded::template_files;
pub use error::PackError;
pub use limits::{HardenPolicy, PackLimits, RunLimits, StatementLimits, SuiteLimits};
pub use loaded::Pack;
pub use prompt::Prompt;
pub use schema::{ElementDefinition, MOST_ELEMENTS};
pub(crate) use schema::{check_elements, read as read_schema};
pub use vars::{
    AgainVars, DecomposeVars, DesignVars, HardenVars, NearMissVars, RecombineVars, RepairVars,
    SolveVars, SurvivorVars, TaskVars,
};
