//! What runs jobs: jails on this machine, or servers that have some.

use async_trait::async_trait;

use crate::{Execution, Job, Sandbox, SandboxError, TestJob, TestReport};

/// Something that runs jobs.
#[async_trait]
pub trait Execute: Send + Sync {
    /// Runs a job and returns one execution for each input, in order, as [`Sandbox::run`] does.
    ///
    /// # Errors
    ///
    /// Only for failures of the sandbox itself, or for jobs that cannot be run.
    async fn run(&self, job: Job) -> Result<Vec<Execution>, SandboxError>;

    /// Judges a solution by a test file, as [`Sandbox::run_tests`] does.
    ///
    /// # Errors
    ///
    /// Only for failures of the sandbox itself, or where it cannot judge by test files.
    async fn run_tests(&self, test: TestJob) -> Result<TestReport, SandboxError>;
}

#[async_trait]
impl Execute for Sandbox {
    async fn run(&self, job: Job) -> Result<Vec<Execution>, SandboxError> {
        Self::run(self, job).await
    }

    async fn run_tests(&self, test: TestJob) -> Result<TestReport, SandboxError> {
        Self::run_tests(self, test).await
    }
}
