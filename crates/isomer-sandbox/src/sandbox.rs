//! The door to the sandbox: opens it, and shares its slots among jobs.

use std::path::PathBuf;
use std::sync::Arc;

use serde_json::Value;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::compile::{self, Build, Compilers};
use crate::course::{Course, Lane};
use crate::groups::{self, Groups};
use crate::policy::{self, Policies};
use crate::pool::Pool;
use crate::task::{Task, Work};
use crate::{
    Ending, Entry, Execution, Interpreter, Isolation, Job, Language, LanguageState, Limits,
    PyValue, SandboxError, Settings, interpreter, marshal, resources,
};

/// Runs untrusted programs in jails. Clones share the slots.
#[derive(Clone)]
pub struct Sandbox {
    pub(crate) shared: Arc<Shared>,
    slots: Arc<Semaphore>,
}

/// What all jails of a sandbox have in common.
pub(crate) struct Shared {
    pub(crate) launcher: PathBuf,
    pub(crate) interpreter: Interpreter,
    /// Where the interpreter is installed, which is not to be seen in messages.
    pub(crate) prefix: String,
    pub(crate) isolation: Isolation,
    pub(crate) groups: Groups,
    pub(crate) policies: Policies,
    pub(crate) pool: Pool,
    pub(crate) compilers: Compilers,
}

impl Sandbox {
    /// Finds Python and proves with a small job that jails work here.
    ///
    /// # Errors
    ///
    /// Says which layer is missing; nothing is run behind weaker walls than asked for.
    pub async fn open(settings: Settings) -> Result<Self, SandboxError> {
        resources::check_jails(settings.isolation)?;
        resources::check(&Limits::default())?;
        let interpreter = interpreter::find(settings.python.as_deref()).await?;
        match Self::proven(settings.clone(), interpreter.clone(), Groups::find()).await {
            // The one layer that can be done without.
            Err(SandboxError::IsolationMissing { layer, .. }) if layer == groups::LAYER => {
                Self::proven(settings, interpreter, Groups::default()).await
            }
            opened => opened,
        }
    }

    async fn proven(
        settings: Settings,
        interpreter: Interpreter,
        groups: Groups,
    ) -> Result<Self, SandboxError> {
        let slots = settings.slots.max(1);
        let shared = Shared {
            // Jobs come in two hash seeds and with two sets of limits, and compilers have jails of their
            // own, so that each slot may find its jail warm for any.
            pool: Pool::new(5 * slots),
            compilers: Compilers::default(),
            prefix: interpreter.prefix.to_string_lossy().into_owned(),
            interpreter,
            policies: policy::compile(settings.isolation)?,
            launcher: settings.launcher,
            isolation: settings.isolation,
            groups,
        };
        let slots = Arc::new(Semaphore::new(slots));
        let sandbox = Self { shared: Arc::new(shared), slots };
        sandbox.probe().await?;
        Ok(sandbox)
    }

    /// The interpreter that runs programs.
    pub fn python(&self) -> &Interpreter {
        &self.shared.interpreter
    }

    /// Which languages can be compiled and run here, found out by doing it.
    pub async fn languages(&self) -> Vec<LanguageState> {
        let mut states = Vec::new();
        for language in Language::all() {
            let version = match language.compiled() {
                None => Ok(self.python().version.clone()),
                Some(definition) => compile::version(&self.shared, language, definition).await,
            };
            states.push(LanguageState { language, version });
        }
        states
    }

    /// How strong its walls are.
    pub fn isolation(&self) -> Isolation {
        self.shared.isolation
    }

    /// Runs a job and returns one execution for each input, in order.
    ///
    /// Waits for a free slot. Dropping the future kills the jail with everything in it.
    ///
    /// # Errors
    ///
    /// Only for failures of the sandbox itself, or for inputs of the wrong kind.
    pub async fn run(&self, job: Job) -> Result<Vec<Execution>, SandboxError> {
        self.run_each(job, |_, _| {}).await
    }

    /// Like [`Self::run`], and tells of each execution, with its place, as soon as it and all
    /// before it are known.
    ///
    /// # Errors
    ///
    /// As [`Self::run`].
    pub async fn run_each(
        &self,
        job: Job,
        on: impl FnMut(usize, &Execution) + Send,
    ) -> Result<Vec<Execution>, SandboxError> {
        job.check()?;
        resources::check(&job.limits)?;
        let inputs =
            job.inputs.iter().map(|input| encode(&job.entry, input)).collect::<Result<_, _>>()?;
        let course = Course::new(job.stop, inputs, on);
        let lanes = job.width.clamp(1, course.length().max(1));
        let first = self.free_slot().await?;
        let work = match job.language.compiled() {
            None => Work::Driver,
            Some(definition) => {
                let build = compile::build(self, job.language, definition, &job.source);
                // Few jobs come here, and all would carry its size.
                match Box::pin(build).await? {
                    Build::Program(program) => {
                        if program.memory_bytes > job.limits.memory_bytes {
                            let first = Execution::without_run(Ending::MemoryLimit);
                            course.put_all(&Ending::MemoryLimit, &first);
                        }
                        Work::Program(program)
                    }
                    Build::Refused(execution) => {
                        course.put_all(&execution.ending, &execution);
                        return Ok(course.finish());
                    }
                }
            }
        };
        let task = Task { job: &job, work };
        let others = (1..lanes).map_while(|_| Arc::clone(&self.slots).try_acquire_owned().ok());
        let lanes = std::iter::once(first).chain(others).map(|slot| async {
            let _slot = slot;
            Lane::new(&self.shared, &task, &course).run().await
        });
        futures::future::try_join_all(lanes).await?;
        Ok(course.finish())
    }

    pub(crate) async fn free_slot(&self) -> Result<OwnedSemaphorePermit, SandboxError> {
        let slot = Arc::clone(&self.slots).acquire_owned().await;
        slot.map_err(|error| SandboxError::Broken { detail: error.to_string() })
    }

    async fn probe(&self) -> Result<(), SandboxError> {
        let job = Job {
            source: "def echo(value):\n    return value".to_owned(),
            entry: Entry::Call { function: "echo".to_owned() },
            inputs: vec![serde_json::json!([[1, "ok"]])],
            ..Job::default()
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

fn not_runnable(detail: &str) -> SandboxError {
    SandboxError::Job { detail: detail.to_owned() }
}
