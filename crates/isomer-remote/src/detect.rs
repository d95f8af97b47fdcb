//! What answers at an address: found out by asking.

use std::time::Duration;

use isomer_sandbox::{Ending, Entry, Execution, Isolation, Job, Output, PyValue};
use serde::Deserialize;
use serde_json::json;

use crate::course::Course;
use crate::exchange;
use crate::failure::{Failure, excerpt};
use crate::run_code;
use crate::server::Server;

/// How long a server may take to say how it is.
const PATIENCE: Duration = Duration::from_secs(10);

/// What a server speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protocol {
    /// `/v1/run` of `isomer sandbox serve`.
    Isomer,
    /// `/run_code` of SandboxFusion, which others have too.
    RunCode,
}

/// What a server turned out to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// What it speaks.
    pub protocol: Protocol,
    /// Version of the Python that runs programs.
    pub python: String,
    /// How many jobs it works on at once, if it says so.
    pub jobs: Option<usize>,
    /// How it walls programs off, if it says so.
    pub isolation: Option<Isolation>,
}

/// What `/health` of a server of ours says.
#[derive(Deserialize)]
struct Health {
    status: String,
    jobs: usize,
    python: String,
    #[serde(default)]
    isolation: Option<String>,
}

/// Asks a server what it is, whether it works, and whether its walls are those wanted.
pub(crate) async fn detect(server: &Server, wish: Option<Isolation>) -> Result<Found, String> {
    let found = ask(server).await?;
    match (wish, found.isolation) {
        (None | Some(Isolation::Full), Some(Isolation::Reduced)) => Err(
            "it walls programs off less than fully; name the reduced isolation to use it all the \
             same"
                .to_owned(),
        ),
        (Some(Isolation::Full), None) => Err(
            "it does not say how it walls programs off, and full isolation was asked for by name"
                .to_owned(),
        ),
        _ => Ok(found),
    }
}

async fn ask(server: &Server) -> Result<Found, String> {
    match exchange::get(server, "/health", PATIENCE).await {
        Ok(text) => {
            if let Ok(health) = serde_json::from_slice::<Health>(&text) {
                return ours(health);
            }
        }
        // It is there and has another way of saying how it is.
        Err(Failure::Missing(_)) => {}
        Err(failure) => return Err(failure.detail().to_owned()),
    }
    foreign(server).await
}

fn ours(health: Health) -> Result<Found, String> {
    if health.status != "ok" {
        return Err(format!("it says that it is {}", excerpt(&health.status)));
    }
    Ok(Found {
        protocol: Protocol::Isomer,
        python: health.python,
        jobs: Some(health.jobs),
        isolation: match health.isolation.as_deref() {
            Some("full") => Some(Isolation::Full),
            Some("reduced") => Some(Isolation::Reduced),
            _ => None,
        },
    })
}

/// Has a small function called.
async fn foreign(server: &Server) -> Result<Found, String> {
    let source = "import sys\ndef echo(value):\n    return value, sys.version.split()[0]";
    let mut course = Course::new(Job {
        source: source.to_owned(),
        entry: Entry::Call { function: "echo".to_owned() },
        inputs: vec![json!([[1, "ok"]])],
        ..Job::default()
    });
    run_code::run(server, &mut course, PATIENCE)
        .await
        .map_err(|failure| format!("it does not run a program: {}", failure.detail()))?;
    match course.finish().pop() {
        Some(Execution { ending: Ending::Finished, output: Output::Value(value), .. }) => {
            let PyValue::Tuple(parts) = value else { return Err(odd()) };
            let [echo, PyValue::Str(python)] = parts.as_slice() else { return Err(odd()) };
            if *echo != PyValue::from_json(&json!([1, "ok"])) {
                return Err(odd());
            }
            let python = excerpt(python);
            Ok(Found { protocol: Protocol::RunCode, python, jobs: None, isolation: None })
        }
        Some(other) => {
            Err(format!("a trivial program did not finish: {}", other.ending.describe()))
        }
        None => Err(odd()),
    }
}

fn odd() -> String {
    "a trivial program gave another answer than it should".to_owned()
}
