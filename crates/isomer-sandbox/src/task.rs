//! A job as a jail sees it.

use std::sync::Arc;

use crate::Job;
use crate::launcher::Bind;

/// What is to be done in a jail, once for each input.
pub(crate) struct Task<'job> {
    /// Inputs, limits and files.
    pub(crate) job: &'job Job,
    /// What runs.
    pub(crate) work: Work,
}

/// What runs in a jail.
pub(crate) enum Work {
    /// The job's source, in the driver's own interpreter.
    Driver,
    /// A program made from the job's source.
    Program(Arc<Program>),
    /// An executable of this machine, and all that it starts.
    Tool {
        /// Its path and arguments.
        command: Vec<String>,
        /// What it must see beyond the interpreter.
        binds: Vec<Bind>,
    },
}

/// An executable that a compiler made.
pub(crate) struct Program {
    /// The file.
    pub(crate) content: Vec<u8>,
    /// Its name and arguments.
    pub(crate) command: &'static [String],
    /// Address space that it takes before it starts, in bytes.
    pub(crate) memory_bytes: u64,
}
