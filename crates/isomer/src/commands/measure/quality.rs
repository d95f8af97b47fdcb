//! The tests of every task, run on what they should and should not accept.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use futures::{StreamExt as _, stream};
use isomer_dataset::measure::difficulty::show_tests;
use isomer_dataset::measure::test_quality::{
    Summary, TaskTests, TestSettings, Until, examine, pools,
};
use isomer_dataset::measure::{Kept, Key, Pools, Tasks, TestQuality};
use isomer_dataset::verify::{MOST_FAILURES, ends_all, rates};
use isomer_flow::pack::Pack;
use isomer_flow::runner::StopLevel;
use isomer_sandbox::{Execute, SandboxError};
use tokio::sync::watch;

use super::place::ConditionsOf;
use super::{folder, kept_failure};
use crate::commands::remote::Programs;
use crate::commands::{Setting, live};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::progress;

/// What the tests of tasks find, and what is kept of it.
pub(super) struct TestsRun {
    kept: Kept<TaskTests>,
    conditions: ConditionsOf,
    until: Until,
    /// Settings by pack; only limits of generators differ beyond the conditions.
    generators: BTreeMap<String, isomer_sandbox::Limits>,
    sandbox: Arc<dyn Execute>,
    width: usize,
    /// How they judge solutions that are known.
    pools: Option<Pools>,
}

/// What came of it.
pub(super) struct Ran {
    pub(super) quality: TestQuality,
    /// Tasks that the sandbox failed on, and its words about the first.
    pub(super) failed: u64,
    pub(super) trouble: Option<String>,
    pub(super) exit: Exit,
}

impl TestsRun {
    /// Opens what is kept. Nothing is run yet.
    pub(super) fn open(
        folder: &Path,
        packs: &[Pack],
        programs: &Programs,
        conditions: ConditionsOf,
        until: Until,
        pools: Option<Pools>,
    ) -> Result<Self, Failure> {
        folder::make(folder)?;
        let limits = |pack: &Pack| {
            let generator = pack.limits.generator.as_ref()?;
            Some((pack.name.clone(), generator.sandbox()))
        };
        let kept = Kept::open(&folder.join("tests.jsonl"));
        Ok(Self {
            kept: kept.map_err(|error| kept_failure(&error))?,
            conditions,
            until,
            generators: packs.iter().filter_map(limits).collect(),
            sandbox: Arc::clone(&programs.sandbox),
            width: 2 * programs.slots,
            pools,
        })
    }

    /// Runs the tests of all tasks that were not run before.
    pub(super) async fn run(
        &self,
        tasks: &Tasks,
        mut level: watch::Receiver<StopLevel>,
        setting: Setting<'_>,
    ) -> Result<Ran, Failure> {
        let template = "{wide_bar} tests of {human_pos} of {human_len} tasks, {eta} left";
        let bar = progress::bar(Some(tasks.len() as u64), template, setting);
        let stopped = level.clone();
        let stop = async move {
            let _ = level.wait_for(|level| *level >= StopLevel::Drain).await;
        };
        let each = stream::iter(0..tasks.len())
            .take_until(stop)
            .map(|task| self.task(tasks, task))
            .buffered(self.width.max(1));
        let mut each = Box::pin(each);
        let mut summary = Summary::default();
        let (mut failed, mut in_a_row, mut trouble) = (0, 0, None);
        while let Some(done) = each.next().await {
            bar.inc(1);
            match done? {
                Ok(found) => {
                    in_a_row = 0;
                    summary.add(&found);
                }
                Err(error) => {
                    failed += 1;
                    in_a_row += 1;
                    if in_a_row >= MOST_FAILURES || ends_all(&error) {
                        return Err(live::sandbox_failure(&error));
                    }
                    trouble.get_or_insert_with(|| error.to_string());
                }
            }
        }
        bar.finish_and_clear();
        self.kept.sync().map_err(|error| kept_failure(&error))?;
        let exit = match (*stopped.borrow() >= StopLevel::Drain, failed) {
            (true, _) => Exit::Interrupted,
            (false, 0) => Exit::Complete,
            (false, _) => Exit::Unjudged,
        };
        Ok(Ran { quality: summary.finish(self.pools.clone()), failed, trouble, exit })
    }

    /// What was found about one task, now or earlier; nothing of one that was not run.
    pub(super) fn of(&self, tasks: &Tasks, task: usize) -> Result<Option<TaskTests>, Failure> {
        let line = tasks.get(task).map_err(|error| kept_failure(&error))?;
        let (Some(line), Some(key)) = (line, tasks.key(task)) else { return Ok(None) };
        let key = Self::key(key, &self.settings(&line.pack));
        self.kept.get(key).map_err(|error| kept_failure(&error))
    }

    fn settings(&self, pack: &str) -> TestSettings {
        let usual = TestSettings::default();
        TestSettings {
            conditions: (self.conditions)(pack),
            generator: self.generators.get(pack).copied().unwrap_or(usual.generator),
            ..usual
        }
    }

    /// Stands for a task and everything that decides what is found about it.
    fn key(task: Key, settings: &TestSettings) -> Key {
        let version = env!("CARGO_PKG_VERSION");
        Key::of([task.as_bytes(), version.as_bytes(), format!("{settings:?}").as_bytes()])
    }

    async fn task(
        &self,
        tasks: &Tasks,
        task: usize,
    ) -> Result<Result<TaskTests, SandboxError>, Failure> {
        let line = tasks.get(task).map_err(|error| kept_failure(&error))?;
        let (Some(line), Some(key)) = (line, tasks.key(task)) else {
            return Ok(Ok(TaskTests::unmeasured("the task is gone")));
        };
        let settings = self.settings(&line.pack);
        let key = Self::key(key, &settings);
        let found = self.kept.get(key).map_err(|error| kept_failure(&error))?;
        if let Some(found) = found.filter(|found| found.reaches(self.until)) {
            return Ok(Ok(found));
        }
        let line = match show_tests(line, &settings.conditions, &*self.sandbox).await {
            Ok(line) => line,
            Err(error) => return Ok(Err(error)),
        };
        match examine(&line, &settings, self.until, &*self.sandbox).await {
            Ok(found) => {
                self.kept.put(key, &found).map_err(|error| kept_failure(&error))?;
                Ok(Ok(found))
            }
            Err(error) => Ok(Err(error)),
        }
    }
}

/// How the tests judge solutions that are known to be right or wrong.
pub(super) fn known(results: &Path) -> Result<Pools, Failure> {
    let file = results.display();
    let read = rates(results).map_err(|error| {
        Failure::because(format!("failed to read verdicts from `{file}`"), &error)
            .exit(Exit::Usage)
            .help("--solutions takes the file of results that `isomer verify` wrote")
    })?;
    pools(&read).ok_or_else(|| {
        Failure::usage(format!("no solution in `{file}` is labelled right or wrong"))
            .help("give `isomer verify` solutions with a `label`")
    })
}
