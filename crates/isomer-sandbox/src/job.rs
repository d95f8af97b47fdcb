//! What a caller asks for: the settings of a sandbox and one job in it.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// How a [`crate::Sandbox`] is set up.
#[derive(Clone, Debug)]
pub struct Settings {
    /// An executable whose `main` calls [`crate::run_launcher_if_asked`] before anything else.
    pub launcher: PathBuf,
    /// The Python to run; without one, `python3` on the search path is asked for its real binary.
    pub python: Option<PathBuf>,
    /// How many jails may exist at once (at least 1).
    pub slots: usize,
    /// How strong the walls are.
    pub isolation: Isolation,
}

/// How strong the walls are. The stronger kind is never silently weakened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Isolation {
    /// Namespaces, a root of its own, no capabilities, seccomp and limits.
    #[default]
    Full,
    /// Landlock, seccomp and limits, for places that forbid namespaces. Only for users who ask for
    /// it by name: the disk space of the private folder is not bounded as a whole, and other
    /// processes of the user are protected by seccomp alone.
    Reduced,
}

/// One program and the inputs it is run on, each in a process of its own.
#[derive(Clone, Debug)]
pub struct Job {
    /// Python source.
    pub source: String,
    /// How the source is used.
    pub entry: Entry,
    /// For [`Entry::Stdio`] strings, for [`Entry::Call`] arrays of positional arguments.
    pub inputs: Vec<Value>,
    /// Limits of each input.
    pub limits: Limits,
    /// `PYTHONHASHSEED` of the interpreter: two seeds tell whether answers depend on set order.
    pub hash_seed: u32,
    /// When to leave the remaining inputs alone.
    pub stop: Stop,
}

/// How a source is used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    /// Run as `__main__` with an input as standard input.
    Stdio,
    /// Define this function, or a class `Solution` with a method of that name, and be called. The
    /// module is named `solution`, so that a main guard stays shut.
    Call {
        /// Name of the function.
        function: String,
    },
}

/// Limits of one input. Times are at most a day, memory at least 64 MiB, output and files at most
/// 1 GiB.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Processor time, in ms; this decides the verdict.
    pub cpu_ms: u64,
    /// Time on the clock, in ms: a guard against sleepers, to be set generously.
    pub wall_ms: u64,
    /// Address space of the process, in bytes; the interpreter itself takes about 40 MiB of it.
    pub memory_bytes: u64,
    /// Standard output or encoded result, in bytes.
    pub output_bytes: u64,
    /// Everything written to the private `/tmp`, in bytes.
    pub file_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            cpu_ms: 10_000,
            wall_ms: 30_000,
            memory_bytes: 1 << 30,
            output_bytes: 16 << 20,
            file_bytes: 64 << 20,
        }
    }
}

/// When to leave the remaining inputs alone; they come back as [`crate::Ending::NotRun`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Stop {
    /// Run all.
    #[default]
    Never,
    /// After the first ending that is not [`crate::Ending::Finished`].
    AfterFirst,
    /// After this many time limits.
    AfterTimeLimits(u32),
}
