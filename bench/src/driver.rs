//! Starts the real binary with a mock endpoint, in a folder of its own.

use std::path::{Path, PathBuf};
use std::process::Command;

use isomer_bench::mock::Mock;
use isomer_bench::process::{Measured, Watched};

use crate::Failure;

/// The binary, and a folder that is removed at the end.
#[derive(Debug)]
pub(crate) struct Driver {
    isomer: PathBuf,
    folder: tempfile::TempDir,
}

impl Driver {
    /// Takes the binary named, or the one that was built beside this program.
    pub(crate) fn find(named: Option<&Path>) -> Result<Self, Failure> {
        let isomer = match named {
            Some(path) => path.to_owned(),
            None => std::env::current_exe()?.with_file_name("isomer"),
        };
        let isomer = isomer.canonicalize().map_err(|error| {
            format!(
                "failed to find `{}` ({error}); build it with `cargo build --release`",
                isomer.display()
            )
        })?;
        Ok(Self { isomer, folder: tempfile::tempdir()? })
    }

    /// A path inside the folder.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a seed file once.
    pub(crate) fn seeds(&self, count: usize) -> Result<PathBuf, Failure> {
        let path = self.path(&format!("seeds-{count}.jsonl"));
        if !path.exists() {
            isomer_bench::seeds::write(&path, count)?;
        }
        Ok(path)
    }

    /// The binary with nothing of the caller's settings.
    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(&self.isomer);
        command
            .current_dir(self.folder.path())
            .env_remove("OPENAI_BASE_URL")
            .env_remove("ISOMER_MODEL")
            .env("OPENAI_API_KEY", "bench");
        command
    }

    /// `isomer run` against a mock.
    pub(crate) fn run(&self, run: &Path, seeds: &Path, mock: &Mock, jobs: usize) -> Command {
        let mut command = self.command();
        command.arg("run").arg(seeds).arg("--output").arg(run);
        command.args(["--base-url", &mock.base_url(), "--model", "mock"]);
        command.args(["--jobs", &jobs.to_string(), "--quiet"]);
        command
    }
}

/// Runs a command to its end; any end but success is an error that shows what it said.
pub(crate) fn complete(command: &mut Command) -> Result<Measured, Failure> {
    let measured = Watched::start(command)?.finish()?;
    // 7 says that a complete run kept no task, which a profile may well lead to.
    if matches!(measured.status.code(), Some(0 | 7)) {
        return Ok(measured);
    }
    let (status, said) = (measured.status, measured.stderr.trim_end());
    Err(format!("{} ended with {status}:\n{said}", command.get_program().display()).into())
}

/// Tasks that a run has delivered.
pub(crate) fn tasks(run: &Path) -> Result<usize, Failure> {
    Ok(std::fs::read_to_string(run.join("tasks.jsonl"))?.lines().count())
}
