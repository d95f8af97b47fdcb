//! How a job goes: lanes take its inputs one by one, each in a jail, until all are done or the job
//! says to stop.

use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::jail::{Answer, Jail, Kind};
use crate::sandbox::Shared;
use crate::task::{Task, Work};
use crate::{Ending, Execution, Job, Output, SandboxError, Stop, ending};

/// Jails in a row that may die of one input before the job is given up.
const MOST_DEATHS: u32 = 4;

/// Jails in a row that may die before they are ready, which says nothing about any input.
const MOST_FALSE_STARTS: u32 = 16;

/// What is known of a job's inputs.
pub(crate) struct Course<On> {
    stop: Stop,
    inputs: Vec<Vec<u8>>,
    progress: Mutex<Progress<On>>,
}

struct Progress<On> {
    /// The next input that no lane has taken.
    next: usize,
    /// Executions by input.
    done: Vec<Option<Execution>>,
    /// How many inputs from the first on are done and told of.
    told: usize,
    /// Time limits among those.
    slow: u32,
    /// Whether the rest is to be left alone.
    stopped: bool,
    on: On,
}

impl<On: FnMut(usize, &Execution)> Course<On> {
    pub(crate) fn new(stop: Stop, inputs: Vec<Vec<u8>>, on: On) -> Self {
        let done = vec![None; inputs.len()];
        let progress = Progress { next: 0, done, told: 0, slow: 0, stopped: false, on };
        Self { stop, inputs, progress: Mutex::new(progress) }
    }

    /// How many inputs there are.
    pub(crate) const fn length(&self) -> usize {
        self.inputs.len()
    }

    /// The executions in order of their inputs.
    pub(crate) fn finish(self) -> Vec<Execution> {
        let mut progress = self.progress.into_inner().unwrap_or_else(PoisonError::into_inner);
        // What came after the stop counts as little as what was never started.
        let known = if progress.stopped { progress.told } else { progress.done.len() };
        progress.done.truncate(known);
        let missing = || Execution::without_run(Ending::NotRun);
        let mut done: Vec<_> =
            progress.done.into_iter().map(|one| one.unwrap_or_else(missing)).collect();
        done.resize_with(self.inputs.len(), missing);
        done
    }

    fn progress(&self) -> MutexGuard<'_, Progress<On>> {
        self.progress.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn take(&self) -> Option<usize> {
        let mut progress = self.progress();
        let at = progress.next;
        if progress.stopped || at == self.inputs.len() {
            return None;
        }
        progress.next += 1;
        Some(at)
    }

    fn put(&self, at: usize, execution: Execution) {
        let progress = &mut *self.progress();
        progress.done[at] = Some(execution);
        while !progress.stopped
            && let Some(Some(execution)) = progress.done.get(progress.told)
        {
            (progress.on)(progress.told, execution);
            progress.told += 1;
            progress.stopped = self.stop.is_after(&execution.ending, &mut progress.slow);
        }
    }

    /// Ends a job that cannot run, such as one that does not compile: that is the answer to every
    /// input.
    pub(crate) fn put_all(&self, ending: &Ending, first: &Execution) {
        let progress = &mut *self.progress();
        if progress.stopped {
            return;
        }
        for at in progress.told..self.inputs.len() {
            let (ending, output) = (ending.clone(), Output::None);
            let execution = Execution { ending, output, ..first.clone() };
            (progress.on)(at, &execution);
            progress.done[at] = Some(execution);
        }
        progress.told = self.inputs.len();
        progress.stopped = true;
    }
}

/// One slot at work on a job.
pub(crate) struct Lane<'job, On> {
    shared: &'job Shared,
    task: &'job Task<'job>,
    course: &'job Course<On>,
    jail: Option<Jail>,
    /// Jails that died since the last finished input.
    deaths: u32,
    /// Jails that died before they were ready, since one was.
    false_starts: u32,
}

impl<'job, On: FnMut(usize, &Execution)> Lane<'job, On> {
    pub(crate) const fn new(
        shared: &'job Shared,
        task: &'job Task<'job>,
        course: &'job Course<On>,
    ) -> Self {
        Self { shared, task, course, jail: None, deaths: 0, false_starts: 0 }
    }

    /// Runs inputs until none is left.
    pub(crate) async fn run(mut self) -> Result<(), SandboxError> {
        while let Some(at) = self.course.take() {
            while !self.try_input(at).await? {}
            self.deaths = 0;
        }
        if let Some(jail) = self.jail
            && let Some(unwanted) = self.shared.pool.give_back(jail)
        {
            unwanted.close().await;
        }
        Ok(())
    }

    /// Runs one input; `false` when the jail died and another one has to try.
    async fn try_input(&mut self, at: usize) -> Result<bool, SandboxError> {
        let Some(mut jail) = self.ready_jail().await? else { return Ok(false) };
        match jail.run(&self.course.inputs[at]).await? {
            Answer::Reply(reply) => {
                let dirty = reply.dirty;
                let prefix = match self.task.work {
                    Work::Driver => self.shared.prefix.as_str(),
                    Work::Program(_) | Work::Tool { .. } => "",
                };
                let Job { entry, limits, .. } = self.task.job;
                let error = ending::compile_error(&reply, prefix);
                let execution = ending::execution(reply, entry, limits, prefix);
                match error {
                    Some(error) => self.course.put_all(&error, &execution),
                    None => self.course.put(at, execution),
                }
                if dirty {
                    jail.close().await;
                } else {
                    self.jail = Some(jail);
                }
                Ok(true)
            }
            Answer::Hung => {
                jail.close().await;
                self.count_death("the driver does not answer".to_owned()).map(|()| false)
            }
            Answer::Dead(detail) => self.count_death(detail).map(|()| false),
        }
    }

    /// A jail that knows the job: the lane's own, a warm one, or a new one.
    async fn ready_jail(&mut self) -> Result<Option<Jail>, SandboxError> {
        if let Some(jail) = self.jail.take() {
            return Ok(Some(jail));
        }
        let kind = Kind::of_task(self.shared, self.task);
        // One that died in the pool says nothing about the job, but a new one is sure to be alive.
        let warm = if self.deaths == 0 { self.shared.pool.take(&kind) } else { None };
        let mut jail = match warm {
            Some(jail) => jail,
            None => match Jail::open(self.shared, kind).await? {
                Ok(jail) => jail,
                Err(detail) => return self.count_false_start(detail).map(|()| None),
            },
        };
        self.false_starts = 0;
        jail.take_job(self.task).await;
        Ok(Some(jail))
    }

    /// Forgives some deaths: a jail's end is never a verdict, and the input runs again elsewhere.
    fn count_death(&mut self, detail: String) -> Result<(), SandboxError> {
        self.deaths += 1;
        self.shared.groups.sweep_stale();
        if self.deaths > MOST_DEATHS { Err(SandboxError::Broken { detail }) } else { Ok(()) }
    }

    fn count_false_start(&mut self, detail: String) -> Result<(), SandboxError> {
        self.false_starts += 1;
        if self.false_starts > MOST_FALSE_STARTS {
            return Err(SandboxError::Broken { detail });
        }
        Ok(())
    }
}
