//! The host's end of one jail: a launcher process and the two pipes to the driver in it.

use std::path::PathBuf;
use std::process::Stdio;
use std::time::{Duration, Instant};

use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::time::timeout;

use crate::execution::last_words;
use crate::groups::{self, Group};
use crate::launcher::{Bind, LAUNCHER_ARGUMENT, Setup};
use crate::reply::{self, Message, Reply};
use crate::sandbox::Shared;
use crate::task::{Task, Work};
use crate::{Isolation, Job, Limits, PyValue, SandboxError, driver, frame, marshal, pytest};

/// How long a jail may take beyond the program's own limit before it counts as hung.
const PATIENCE: Duration = Duration::from_secs(30);

/// How long a jail may take to load its packages.
const START: Duration = Duration::from_secs(120);

/// Largest frame beyond outputs and files, in bytes: report, standard error and numbers.
const FRAME_OVERHEAD: u64 = 2 << 20;

/// What distinguishes warm jails: a job runs in one of exactly its kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Kind {
    hash_seed: u32,
    file_bytes: u64,
    packages: Vec<String>,
    /// What is visible beyond the interpreter.
    binds: Vec<Bind>,
    /// Bound of its control group, or 0 without one.
    group_bytes: u64,
}

impl Kind {
    /// The kind of jail that a job in the driver's own language needs.
    pub(crate) fn of(shared: &Shared, job: &Job) -> Self {
        Self {
            group_bytes: if shared.groups.are_there() { group_bytes(job) } else { 0 },
            hash_seed: job.hash_seed,
            file_bytes: job.limits.file_bytes,
            packages: job.packages.clone(),
            binds: Vec::new(),
        }
    }

    /// The kind of jail that a task needs.
    pub(crate) fn of_task(shared: &Shared, task: &Task<'_>) -> Self {
        let kind = Self::of(shared, task.job);
        match &task.work {
            Work::Driver => kind,
            Work::Program(_) => Self { hash_seed: 0, ..kind },
            Work::Tool { binds, .. } => Self { hash_seed: 0, binds: binds.clone(), ..kind },
        }
    }
}

/// Memory that everything in a jail may take together: what a program may take by all its limits at
/// once, two processes of them where tests are run, and the driver. Generous, because this is to
/// keep the machine alive, and rounded, so that jobs of about the same size share jails.
fn group_bytes(job: &Job) -> u64 {
    const DRIVER: u64 = 512 << 20;
    const PACKAGES: u64 = 4 << 30;
    let limits = &job.limits;
    let input = job.inputs.iter().filter_map(|input| input.as_str().map(str::len)).max();
    let driver = if job.packages.is_empty() { DRIVER } else { PACKAGES };
    let files = 4 * limits.file_bytes + 2 * limits.output_bytes + input.unwrap_or(0) as u64;
    (2 * limits.memory_bytes + files + driver).next_power_of_two()
}

/// One living jail. Dropping it kills everything in it.
pub(crate) struct Jail {
    child: Child,
    input: ChildStdin,
    output: ChildStdout,
    /// What it is warm for.
    pub(crate) kind: Kind,
    /// When it was started.
    pub(crate) started: Instant,
    /// Inputs it has run.
    pub(crate) runs: u32,
    /// Largest frame that may come back, in bytes.
    most: u64,
    /// The control groups it is in.
    groups: Vec<Group>,
    /// Processes that were killed in them for want of memory.
    memory_kills: u64,
    /// Longest time until the next answer.
    wall: Duration,
    /// Held to be removed after the jail.
    _folder: Option<TempDir>,
}

/// How one exchange with a jail went.
pub(crate) enum Answer {
    /// The driver tells how a process ended.
    Reply(Reply),
    /// The jail did not answer in time.
    Hung,
    /// The jail is gone; in words what is known.
    Dead(String),
}

impl Jail {
    /// Starts a jail and waits until its driver is warm. The inner error is a jail that died or
    /// hung while starting, in words what is known.
    pub(crate) async fn open(
        shared: &Shared,
        kind: Kind,
    ) -> Result<Result<Self, String>, SandboxError> {
        let folder = match shared.isolation {
            Isolation::Full => None,
            Isolation::Reduced => Some(TempDir::with_prefix("isomer-jail-").map_err(|source| {
                SandboxError::System { action: "create a private folder", source }
            })?),
        };
        let folder_path = folder.as_ref().map(|folder| folder.path().to_owned());
        let setup = setup(shared, &kind, folder_path);
        let groups = setup.groups.clone();
        let mut child = start(shared)?;
        let (Some(input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(SandboxError::Broken { detail: "a launcher without pipes".to_owned() });
        };
        let setup = serde_json::to_vec(&setup)
            .map_err(|error| SandboxError::Broken { detail: error.to_string() })?;
        let mut frames = frame::framed(&setup);
        frames.extend(driver::setup(shared, &kind.packages));
        let mut jail = Self {
            child,
            input,
            output,
            kind,
            started: Instant::now(),
            runs: 0,
            most: FRAME_OVERHEAD,
            groups,
            memory_kills: 0,
            wall: START,
            _folder: folder,
        };
        Ok(match jail.exchange(&frames).await? {
            Exchange::Message(Message::Ready) => Ok(jail),
            Exchange::Message(_) => Err("the driver spoke out of turn".to_owned()),
            Exchange::Dead(detail) => Err(detail),
            Exchange::Hung => {
                jail.close().await;
                Err("the driver does not start".to_owned())
            }
        })
    }

    /// Tells the driver what the following inputs are for.
    pub(crate) async fn take_job(&mut self, task: &Task<'_>) {
        let limits = &task.job.limits;
        self.most = 2 * limits.output_bytes + limits.file_bytes + FRAME_OVERHEAD;
        self.wall = Duration::from_millis(limits.wall_ms).saturating_add(PATIENCE);
        // A driver that is gone is noticed by its missing answer.
        let _ = self.input.write_all(&driver::job(task)).await;
    }

    /// Runs the program on one input, given as the driver wants it.
    pub(crate) async fn run(&mut self, input: &[u8]) -> Result<Answer, SandboxError> {
        let mut head = Vec::new();
        marshal::encode(&PyValue::Int(input.len().into()), &mut head);
        let mut sent = frame::framed(&head);
        sent.extend_from_slice(input);
        self.ended(&sent, |reply| reply.signal() == Some(libc::SIGKILL)).await
    }

    /// Waits for the end of what was sent; whether a reply is `suspicious` decides whether the system
    /// is asked if it killed for want of memory.
    async fn ended(
        &mut self,
        sent: &[u8],
        suspicious: impl Fn(&Reply) -> bool,
    ) -> Result<Answer, SandboxError> {
        self.runs += 1;
        Ok(match self.exchange(sent).await? {
            Exchange::Message(Message::Ended(mut reply)) => {
                if suspicious(&reply) {
                    let kills = groups::memory_kills(&self.groups);
                    reply.out_of_memory = kills > self.memory_kills;
                    self.memory_kills = kills;
                }
                Answer::Reply(reply)
            }
            Exchange::Message(_) => Answer::Dead("the driver spoke out of turn".to_owned()),
            Exchange::Dead(detail) => Answer::Dead(detail),
            Exchange::Hung => Answer::Hung,
        })
    }

    /// Runs a session of tests, sent as `worker.py` wants it.
    pub(crate) async fn run_tests(
        &mut self,
        sent: &[u8],
        limits: &Limits,
    ) -> Result<Answer, SandboxError> {
        self.most = pytest::MOST_REPORT + FRAME_OVERHEAD;
        self.wall = Duration::from_millis(limits.wall_ms).saturating_add(PATIENCE);
        // The solution's process may have been killed, and that of the tests have gone on.
        self.ended(sent, |_| true).await
    }

    /// Ends a jail, whatever it does, and reaps its launcher.
    pub(crate) async fn close(self) {
        let Self { mut child, input, .. } = self;
        drop(input);
        if timeout(PATIENCE, child.wait()).await.is_err() {
            // An error means that it is gone already.
            let _ = child.kill().await;
        }
    }

    async fn exchange(&mut self, sent: &[u8]) -> Result<Exchange, SandboxError> {
        let exchanged = timeout(self.wall, async {
            // A driver that is gone is noticed by its missing answer.
            let _ = self.input.write_all(sent).await;
            frame::read(&mut self.output, self.most).await
        });
        let Ok(content) = exchanged.await else { return Ok(Exchange::Hung) };
        match content.as_deref().map(reply::parse) {
            Some(Ok(Message::Missing(error))) => Err(error),
            Some(Ok(message)) => Ok(Exchange::Message(message)),
            Some(Err(_)) => Ok(Exchange::Dead("the driver sent a damaged frame".to_owned())),
            None => Ok(Exchange::Dead(self.last_words().await)),
        }
    }

    /// What the driver or the launcher wrote before they died; programs cannot write there.
    async fn last_words(&mut self) -> String {
        let mut words = Vec::new();
        if let Some(stream) = self.child.stderr.take() {
            let reading = async { stream.take(65_536).read_to_end(&mut words).await };
            let _ = timeout(Duration::from_secs(1), reading).await;
        }
        last_words(&words, "the driver is gone")
    }
}

enum Exchange {
    Message(Message),
    Hung,
    Dead(String),
}

/// What the launcher is told of a new jail, its control groups included.
fn setup(shared: &Shared, kind: &Kind, folder: Option<PathBuf>) -> Setup {
    let interpreter = &shared.interpreter;
    let mut binds = interpreter.binds(!kind.packages.is_empty());
    binds.extend(kind.binds.iter().cloned());
    Setup {
        isolation: shared.isolation,
        python: interpreter.path.clone(),
        driver: driver::SOURCE.to_owned(),
        binds,
        folder,
        hash_seed: kind.hash_seed,
        file_bytes: kind.file_bytes,
        groups: shared.groups.make(kind.group_bytes),
        filter: shared.policies.driver.clone(),
    }
}

/// Starts a launcher. It is not to be killed when it is dropped: it kills its jail by itself when its
/// pipe closes, and removes the control groups, which nobody else would do.
fn start(shared: &Shared) -> Result<Child, SandboxError> {
    Command::new(&shared.launcher)
        .arg(LAUNCHER_ARGUMENT)
        .env_clear()
        .current_dir("/")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|source| SandboxError::Launcher { launcher: shared.launcher.clone(), source })
}
