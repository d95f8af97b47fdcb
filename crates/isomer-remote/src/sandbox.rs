//! The door to remote sandboxes: finds out what they are, and takes jobs through to their end.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use futures::future::join_all;
use isomer_sandbox::{Execute, Execution, Job, SandboxError, TestJob, TestReport};
use tokio::time::{Instant, sleep};

use crate::address::Address;
use crate::course::Course;
use crate::detect::{Found, Protocol, detect};
use crate::failure::{Failure, none_works};
use crate::pool::{Permit, Pool, Work};
use crate::server::Server;
use crate::settings::RemoteSettings;
use crate::{isomer, run_code};

/// Pause before a second attempt; each further one is twice as long.
const FIRST_PAUSE: Duration = Duration::from_millis(100);

/// What is known of one server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerReport {
    /// Its address, without user name, password and query.
    pub url: String,
    /// What it is, or what is wrong with it.
    pub found: Result<Found, String>,
}

/// Runs programs on servers. Clones share the servers.
#[derive(Clone)]
pub struct RemoteSandbox {
    pool: Arc<Pool>,
}

/// Asks each address what it is, and whether it works.
///
/// # Errors
///
/// For what is no address at all.
pub async fn survey(
    urls: &[String],
    settings: &RemoteSettings,
) -> Result<Vec<ServerReport>, SandboxError> {
    let asked = ask(urls, settings).await?;
    Ok(asked.into_iter().map(report).collect())
}

type Asked = (Arc<Server>, Result<Found, String>);

async fn ask(urls: &[String], settings: &RemoteSettings) -> Result<Vec<Asked>, SandboxError> {
    let servers = urls
        .iter()
        .map(|url| Server::new(Address::parse(url)?, settings).map(Arc::new))
        .collect::<Result<Vec<_>, _>>()?;
    let asked = servers.into_iter().map(|server| async move {
        let found = detect(&server, settings.isolation).await;
        (server, found)
    });
    Ok(join_all(asked).await)
}

fn report((server, found): Asked) -> ServerReport {
    ServerReport { url: server.address.to_string(), found }
}

impl RemoteSandbox {
    /// Asks each address what it is; one that works is enough to begin with, and the others take
    /// part as soon as they answer.
    ///
    /// # Errors
    ///
    /// For what is no address at all, and when none of them works.
    pub async fn open(urls: &[String], settings: RemoteSettings) -> Result<Self, SandboxError> {
        let asked = ask(urls, &settings).await?;
        if asked.iter().all(|(_, found)| found.is_err()) {
            let problems = asked.into_iter().map(report);
            let problems = problems.map(|one| (one.url, one.found.err().unwrap_or_default()));
            return Err(none_works("", problems));
        }
        Ok(Self { pool: Pool::new(asked, settings) })
    }

    /// Each server, with what it is or what is wrong with it now.
    pub fn servers(&self) -> Vec<ServerReport> {
        self.pool.members().into_iter().map(report).collect()
    }

    /// How many jobs at once keep the servers busy that work now.
    pub fn slots(&self) -> usize {
        self.pool.slots()
    }

    /// Runs a job and returns one execution for each input, in order.
    ///
    /// Waits for a free server. Dropping the future drops the requests, and with them what runs.
    ///
    /// # Errors
    ///
    /// For jobs that cannot be run, and when servers failed too often or for too long.
    pub async fn run(&self, job: Job) -> Result<Vec<Execution>, SandboxError> {
        job.check()?;
        let mut course = Course::new(job);
        let mut tries = Tries::default();
        while course.next().is_some() {
            let work = Work::Program(course.job().language);
            let permit = self.pool.acquire(work, &tries.failed_at).await?;
            let before = course.done();
            let result = attempt(&permit, &mut course, self.pool.settings().patience).await;
            let Err(failure) = result else {
                permit.succeeded();
                continue;
            };
            permit.failed(&failure);
            if course.done() > before {
                tries = Tries::default();
            }
            let pause = tries.note(&permit, failure, self.pool.settings())?;
            drop(permit);
            sleep(pause).await;
        }
        Ok(course.finish())
    }

    /// Judges a solution by a test file, on a server of ours.
    ///
    /// # Errors
    ///
    /// When none of the servers is of ours, and when they failed too often or for too long.
    pub async fn run_tests(&self, test: TestJob) -> Result<TestReport, SandboxError> {
        let mut tries = Tries::default();
        loop {
            let permit = self.pool.acquire(Work::Tests, &tries.failed_at).await?;
            let patience = self.pool.settings().patience;
            let failure = match isomer::run_tests(permit.server(), &test, patience).await {
                Ok(report) => {
                    permit.succeeded();
                    return Ok(report);
                }
                Err(failure) => failure,
            };
            permit.failed(&failure);
            let pause = tries.note(&permit, failure, self.pool.settings())?;
            drop(permit);
            sleep(pause).await;
        }
    }
}

#[async_trait]
impl Execute for RemoteSandbox {
    async fn run(&self, job: Job) -> Result<Vec<Execution>, SandboxError> {
        Self::run(self, job).await
    }

    async fn run_tests(&self, test: TestJob) -> Result<TestReport, SandboxError> {
        Self::run_tests(self, test).await
    }
}

async fn attempt(permit: &Permit, course: &mut Course, patience: Duration) -> Result<(), Failure> {
    match permit.found().map(|found| found.protocol) {
        Some(Protocol::Isomer) => isomer::run(permit.server(), course, patience).await,
        Some(Protocol::RunCode) => run_code::run(permit.server(), course, patience).await,
        None => Err(Failure::Broken("nothing is known of it".to_owned())),
    }
}

/// Attempts at an input that failed.
#[derive(Default)]
struct Tries {
    count: u32,
    failed_at: BTreeSet<usize>,
    busy_since: Option<Instant>,
}

impl Tries {
    /// Notes a failure; returns how long to wait before the next attempt, or that there is none.
    fn note(
        &mut self,
        permit: &Permit,
        failure: Failure,
        settings: &RemoteSettings,
    ) -> Result<Duration, SandboxError> {
        let url = || permit.server().address.to_string();
        match failure {
            Failure::Job(detail) => {
                Err(SandboxError::Job { detail: format!("sandbox `{}`: {detail}", url()) })
            }
            Failure::Busy(_) => {
                let since = *self.busy_since.get_or_insert_with(Instant::now);
                if since.elapsed() < settings.busy {
                    return Ok(Duration::ZERO);
                }
                let detail = format!("full for {} s", settings.busy.as_secs());
                Err(SandboxError::Remote { url: url(), detail })
            }
            Failure::Slow(detail) | Failure::Missing(detail) | Failure::Broken(detail) => {
                self.count += 1;
                self.failed_at.insert(permit.index());
                if self.count >= settings.attempts.max(1) {
                    let detail = format!("given up after {} attempts: {detail}", self.count);
                    return Err(SandboxError::Remote { url: url(), detail });
                }
                Ok(FIRST_PAUSE * (1 << (self.count - 1).min(6)))
            }
        }
    }
}
