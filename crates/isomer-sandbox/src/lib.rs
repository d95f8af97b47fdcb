//! Runs untrusted Python programs in a jail and judges what they answer.

mod diagnosis;
mod ending;
mod error;
mod execution;
mod frame;
mod interpreter;
mod jail;
mod job;
mod judge;
#[expect(unsafe_code, reason = "namespaces, limits and filters are system calls")]
mod launcher;
mod marshal;
mod policy;
mod sandbox;
#[cfg(test)]
mod testing;
mod value;

pub use diagnosis::{Diagnosis, LayerState, diagnose};
pub use error::SandboxError;
pub use execution::{Ending, Execution, Output};
pub use interpreter::Interpreter;
pub use job::{Entry, Isolation, Job, Limits, Settings, Stop};
pub use judge::judge;
pub use launcher::run_launcher_if_asked;
pub use sandbox::Sandbox;
pub use value::{NotJson, PyValue};
