//! Runs a session of tests in a warm jail.

use isomer_record::{ExpectedTests, Trust, Verdict};

use super::{PACKAGE, TestJob, TestReport, report, verdict};
use crate::jail::Kind;
use crate::reply::Reply;
use crate::supply::Supply;
use crate::{Ending, Job, Limits, Sandbox, SandboxError, driver, resources};

impl Sandbox {
    /// Judges a solution by a test file.
    ///
    /// Without [`TestJob::expected`] the solution is taken for the reference: if it does not pass
    /// from a process of its own, it is tried in that of the tests, and the report says so.
    ///
    /// # Errors
    ///
    /// Only for failures of the sandbox itself; pytest has to be installed for its Python.
    pub async fn run_tests(&self, test: TestJob) -> Result<TestReport, SandboxError> {
        let job = Job {
            limits: test.limits,
            hash_seed: test.hash_seed,
            packages: packages(&test.packages),
            files: test.files.clone(),
            ..Job::default()
        };
        job.check()?;
        resources::check(&job.limits)?;
        let _slot = self.free_slot().await?;
        let expected = test.expected.as_ref();
        let trust = expected.map_or(Trust::TwoProcess, |expected| expected.trust);
        let report = self.session(&job, &test, trust, expected).await?;
        if expected.is_some() || report.verdict == Verdict::Accepted {
            return Ok(report);
        }
        let together = self.session(&job, &test, Trust::InProcess, None).await?;
        Ok(if together.verdict == Verdict::Accepted { together } else { report })
    }

    async fn session(
        &self,
        job: &Job,
        test: &TestJob,
        trust: Trust,
        expected: Option<&ExpectedTests>,
    ) -> Result<TestReport, SandboxError> {
        let reply = self.reply(job, &driver::session(test, trust)).await?;
        Ok(told(&reply, trust, &job.limits, expected))
    }

    async fn reply(&self, job: &Job, sent: &[u8]) -> Result<Reply, SandboxError> {
        let mut supply = Supply::new(&self.shared);
        loop {
            let mut jail = supply.take(Kind::of(&self.shared, job)).await?;
            let answer = jail.run_tests(sent, &job.limits).await?;
            if let Some((jail, reply)) = supply.survivor(jail, answer).await? {
                supply.give_back(jail, reply.dirty).await;
                return Ok(reply);
            }
        }
    }
}

fn packages(wanted: &[String]) -> Vec<String> {
    let others = wanted.iter().filter(|package| *package != PACKAGE).cloned();
    std::iter::once(PACKAGE.to_owned()).chain(others).collect()
}

/// What a reply says about the tests.
fn told(
    reply: &Reply,
    trust: Trust,
    limits: &Limits,
    expected: Option<&ExpectedTests>,
) -> TestReport {
    let written = report::read(&reply.words);
    let ending = if reply.out_of_time(limits) {
        Ending::TimeLimit
    } else if reply.out_of_memory {
        Ending::MemoryLimit
    } else if let Some(signal) = reply.signal() {
        Ending::Signal(signal)
    } else if reply.exit_status() != 0 {
        Ending::ExitStatus(reply.exit_status())
    } else {
        Ending::Finished
    };
    let left = left(&reply.output);
    let (verdict, problem) = verdict::verdict(&written, &ending, left.as_deref(), expected);
    TestReport {
        collected: written.collected,
        outcomes: written.outcomes,
        trust,
        asked: written.asked,
        ending,
        problem,
        cpu_ms: reply.cpu_us.div_ceil(1000),
        wall_ms: reply.wall_us.div_ceil(1000),
        memory_bytes: reply.memory_bytes,
        verdict,
    }
}

/// How the solution's process ended if it did not stay to the end.
fn left(status: &[u8]) -> Option<String> {
    let status: i32 = std::str::from_utf8(status).ok()?.parse().ok()?;
    let ending = if libc::WIFSIGNALED(status) {
        Ending::Signal(libc::WTERMSIG(status))
    } else {
        Ending::ExitStatus(libc::WEXITSTATUS(status))
    };
    Some(ending.describe())
}
