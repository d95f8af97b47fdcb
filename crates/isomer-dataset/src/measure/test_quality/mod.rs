//! What the tests of a task find: near-misses, mutants of the reference, and how much of it they reach.
//!
//! [`examine`] looks at one task, [`Summary`] adds up what was found. Everything runs in the sandbox
//! under the limits of the task's pack. See `docs/design/test-quality.md`.

mod coverage;
mod every_test;
mod examine;
mod fresh;
mod mutation;
mod outcome;
mod settings;
mod summary;
mod trial;

pub use examine::examine;
pub use outcome::{NearMissKills, TaskTests};
pub use settings::{TestSettings, Until};
pub use summary::{Summary, pools};
