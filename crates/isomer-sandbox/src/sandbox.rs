//! Runs jobs: one jail at a time for each, a new one whenever the old one is used up.

use std::path::PathBuf;
use std::sync::Arc;

use serde_json::Value;
use tokio::sync::Semaphore;

use crate::jail::{Answer, Jail};
use crate::policy::{self, Policies};
use crate::{
    Ending, Entry, Execution, Interpreter, Isolation, Job, Limits, PyValue, SandboxError, Settings,
    Stop, ending, interpreter, marshal,
};

/// Runs untrusted Python programs in jails. Clones share the slots.
#[derive(Clone)]
pub struct Sandbox {
    shared: Arc<Shared>,
    slots: Arc<Semaphore>,
}

/// What all jails of a sandbox have in common.
pub(crate) struct Shared {
    pub(crate) launcher: PathBuf,
    pub(crate) interpreter: Interpreter,
    pub(crate) isolation: Isolation,
    pub(crate) policies: Policies,
}

impl Sandbox {
    /// Finds Python and proves with a small job that jails work here.
    ///
    /// # Errors
    ///
    /// Says which layer is missing; nothing is run behind weaker walls than asked for.
    pub async fn open(settings: Settings) -> Result<Self, SandboxError> {
        let shared = Shared {
            interpreter: interpreter::find(settings.python.as_deref()).await?,
            policies: policy::compile(settings.isolation)?,
            launcher: settings.launcher,
            isolation: settings.isolation,
        };
        let slots = Arc::new(Semaphore::new(settings.slots.max(1)));
        let sandbox = Self { shared: Arc::new(shared), slots };
        sandbox.probe().await?;
        Ok(sandbox)
    }

    /// The interpreter that runs programs.
    pub fn python(&self) -> &Interpreter {
        &self.shared.interpreter
    }

    /// Runs a job and returns one execution for each input, in order.
    ///
    /// Waits for a free slot. Dropping the future kills the jail with everything in it.
    ///
    /// # Errors
    ///
    /// Only for failures of the sandbox itself, or for inputs of the wrong kind.
    pub async fn run(&self, job: Job) -> Result<Vec<Execution>, SandboxError> {
        check(&job.limits)?;
        let inputs =
            job.inputs.iter().map(|input| encode(&job.entry, input)).collect::<Result<_, _>>()?;
        let _slot = self
            .slots
            .acquire()
            .await
            .map_err(|error| SandboxError::Broken { detail: error.to_string() })?;
        let mut course =
            Course { shared: &self.shared, job: &job, inputs, done: Vec::new(), deaths: 0 };
        while course.wants_more() {
            course.run_in_one_jail().await?;
        }
        let Course { inputs, mut done, .. } = course;
        done.resize(inputs.len(), Execution::without_run(Ending::NotRun));
        Ok(done)
    }

    async fn probe(&self) -> Result<(), SandboxError> {
        let job = Job {
            source: "def echo(value):\n    return value".to_owned(),
            entry: Entry::Call { function: "echo".to_owned() },
            inputs: vec![serde_json::json!([[1, "ok"]])],
            limits: Limits::default(),
            hash_seed: 0,
            stop: Stop::Never,
        };
        let endings = self.run(job).await?;
        match endings.first() {
            Some(Execution { ending: Ending::Finished, .. }) => Ok(()),
            Some(other) => Err(SandboxError::Broken {
                detail: format!("a trivial program did not finish: {}", other.ending.describe()),
            }),
            None => Err(SandboxError::Broken { detail: "no answer to the probe".to_owned() }),
        }
    }
}

/// An input as the driver hands it to the program.
fn encode(entry: &Entry, input: &Value) -> Result<Vec<u8>, SandboxError> {
    match (entry, input) {
        (Entry::Stdio, Value::String(text)) => Ok(text.clone().into_bytes()),
        (Entry::Call { .. }, Value::Array(_)) => {
            let mut bytes = Vec::new();
            marshal::encode(&PyValue::from_json(input), &mut bytes);
            Ok(bytes)
        }
        (Entry::Stdio, _) => Err(not_runnable("an input of a program is not a string")),
        (Entry::Call { .. }, _) => Err(not_runnable("an input of a function is not an array")),
    }
}

/// Refuses limits that the interpreter cannot live in or that the system cannot express.
fn check(limits: &Limits) -> Result<(), SandboxError> {
    const GIBIBYTE: u64 = 1 << 30;
    const DAY_MS: u64 = 86_400_000;
    let fine = (1..=DAY_MS).contains(&limits.cpu_ms)
        && (1..=DAY_MS).contains(&limits.wall_ms)
        && (64 << 20..=1024 * GIBIBYTE).contains(&limits.memory_bytes)
        && limits.output_bytes <= GIBIBYTE
        && limits.file_bytes <= GIBIBYTE;
    if fine { Ok(()) } else { Err(not_runnable("a limit is zero, too small or too large")) }
}

fn not_runnable(detail: &str) -> SandboxError {
    SandboxError::Job { detail: detail.to_owned() }
}

/// How far a job has come.
struct Course<'job> {
    shared: &'job Shared,
    job: &'job Job,
    inputs: Vec<Vec<u8>>,
    done: Vec<Execution>,
    /// Jails that died since the last finished input.
    deaths: u32,
}

impl Course<'_> {
    fn wants_more(&self) -> bool {
        let stopped = match self.job.stop {
            Stop::Never => false,
            Stop::AfterFirst => {
                self.done.last().is_some_and(|last| last.ending != Ending::Finished)
            }
            Stop::AfterTimeLimits(most) => {
                let slow = self.done.iter().filter(|one| one.ending == Ending::TimeLimit);
                slow.count() >= most.max(1) as usize
            }
        };
        self.done.len() < self.inputs.len() && !stopped
    }

    async fn run_in_one_jail(&mut self) -> Result<(), SandboxError> {
        let prefix = self.shared.interpreter.prefix.to_string_lossy().into_owned();
        let (mut jail, compiled) = Jail::open(self.shared, self.job).await?;
        match compiled {
            Answer::Reply(reply) => {
                if let Some(error) = ending::compile_error(&reply, &prefix) {
                    self.done.resize(self.inputs.len(), Execution::without_run(error));
                }
            }
            Answer::Dead(detail) => return self.count_death(detail),
            Answer::Hung => {
                jail.kill().await;
                return self.count_death("it does not start".to_owned());
            }
        }
        while self.wants_more() {
            let input = &self.inputs[self.done.len()];
            match jail.run(input, &self.job.limits).await? {
                Answer::Reply(reply) => {
                    let limits = &self.job.limits;
                    self.done.push(ending::execution(&reply, &self.job.entry, limits, &prefix));
                    self.deaths = 0;
                    if reply.dirty {
                        break;
                    }
                }
                Answer::Hung => {
                    jail.kill().await;
                    self.done.push(Execution::without_run(Ending::TimeLimit));
                    return Ok(());
                }
                Answer::Dead(_) if self.deaths > 0 => {
                    // Two fresh jails started, compiled the source and died of the same input: that
                    // is the program's work, and whatever it did, it did not finish.
                    self.deaths = 0;
                    self.done.push(Execution::without_run(Ending::Signal(libc::SIGKILL)));
                    break;
                }
                Answer::Dead(detail) => return self.count_death(detail),
            }
        }
        jail.close().await;
        Ok(())
    }

    /// Forgives one death at a time.
    fn count_death(&mut self, detail: String) -> Result<(), SandboxError> {
        self.deaths += 1;
        if self.deaths > 1 { Err(SandboxError::Broken { detail }) } else { Ok(()) }
    }
}
