//! Servers of ours: a job goes as it is, and its executions come one a line.

use std::time::Duration;

use isomer_sandbox::{Ending, Execution, Job, TestJob, TestReport};
use isomer_serve::wire::{self, Line};

use crate::course::Course;
use crate::exchange;
use crate::failure::Failure;
use crate::server::Server;

/// Longest standard error of an execution, and room for the rest of a line, in bytes.
const DIAGNOSTICS: u64 = 1 << 20;
/// Longest report on a test file: what a session may write down, twice over, in bytes.
const MOST_REPORT: usize = 64 << 20;
/// What a byte becomes in JSON at worst.
const ESCAPED: u64 = 6;

/// Runs what is left of a job. Executions that came before a failure are kept.
pub(crate) async fn run(
    server: &Server,
    course: &mut Course,
    patience: Duration,
) -> Result<(), Failure> {
    let job = course.rest();
    let total = job.inputs.len();
    let patience = Duration::from_millis(job.limits.wall_ms) + patience;
    let body = wire::job_to_json(&job).to_string().into_bytes();
    let mut answer = exchange::post(server, "/v1/run", body, patience, most(&job)).await?;
    let mut lines = Lines { course, seen: 0, total, ended: false };
    let mut waiting = Vec::new();
    while let Some(chunk) = answer.chunk().await? {
        waiting.extend_from_slice(&chunk);
        while let Some(end) = waiting.iter().position(|byte| *byte == b'\n') {
            let line: Vec<u8> = waiting.drain(..=end).collect();
            lines.read(&line)?;
        }
    }
    if lines.ended { Ok(()) } else { Err(unreadable("it ends too early")) }
}

/// Judges a solution by a test file.
pub(crate) async fn run_tests(
    server: &Server,
    test: &TestJob,
    patience: Duration,
) -> Result<TestReport, Failure> {
    // A reference solution may be tried twice.
    let patience = Duration::from_millis(2 * test.limits.wall_ms) + patience;
    let body = wire::test_job_to_json(test).to_string().into_bytes();
    let answer = exchange::post(server, "/v1/pytest", body, patience, MOST_REPORT).await?;
    let report = serde_json::from_slice(&answer.whole().await?)
        .map_err(|error| unreadable(&error.to_string()))?;
    wire::test_report_from_json(&report).map_err(|error| unreadable(&error.to_string()))
}

/// Most bytes that an answer can have.
fn most(job: &Job) -> usize {
    let limits = &job.limits;
    let execution = ESCAPED * (limits.output_bytes + limits.file_bytes + 2 * DIAGNOSTICS);
    let inputs = job.inputs.len() as u64 + 1;
    usize::try_from(execution.saturating_mul(inputs)).unwrap_or(usize::MAX)
}

fn unreadable(problem: &str) -> Failure {
    Failure::Broken(format!("its answer is not that of a sandbox: {problem}"))
}

/// The lines of an answer.
struct Lines<'job> {
    course: &'job mut Course,
    seen: usize,
    total: usize,
    ended: bool,
}

impl Lines<'_> {
    fn read(&mut self, line: &[u8]) -> Result<(), Failure> {
        let text = std::str::from_utf8(line).map_err(|error| unreadable(&error.to_string()))?;
        match Line::read(text).map_err(|error| unreadable(&error.to_string()))? {
            Line::Error { detail } => {
                Err(Failure::Broken(format!("it failed: {}", crate::failure::excerpt(&detail))))
            }
            Line::End { executions } if executions == self.total && self.seen == self.total => {
                self.ended = true;
                Ok(())
            }
            Line::Execution { index, execution } if index == self.seen && !self.ended => {
                self.seen += 1;
                self.put(*execution)
            }
            Line::End { .. } | Line::Execution { .. } => Err(unreadable("a line is missing")),
        }
    }

    fn put(&mut self, execution: Execution) -> Result<(), Failure> {
        // What is not to be run any more is said line by line too.
        if self.course.next().is_none() {
            return Ok(());
        }
        if execution.ending == Ending::NotRun {
            return Err(unreadable("an input was left out"));
        }
        self.course.put(execution);
        Ok(())
    }
}
