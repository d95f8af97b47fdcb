//! How a job goes: lanes take its inputs one by one, each in a jail, until all are done or the job
//! says to stop.

use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::jail::{Jail, Kind};
use crate::reply::Reply;
use crate::sandbox::Shared;
use crate::supply::Supply;
use crate::task::{Task, Work};
use crate::{Ending, Execution, Job, Output, SandboxError, Stop, ending};

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
    supply: Supply<'job>,
    /// One that knows the job.
    jail: Option<Jail>,
}

impl<'job, On: FnMut(usize, &Execution)> Lane<'job, On> {
    pub(crate) const fn new(
        shared: &'job Shared,
        task: &'job Task<'job>,
        course: &'job Course<On>,
    ) -> Self {
        Self { shared, task, course, supply: Supply::new(shared), jail: None }
    }

    /// Runs inputs until none is left.
    pub(crate) async fn run(mut self) -> Result<(), SandboxError> {
        while let Some(at) = self.course.take() {
            self.run_input(at).await?;
        }
        if let Some(jail) = self.jail {
            self.supply.give_back(jail, false).await;
        }
        Ok(())
    }

    async fn run_input(&mut self, at: usize) -> Result<(), SandboxError> {
        loop {
            let mut jail = self.ready_jail().await?;
            let answer = jail.run(&self.course.inputs[at]).await?;
            let Some((jail, reply)) = self.supply.survivor(jail, answer).await? else { continue };
            if reply.dirty {
                self.supply.give_back(jail, true).await;
            } else {
                self.jail = Some(jail);
            }
            self.put(at, reply);
            return Ok(());
        }
    }

    fn put(&self, at: usize, reply: Reply) {
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
    }

    /// A jail that knows the job: the lane's own, or another one.
    async fn ready_jail(&mut self) -> Result<Jail, SandboxError> {
        if let Some(jail) = self.jail.take() {
            return Ok(jail);
        }
        let mut jail = self.supply.take(Kind::of_task(self.shared, self.task)).await?;
        jail.take_job(self.task).await;
        Ok(jail)
    }
}
