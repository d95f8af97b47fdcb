//! The pipeline: seeds, packs, stages and the runner that moves items through them.

mod ask;
/// `tasks.jsonl`: one line for each hardened task.
pub mod dataset;
/// New domains from examples.
pub mod domain;
/// Which seeds a blueprint draws on.
pub mod draw;
/// The one table of stages.
pub mod flow;
/// Domains as data: schema, limits and prompts.
pub mod pack;
/// Model replies read into records.
pub mod reply;
/// Moving items through the stages.
pub mod runner;
/// Step 0: changes to a schema that a model proposes.
pub mod schema;
/// Seed problems from files of many shapes, streamed.
pub mod seeds;
/// The stages of the method.
pub mod stages;
mod trial;
