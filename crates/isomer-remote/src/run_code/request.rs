//! A request of `/run_code` that runs one input of a job.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use isomer_sandbox::{Entry, Job, PROGRAM};
use serde_json::{Map, Value, json};

use crate::failure::Failure;

/// Starts the harness with the hash seed and the modules that the job wants.
const BOOTSTRAP: &str = include_str!("bootstrap.py");
/// Runs the program, by what our own driver has before its source.
const HARNESS: &str = include_str!("harness.py");
/// Seconds to start and to report in, on a busy machine.
const EXTRA_SECONDS: u64 = 15;

/// A request of `/run_code`.
pub(super) struct Request {
    secret: String,
    report: String,
    run_seconds: u64,
    body: Value,
}

impl Request {
    /// The request for one input.
    pub(super) fn new(job: &Job, input: &Value) -> Result<Self, Failure> {
        let secret = secret()?;
        let folder = format!("isomer-{secret}");
        let (function, input) = match (&job.entry, input) {
            (Entry::Stdio, Value::String(text)) => (None, text.clone()),
            (Entry::Call { function }, Value::Array(_)) => (Some(function), input.to_string()),
            (Entry::Stdio, _) => {
                return Err(Failure::Job("an input of a program is not a string".to_owned()));
            }
            (Entry::Call { .. }, _) => {
                return Err(Failure::Job("an input of a function is not an array".to_owned()));
            }
        };
        let limits = &job.limits;
        let setup = json!({
            "secret": secret,
            "function": function,
            "cpu_ms": limits.cpu_ms,
            "wall_ms": limits.wall_ms,
            "memory_bytes": limits.memory_bytes,
            "output_bytes": limits.output_bytes,
            "file_bytes": limits.file_bytes,
            "packages": job.packages,
            "fetch": job.fetch,
        });
        let mut files = Map::new();
        let mut add = |path: &str, content: &[u8]| {
            files.insert(format!("{folder}/{path}"), Value::String(STANDARD.encode(content)));
        };
        add("harness.py", &[PROGRAM, HARNESS].concat().into_bytes());
        add("setup.json", setup.to_string().as_bytes());
        add("solution.py", job.source.as_bytes());
        add("input", input.as_bytes());
        for (path, content) in &job.files {
            add(&format!("work/{path}"), content);
        }
        let report = format!("{folder}/report");
        let run_seconds = limits.wall_ms.div_ceil(1000) + EXTRA_SECONDS;
        let packages = if job.packages.is_empty() { "False" } else { "True" };
        let names =
            format!("FOLDER, SEED, PACKAGES = \"{folder}\", \"{}\", {packages}\n", job.hash_seed);
        let body = json!({
            "code": names + BOOTSTRAP,
            "language": "python",
            "run_timeout": run_seconds,
            "files": files,
            "fetch_files": [report],
        });
        Ok(Self { secret, report, run_seconds, body })
    }

    /// What the report begins with.
    pub(super) fn secret(&self) -> &str {
        &self.secret
    }

    /// Path of the report, as the server names it.
    pub(super) fn report(&self) -> &str {
        &self.report
    }

    /// The time limit of the request.
    pub(super) const fn run_seconds(&self) -> u64 {
        self.run_seconds
    }

    /// The body.
    pub(super) const fn body(&self) -> &Value {
        &self.body
    }
}

/// A word that nobody can guess.
fn secret() -> Result<String, Failure> {
    let mut bytes = [0_u8; 16];
    getrandom::fill(&mut bytes)
        .map_err(|error| Failure::Broken(format!("no random numbers: {error}")))?;
    let mut word = String::new();
    for byte in bytes {
        let _ = write!(word, "{byte:02x}");
    }
    Ok(word)
}
