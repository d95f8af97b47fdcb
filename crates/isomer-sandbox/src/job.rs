//! What a caller asks for: the settings of a sandbox and one job in it.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::execution::clean_message;
use crate::{Ending, Language, SandboxError};

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
#[derive(Clone, Debug, Default)]
pub struct Job {
    /// Its source.
    pub source: String,
    /// What the source is written in.
    pub language: Language,
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
    /// Modules that are loaded before the program starts, so that its own imports cost nothing.
    /// Empty: the standard library alone is visible.
    pub packages: Vec<String>,
    /// Files laid into the working folder before each input, by path below it.
    pub files: Vec<(String, Vec<u8>)>,
    /// Files to bring back after each input, by path below the working folder.
    pub fetch: Vec<String>,
    /// How many slots the inputs may take at once; 0 and 1 mean one after the other.
    pub width: usize,
}

/// How a source is used.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Entry {
    /// Run as `__main__` with an input as standard input.
    #[default]
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

impl Stop {
    /// Whether the inputs after one that ended like this are left alone. Counts the time limits, of
    /// which there were so many before it.
    pub fn is_after(self, ending: &Ending, time_limits: &mut u32) -> bool {
        *time_limits += u32::from(*ending == Ending::TimeLimit);
        match self {
            Self::Never => false,
            Self::AfterFirst => *ending != Ending::Finished,
            Self::AfterTimeLimits(most) => *time_limits >= most.max(1),
        }
    }
}

/// Whether a path consists of plain names only.
fn stays_below(path: &str) -> bool {
    let plain =
        |name: &str| !matches!(name, "" | "." | "..") && name.len() <= 255 && !name.contains('\0');
    path.len() < 4096 && path.split('/').count() <= 32 && path.split('/').all(plain)
}

impl Job {
    /// Whether the job can be run at all; whoever sends it elsewhere wants to know before.
    ///
    /// # Errors
    ///
    /// Names what the interpreter cannot live in, the system cannot express, or the jail cannot
    /// keep.
    pub fn check(&self) -> Result<(), SandboxError> {
        const GIBIBYTE: u64 = 1 << 30;
        const DAY_MS: u64 = 86_400_000;
        let limits = &self.limits;
        let fine = (1..=DAY_MS).contains(&limits.cpu_ms)
            && (1..=DAY_MS).contains(&limits.wall_ms)
            && (64 << 20..=1024 * GIBIBYTE).contains(&limits.memory_bytes)
            && limits.output_bytes <= GIBIBYTE
            && limits.file_bytes <= GIBIBYTE;
        let refuse = |detail: String| Err(SandboxError::Job { detail });
        if !fine {
            return refuse("a limit is zero, too small or too large".to_owned());
        }
        if self.language.compiled().is_some() {
            if matches!(self.entry, Entry::Call { .. }) {
                return refuse(format!("functions of {} cannot be called", self.language.title()));
            }
            if !self.packages.is_empty() {
                return refuse(format!("{} has no packages", self.language.title()));
            }
        }
        let paths = self.files.iter().map(|(path, _)| path).chain(&self.fetch);
        if let Some(path) = paths.into_iter().find(|path| !stays_below(path)) {
            let path = clean_message(path, "");
            return refuse(format!("the path `{path}` does not stay below the working folder"));
        }
        let given: usize = self.files.iter().map(|(_, content)| content.len()).sum();
        if given as u64 > limits.file_bytes {
            return refuse("the files are larger than the limit for files".to_owned());
        }
        Ok(())
    }
}
