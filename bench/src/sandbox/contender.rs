//! The ways to get verdicts that are compared.

use std::path::Path;
use std::process::Stdio;

use isomer_record::{Comparison, JudgeMode, Verdict};
use isomer_sandbox::{Sandbox, judge};
use serde_json::Value;
use tokio::io::AsyncWriteExt;
use tokio::process::Command;

use super::{Peer, Problem};
use crate::Failure;

const BUBBLEWRAP: &str = "bwrap";

/// One way to judge a problem.
#[derive(Clone)]
pub(crate) enum Contender {
    /// The sandbox, with as many inputs of a problem at once.
    Isomer { sandbox: Sandbox, width: usize },
    /// A fresh process for each test, one after the other.
    Fresh(Fresh),
    /// A server on this machine.
    Peer(Peer),
}

/// How a fresh interpreter is started.
#[derive(Clone, Debug)]
pub(crate) struct Fresh {
    name: String,
    words: Vec<String>,
    walled: bool,
}

impl Fresh {
    /// The interpreter alone, with these flags.
    pub(crate) fn plain(python: &Path, flags: &[&str]) -> Self {
        let words: Vec<String> = std::iter::once(python.display().to_string())
            .chain(flags.iter().map(ToString::to_string))
            .collect();
        Self { name: format!("fresh `{}`", words.join(" ")), words, walled: false }
    }

    /// The interpreter in new namespaces of bubblewrap's, with this root read-only.
    pub(crate) fn walled(python: &Path, flags: &[&str]) -> Self {
        let walls =
            "--unshare-all --die-with-parent --ro-bind / / --tmpfs /tmp --proc /proc --dev /dev";
        let inner = Self::plain(python, flags);
        let walls = walls.split(' ').map(str::to_owned);
        let words =
            std::iter::once(BUBBLEWRAP.to_owned()).chain(walls).chain(inner.words).collect();
        Self { name: format!("bubblewrap, {}", inner.name), words, walled: true }
    }

    async fn solve(&self, problem: &Problem) -> Result<(), Failure> {
        for (input, expected) in &problem.tests {
            let mut child = Command::new(&self.words[0])
                .args(&self.words[1..])
                .args(["-c", problem.source])
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .stderr(Stdio::null())
                .kill_on_drop(true)
                .spawn()?;
            if let Some(mut stdin) = child.stdin.take() {
                stdin.write_all(input.as_bytes()).await?;
            }
            let output = child.wait_with_output().await?;
            if output.stdout != expected.as_bytes() {
                return Err(format!("{} did not solve `{}`", self.name, problem.name).into());
            }
        }
        Ok(())
    }
}

impl Contender {
    /// Its name in tables.
    pub(crate) fn name(&self) -> String {
        match self {
            Self::Isomer { .. } => "isomer".to_owned(),
            Self::Fresh(fresh) => fresh.name.clone(),
            Self::Peer(peer) => peer.name.clone(),
        }
    }

    /// Whether the processor time it takes is that of this process and its descendants. Servers are
    /// none, and what bubblewrap starts is waited for by nobody.
    pub(crate) fn works_for_us(&self) -> bool {
        match self {
            Self::Isomer { .. } => true,
            Self::Fresh(fresh) => !fresh.walled,
            Self::Peer(_) => false,
        }
    }

    /// Judges a right program; anything but acceptance is a failure.
    pub(crate) async fn solve(&self, problem: &Problem) -> Result<(), Failure> {
        match self {
            Self::Isomer { sandbox, width } => solve(sandbox, problem, *width).await,
            Self::Fresh(fresh) => fresh.solve(problem).await,
            Self::Peer(peer) => peer.solve(problem).await,
        }
    }
}

async fn solve(sandbox: &Sandbox, problem: &Problem, width: usize) -> Result<(), Failure> {
    let executions = sandbox.run(problem.job(width)).await?;
    for (execution, (_, expected)) in executions.iter().zip(&problem.tests) {
        let expected = Value::String(expected.clone());
        let verdict = judge(JudgeMode::Stdio, Comparison::Exact, &expected, execution);
        if verdict != Verdict::Accepted {
            let said = execution.stderr.trim_end();
            let ending = execution.ending.describe();
            return Err(format!("isomer did not solve `{}`: {ending}\n{said}", problem.name).into());
        }
    }
    Ok(())
}

/// Whether bubblewrap is installed.
pub(crate) async fn has_bubblewrap() -> bool {
    let asked = Command::new(BUBBLEWRAP).arg("--version").stdout(Stdio::null()).status().await;
    asked.is_ok_and(|status| status.success())
}
