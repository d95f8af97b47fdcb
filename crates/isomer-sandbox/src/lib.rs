//! Runs untrusted programs in a jail and judges what they answer.
//!
//! # Theory of operation
//!
//! Four processes take part, each trusting the ones below it less:
//!
//! 1. The **host** (this library in its user's process) holds everything worth stealing: expected
//!    answers, keys, other jobs. It sends a source and one input at a time, and compares answers by
//!    itself ([`judge`]). What comes back is read as hostile data.
//! 2. The **launcher** ([`run_launcher_if_asked`]) is the host's executable started again with a
//!    clear environment and no open files. It makes a control group, where it may, and enters new
//!    namespaces (user, mount, process, network, IPC, host name), forks the process that becomes
//!    number 1 of the jail, and stays outside as its guard: when it dies, or the host's pipe closes,
//!    the jail is killed whole.
//! 3. The **driver** (`src/driver`) is process 1 of the jail: Python on a read-only root with a
//!    small private `/tmp`, without privileges, capabilities or network, behind a system call filter.
//!    It has loaded what programs usually import and serves job after job. It neither executes nor
//!    decodes anything a program made; sources are compiled by the process of their first input. Nor
//!    does it read sources, inputs or answers, for every program starts as a copy of it: the kernel
//!    moves them between pipes and memory files.
//! 4. A **program** is a fork of the driver for one input, with a tighter filter: threads but no
//!    processes, no sockets, no signals to others. Its memory holds its own input and no other.
//!
//! Programs in another [`Language`] are compiled in a jail of the same kind, whose filter lets the
//! compiler start processes, and kept by content. To run one, the fork of the driver becomes it, by
//! the only `execveat` that its filter lets through.
//!
//! | what | who enforces it |
//! |---|---|
//! | processor time | the driver by the kernel's clock of the process; `RLIMIT_CPU` behind it |
//! | time on the clock | the driver; the host, which kills the jail, behind it |
//! | memory | `RLIMIT_AS` of the only process there can be |
//! | memory of a jail as a whole, number of tasks | a control group (v1 or v2) where one may be made; `RLIMIT_NPROC` |
//! | output, files | `RLIMIT_FSIZE`, memory files, size and inodes of the private `/tmp` |
//! | files, devices, `/proc` | a root of its own, mounted read-only, with `/proc` of the jail alone |
//! | network, IPC, other processes | empty namespaces, and the filter |
//! | how a program ended | the kernel's status, as the driver got it from `wait4` |
//! | what it answered | bytes, or plain values of exactly Python's own types; never `==` or `repr` |
//!
//! A program can therefore lie about its own answer only, which is what a wrong answer is. Ending
//! early is never taken for an answer of a function. The driver kills what is left and empties
//! `/tmp` after each input; where that fails the jail is thrown away. A jail that dies or hangs is
//! replaced and its input runs again; after some deaths, or where a jail does not even start, the
//! job ends with a [`SandboxError`]: the sandbox's own failures are never verdicts.
//!
//! What is not walled off: side channels, the kernel itself, and with [`Isolation::Reduced`] what is
//! said there. The machine's out-of-memory killer can end a program with `SIGKILL`; give the slots
//! no more memory in sum than there is.
//!
//! # Example
//!
//! ```no_run
//! use isomer_record::{Comparison, JudgeMode, Verdict};
//! use isomer_sandbox::{Entry, Isolation, Job, Limits, Sandbox, SandboxError, Settings, Stop, judge};
//! use serde_json::json;
//!
//! # async fn example() -> Result<(), SandboxError> {
//! isomer_sandbox::run_launcher_if_asked(); // First in `main`, before any thread.
//! let launcher = std::env::current_exe().expect("a running program has a path");
//! let isolation = Isolation::Full;
//! let sandbox = Sandbox::open(Settings { launcher, python: None, slots: 2, isolation }).await?;
//! let executions = sandbox
//!     .run(Job {
//!         source: "print(sum(map(int, input().split())))".to_owned(),
//!         entry: Entry::Stdio,
//!         inputs: vec![json!("1 2\n"), json!("3 4\n")],
//!         limits: Limits::default(),
//!         hash_seed: 0,
//!         stop: Stop::AfterFirst,
//!         ..Job::default()
//!     })
//!     .await?;
//! let verdict = judge(JudgeMode::Stdio, Comparison::Exact, &json!("3"), &executions[0]);
//! assert_eq!(verdict, Verdict::Accepted);
//! # Ok(())
//! # }
//! ```

mod checker;
mod compile;
mod course;
mod diagnosis;
mod driver;
mod ending;
mod error;
mod execute;
mod execution;
mod first_use;
mod frame;
mod groups;
mod interpreter;
mod jail;
mod job;
mod judge;
mod language;
#[expect(unsafe_code, reason = "namespaces, limits and filters are system calls")]
mod launcher;
mod marshal;
mod policy;
mod pool;
mod pytest;
mod reply;
mod report;
mod resources;
mod sandbox;
mod supply;
mod task;
#[cfg(test)]
mod testing;
mod value;

pub use checker::{CheckTrial, Checker, CheckerFailed, CheckerProtocol};
pub use diagnosis::{Diagnosis, LanguageState, LayerState, diagnose};
pub use driver::PROGRAM;
pub use error::SandboxError;
pub use execute::Execute;
pub use execution::{Ending, Execution, Output};
pub use interpreter::Interpreter;
pub use job::{Entry, Isolation, Job, Limits, Settings, Stop};
pub use judge::{Profile, UnknownProfile, judge, judge_as};
pub use language::Language;
pub use launcher::run_launcher_if_asked;
pub use pytest::{Outcome, TestJob, TestOutcome, TestReport, stubs};
pub use report::read_report;
pub use sandbox::Sandbox;
pub use value::{NotJson, PyValue};
