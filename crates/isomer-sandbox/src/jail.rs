//! The host's end of one jail: a launcher process and the two pipes to the driver in it.

use std::process::Stdio;
use std::time::Duration;

use nix::sys::signal::Signal;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::time::timeout;

use crate::launcher::{LAUNCHER_ARGUMENT, Setup};
use crate::marshal::{self, DecodeError, Reader};
use crate::{Entry, Isolation, Job, Limits, PyValue, SandboxError, frame, sandbox::Shared};

/// The driver's source.
const DRIVER: &str = include_str!("driver.py");

/// How long a jail may take beyond the program's own limit before it counts as hung.
const PATIENCE: Duration = Duration::from_secs(30);

/// Largest compiled source, in bytes; the driver has the same number.
pub(crate) const COMPILED_BYTES: u64 = 64 << 20;

/// One living jail. Dropping it kills everything in it.
pub(crate) struct Jail {
    child: Child,
    input: ChildStdin,
    output: ChildStdout,
    most: u64,
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

/// What the driver saw of one process, and what that process said.
pub(crate) struct Reply {
    /// Status from the kernel, as `wait4` gives it.
    pub(crate) status: i32,
    /// Processor time, in µs.
    pub(crate) cpu_us: u64,
    /// Time on the clock, in µs.
    pub(crate) wall_us: u64,
    /// Peak resident memory, in bytes.
    pub(crate) memory_bytes: u64,
    /// Whether the driver had to stop it.
    pub(crate) stopped: bool,
    /// Whether it left files behind, so that the jail is used up.
    pub(crate) dirty: bool,
    /// Standard output, one byte more than allowed when there was more.
    pub(crate) output: Vec<u8>,
    /// The process's own report: hostile.
    pub(crate) words: Vec<u8>,
}

impl Jail {
    /// Starts a jail, lets it compile the source and returns it with the compiler's report.
    pub(crate) async fn open(shared: &Shared, job: &Job) -> Result<(Self, Answer), SandboxError> {
        let folder = match shared.isolation {
            Isolation::Full => None,
            Isolation::Reduced => Some(TempDir::with_prefix("isomer-jail-").map_err(|source| {
                SandboxError::System { action: "create a private folder", source }
            })?),
        };
        let setup = Setup {
            isolation: shared.isolation,
            python: shared.interpreter.path.clone(),
            driver: DRIVER.to_owned(),
            binds: shared.interpreter.binds.clone(),
            folder: folder.as_ref().map(|folder| folder.path().to_owned()),
            hash_seed: job.hash_seed,
            file_bytes: job.limits.file_bytes,
            filter: shared.policies.driver.clone(),
        };
        let mut child = start(shared)?;
        let (Some(input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(SandboxError::Broken { detail: "a launcher without pipes".to_owned() });
        };
        let most = 2 * job.limits.output_bytes + COMPILED_BYTES + 65_536;
        let mut jail = Self { child, input, output, most, _folder: folder };
        let setup = serde_json::to_vec(&setup)
            .map_err(|error| SandboxError::Broken { detail: error.to_string() })?;
        let mut frames = frame::framed(&setup);
        frames.extend(frame::framed(&driver_setup(job, &shared.policies.program)));
        let answer = jail.exchange(&frames, Duration::from_millis(job.limits.wall_ms)).await?;
        Ok((jail, answer))
    }

    /// Runs the program on one input, given as the driver wants it.
    pub(crate) async fn run(
        &mut self,
        input: &[u8],
        limits: &Limits,
    ) -> Result<Answer, SandboxError> {
        let mut content = Vec::with_capacity(input.len() + 5);
        marshal::encode_bytes(input, &mut content);
        self.exchange(&frame::framed(&content), Duration::from_millis(limits.wall_ms)).await
    }

    /// Lets a jail end in peace and reaps its launcher, so that nothing outlives a finished job.
    pub(crate) async fn close(self) {
        let Self { mut child, input, .. } = self;
        drop(input);
        if timeout(PATIENCE, child.wait()).await.is_err() {
            // An error means that it is gone already.
            let _ = child.kill().await;
        }
    }

    /// Kills a jail that no longer answers.
    pub(crate) async fn kill(mut self) {
        let _ = self.child.kill().await;
    }

    async fn exchange(&mut self, sent: &[u8], wall: Duration) -> Result<Answer, SandboxError> {
        let exchanged = timeout(wall.saturating_add(PATIENCE), async {
            // A driver that is gone is noticed by its missing answer.
            let _ = self.input.write_all(sent).await;
            frame::read(&mut self.output, self.most).await
        });
        let Ok(content) = exchanged.await else { return Ok(Answer::Hung) };
        match content.as_deref().map(parse) {
            Some(Ok(parsed)) => parsed.map(Answer::Reply),
            Some(Err(_)) => Ok(Answer::Dead("the driver sent a damaged frame".to_owned())),
            None => Ok(Answer::Dead(self.last_words().await)),
        }
    }

    /// What the driver or the launcher wrote before they died; programs cannot write there.
    async fn last_words(&mut self) -> String {
        let mut words = Vec::new();
        if let Some(stream) = self.child.stderr.take() {
            let reading = async { stream.take(65_536).read_to_end(&mut words).await };
            let _ = timeout(Duration::from_secs(1), reading).await;
        }
        let words = String::from_utf8_lossy(&words);
        words.lines().last().unwrap_or("the driver is gone").to_owned()
    }
}

fn start(shared: &Shared) -> Result<Child, SandboxError> {
    Command::new(&shared.launcher)
        .arg(LAUNCHER_ARGUMENT)
        .env_clear()
        .current_dir("/")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .map_err(|source| SandboxError::Launcher { launcher: shared.launcher.clone(), source })
}

/// The tuple that the driver's `Run` is made from.
fn driver_setup(job: &Job, policy: &[u8]) -> Vec<u8> {
    let (kind, function) = match &job.entry {
        Entry::Stdio => ("stdio", ""),
        Entry::Call { function } => ("call", function.as_str()),
    };
    let limits = &job.limits;
    let text = |text: &str| PyValue::Str(text.to_owned());
    let number = |number: u64| PyValue::Int(number.into());
    let mut content = Vec::new();
    marshal::encode_tuple_head(9, &mut content);
    for value in [
        text(kind),
        text(&job.source),
        text(function),
        number(limits.cpu_ms),
        number(limits.wall_ms),
        number(limits.memory_bytes),
        number(limits.output_bytes),
        number(limits.file_bytes),
    ] {
        marshal::encode(&value, &mut content);
    }
    marshal::encode_bytes(policy, &mut content);
    content
}

/// Reads a reply; the inner error is a layer that the launcher or the driver found missing.
fn parse(content: &[u8]) -> Result<Result<Reply, SandboxError>, DecodeError> {
    if let Ok(PyValue::Tuple(words)) = marshal::decode(content)
        && let [PyValue::Str(layer), PyValue::Str(detail)] = words.as_slice()
    {
        return Ok(Err(SandboxError::missing(layer, detail)));
    }
    let mut reader = Reader::new(content);
    reader.tuple_head(8)?;
    let mut number = || reader.integer();
    let (status, cpu, wall, memory, stopped, dirty) =
        (number()?, number()?, number()?, number()?, number()?, number()?);
    Ok(Ok(Reply {
        status: i32::try_from(status).map_err(|_| DecodeError::Damaged)?,
        cpu_us: u64::try_from(cpu).unwrap_or(0),
        wall_us: u64::try_from(wall).unwrap_or(0),
        memory_bytes: u64::try_from(memory).unwrap_or(0).saturating_mul(1024),
        stopped: stopped != 0,
        dirty: dirty != 0,
        output: reader.bytes()?.to_vec(),
        words: reader.bytes()?.to_vec(),
    }))
}

impl Reply {
    /// The signal that ended the process.
    pub(crate) fn signal(&self) -> Option<i32> {
        libc::WIFSIGNALED(self.status).then(|| libc::WTERMSIG(self.status))
    }

    /// Its exit status.
    pub(crate) fn exit_status(&self) -> i32 {
        libc::WEXITSTATUS(self.status)
    }

    /// Whether the kernel or the driver stopped it for its time.
    pub(crate) fn out_of_time(&self, limits: &Limits) -> bool {
        self.stopped
            || self.cpu_us > limits.cpu_ms.saturating_mul(1000)
            || self.signal() == Some(Signal::SIGXCPU as i32)
    }
}
