//! What is known of a job while it moves from server to server.

use isomer_sandbox::{Ending, Execution, Job, Stop};
use serde_json::Value;

/// A job and the executions of its first inputs.
#[derive(Debug)]
pub(crate) struct Course {
    job: Job,
    done: Vec<Execution>,
    /// Time limits among those.
    slow: u32,
    /// Whether the rest is to be left alone.
    stopped: bool,
}

impl Course {
    pub(crate) const fn new(job: Job) -> Self {
        Self { job, done: Vec::new(), slow: 0, stopped: false }
    }

    /// The job as a whole.
    pub(crate) const fn job(&self) -> &Job {
        &self.job
    }

    /// How many inputs are answered.
    pub(crate) const fn done(&self) -> usize {
        self.done.len()
    }

    /// The next input to run, if any is left to run.
    pub(crate) fn next(&self) -> Option<&Value> {
        if self.stopped { None } else { self.job.inputs.get(self.done.len()) }
    }

    /// The job of what is left to run.
    pub(crate) fn rest(&self) -> Job {
        let stop = match self.job.stop {
            Stop::AfterTimeLimits(most) => Stop::AfterTimeLimits(most.max(1) - self.slow),
            other => other,
        };
        let inputs = self.job.inputs.get(self.done.len()..).unwrap_or_default().to_vec();
        Job { inputs, stop, ..self.job.clone() }
    }

    /// Adds what came of the next input.
    pub(crate) fn put(&mut self, execution: Execution) {
        self.stopped = self.job.stop.is_after(&execution.ending, &mut self.slow);
        if matches!(execution.ending, Ending::CompileError { .. }) {
            // That is the answer to every input.
            self.done.resize(self.job.inputs.len(), execution);
        } else {
            self.done.push(execution);
        }
    }

    /// The executions in order of their inputs.
    pub(crate) fn finish(mut self) -> Vec<Execution> {
        let not_run = Execution::without_run(Ending::NotRun);
        self.done.resize(self.job.inputs.len(), not_run);
        self.done
    }
}

#[cfg(test)]
mod tests {
    use isomer_sandbox::{Ending, Execution, Job, Stop};
    use serde_json::json;

    use super::Course;

    fn course(stop: Stop) -> Course {
        Course::new(Job { inputs: vec![json!("a"); 4], stop, ..Job::default() })
    }

    fn ended(ending: Ending) -> Execution {
        Execution { cpu_ms: 1, ..Execution::without_run(ending) }
    }

    fn endings(course: Course) -> Vec<String> {
        course.finish().iter().map(|one| one.ending.describe()).collect()
    }

    #[test]
    fn the_rest_remembers_what_came_before() {
        let mut course = course(Stop::AfterTimeLimits(2));
        course.put(ended(Ending::TimeLimit));
        let rest = course.rest();
        assert_eq!((rest.inputs.len(), rest.stop), (3, Stop::AfterTimeLimits(1)));
        course.put(ended(Ending::TimeLimit));
        assert!(course.next().is_none());
        let late = "time limit exceeded";
        assert_eq!(endings(course), [late, late, "not run", "not run"]);
    }

    #[test]
    fn a_source_that_does_not_compile_is_asked_about_once() {
        let mut course = course(Stop::AfterFirst);
        course.put(ended(Ending::CompileError { message: "bad".to_owned(), line: None }));
        assert!(course.next().is_none());
        assert_eq!(endings(course), ["does not compile: bad"; 4]);
    }

    #[test]
    fn the_first_failure_stops_when_asked_to() {
        let mut course = course(Stop::AfterFirst);
        course.put(ended(Ending::Finished));
        assert!(course.next().is_some());
        course.put(ended(Ending::Signal(11)));
        assert!(course.next().is_none());
        assert_eq!(endings(course)[2], "not run");
    }
}
