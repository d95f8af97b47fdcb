//! How hard tasks are: what a target model makes of them, and what can be told without asking.
//!
//! `prompt` writes the question, `ready` prepares a task, `sampler` gets one answer judged,
//! `run` goes through all tasks, `tally` counts, `estimate` says what it will cost before it starts, and `proxies` looks at
//! reference solutions.

mod estimate;
mod prompt;
mod proxies;
mod ready;
mod run;
mod sampler;
mod tally;

pub use estimate::{ANSWER_TOKENS, Estimate};
pub use prompt::{PromptError, question};
pub use proxies::{ProxyMeter, size};
pub use ready::{can_be_judged, show_tests};
pub use run::{Plan, Progress, SampleError, Sampled, sample};
pub use sampler::{Sampler, Trial};
pub use tally::Tally;
