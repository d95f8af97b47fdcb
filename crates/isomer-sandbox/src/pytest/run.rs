//! Runs a session of tests in a warm jail.

use isomer_record::{ExpectedTests, Trust, Verdict};

use super::{PACKAGE, TestJob, TestReport, report, verdict};
use crate::jail::{Answer, Jail, Kind};
use crate::reply::Reply;
use crate::{Ending, Job, Limits, PyValue, Sandbox, SandboxError, frame, job, marshal};

/// Jails in a row that may die of one session before it is given up.
const MOST_DEATHS: u32 = 4;

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
        job::check(&job)?;
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
        let reply = self.reply(job, &sent(test, trust)).await?;
        Ok(told(&reply, trust, &job.limits, expected))
    }

    /// A jail's end is never a verdict: the session runs again elsewhere.
    async fn reply(&self, job: &Job, sent: &[u8]) -> Result<Reply, SandboxError> {
        let mut deaths = 0;
        loop {
            let detail = match self.ready_jail(job, deaths == 0).await? {
                Ok(mut jail) => match jail.run_tests(sent, &job.limits).await? {
                    Answer::Reply(reply) => {
                        self.put_back(jail, reply.dirty).await;
                        return Ok(reply);
                    }
                    Answer::Hung => {
                        jail.close().await;
                        "the driver does not answer".to_owned()
                    }
                    Answer::Dead(detail) => detail,
                },
                Err(detail) => detail,
            };
            deaths += 1;
            if deaths > MOST_DEATHS {
                return Err(SandboxError::Broken { detail });
            }
        }
    }

    async fn ready_jail(
        &self,
        job: &Job,
        warm: bool,
    ) -> Result<Result<Jail, String>, SandboxError> {
        let kind = Kind::of(&self.shared, job);
        // One that died in the pool says nothing about the session, but a new one is surely alive.
        match if warm { self.shared.pool.take(&kind) } else { None } {
            Some(jail) => Ok(Ok(jail)),
            None => Jail::open(&self.shared, kind).await,
        }
    }

    async fn put_back(&self, jail: Jail, dirty: bool) {
        let unwanted = if dirty { Some(jail) } else { self.shared.pool.give_back(jail) };
        if let Some(jail) = unwanted {
            jail.close().await;
        }
    }
}

fn packages(wanted: &[String]) -> Vec<String> {
    let others = wanted.iter().filter(|package| *package != PACKAGE).cloned();
    std::iter::once(PACKAGE.to_owned()).chain(others).collect()
}

/// The frame that a session is made from, and after it what only its own processes read.
fn sent(test: &TestJob, trust: Trust) -> Vec<u8> {
    let number = |number: u64| PyValue::Int(number.into());
    let files = test.files.iter().map(|(path, content)| {
        PyValue::Tuple(vec![PyValue::Str(path.clone()), number(content.len() as u64)])
    });
    let setup = PyValue::Tuple(vec![
        PyValue::Str(PACKAGE.to_owned()),
        number(test.limits.cpu_ms),
        number(test.limits.wall_ms),
        number(test.limits.memory_bytes),
        number(test.limits.file_bytes),
        PyValue::Bool(trust == Trust::TwoProcess),
        PyValue::Int(test.shift_clock_s.into()),
        number(test.solution.len() as u64),
        number(test.tests.len() as u64),
        PyValue::Tuple(files.collect()),
    ]);
    let mut content = Vec::new();
    marshal::encode(&setup, &mut content);
    let mut sent = frame::framed(&content);
    sent.extend_from_slice(test.solution.as_bytes());
    sent.extend_from_slice(test.tests.as_bytes());
    sent.extend(test.files.iter().flat_map(|(_, content)| content));
    sent
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
