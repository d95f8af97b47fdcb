//! The two threads that own the connections.
//!
//! The writing thread takes whatever waits, up to [`BATCH`] commands, runs each inside a savepoint
//! of one transaction, commits once and only then answers all of them. Waiting for the disk is by far
//! the longest part of a write, so the more callers wait the more share one wait. The reading thread
//! sees committed state only, and never waits for a commit.

use std::sync::mpsc::{self, Receiver, Sender};
use std::thread::{self, JoinHandle};

use rusqlite::Connection;
use tokio::sync::oneshot;

use crate::StoreError;

/// Most commands of one transaction: bounds how long the first of them waits for the last.
const BATCH: usize = 256;

/// A command on its way to a thread.
trait Job: Send {
    fn run(&mut self, connection: &Connection) -> Result<(), StoreError>;
    /// Answers with what `run` gave, or with the failure of the transaction it was part of.
    fn answer(self: Box<Self>, failure: Option<StoreError>);
}

struct Task<T, F> {
    work: Option<F>,
    result: Option<Result<T, StoreError>>,
    reply: oneshot::Sender<Result<T, StoreError>>,
}

impl<T, F> Job for Task<T, F>
where
    T: Send,
    F: FnOnce(&Connection) -> Result<T, StoreError> + Send,
{
    fn run(&mut self, connection: &Connection) -> Result<(), StoreError> {
        let Some(work) = self.work.take() else { return Ok(()) };
        let result = work(connection);
        let error = result.as_ref().err().cloned();
        self.result = Some(result);
        error.map_or(Ok(()), Err)
    }

    fn answer(self: Box<Self>, failure: Option<StoreError>) {
        let result = match failure {
            Some(error) => Err(error),
            None => self.result.unwrap_or(Err(StoreError::Closed)),
        };
        // A caller that was cancelled does not want the answer any more.
        let _ = self.reply.send(result);
    }
}

/// A thread with its connection and its queue. Dropping it finishes the queue and closes the
/// connection before it returns.
pub(crate) struct Worker {
    queue: Option<Sender<Box<dyn Job>>>,
    thread: Option<JoinHandle<()>>,
}

impl Worker {
    pub(crate) fn writer(connection: Connection) -> Result<Self, StoreError> {
        Self::start("run-writer", move |queue| write(&connection, &queue))
    }

    pub(crate) fn reader(connection: Connection) -> Result<Self, StoreError> {
        Self::start("run-reader", move |queue| read(&connection, &queue))
    }

    fn start(
        name: &str,
        body: impl FnOnce(Receiver<Box<dyn Job>>) + Send + 'static,
    ) -> Result<Self, StoreError> {
        // Unbounded, yet never longer than the number of callers: each waits for its answer.
        let (sender, receiver) = mpsc::channel();
        let thread = thread::Builder::new()
            .name(name.to_owned())
            .spawn(move || body(receiver))
            .map_err(StoreError::io("start the thread", name))?;
        Ok(Self { queue: Some(sender), thread: Some(thread) })
    }

    /// Runs `work` on the thread. The work is done even if the returned future is dropped.
    pub(crate) async fn run<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let task = Task { work: Some(work), result: None, reply };
        let queue = self.queue.as_ref().ok_or(StoreError::Closed)?;
        queue.send(Box::new(task)).map_err(|_| StoreError::Closed)?;
        answer.await.map_err(|_| StoreError::Closed)?
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        drop(self.queue.take());
        if let Some(thread) = self.thread.take() {
            // A panic of the thread has been seen by its callers as `Closed`.
            let _ = thread.join();
        }
    }
}

fn read(connection: &Connection, queue: &Receiver<Box<dyn Job>>) {
    for mut job in queue {
        // The job keeps its own error for its answer; a failed read concerns nobody else.
        let _ = job.run(connection);
        job.answer(None);
    }
}

fn write(connection: &Connection, queue: &Receiver<Box<dyn Job>>) {
    let mut broken = None;
    while let Ok(first) = queue.recv() {
        let mut batch = vec![first];
        batch.extend(queue.try_iter().take(BATCH - 1));
        let failure = match &broken {
            Some(cause) => Some(StoreError::Broken(std::sync::Arc::clone(cause))),
            None => commit(connection, &mut batch).err(),
        };
        if let Some(StoreError::Database(cause)) = &failure {
            // After a failed write nobody knows what the kernel still holds: only a fresh start,
            // which reads the log back, does.
            broken = Some(std::sync::Arc::clone(cause));
        }
        for job in batch {
            job.answer(failure.clone());
        }
    }
}

fn commit(connection: &Connection, batch: &mut [Box<dyn Job>]) -> Result<(), StoreError> {
    let done = execute(connection, "BEGIN IMMEDIATE")
        .and_then(|()| batch.iter_mut().try_for_each(|job| step(connection, job.as_mut())))
        .and_then(|()| execute(connection, "COMMIT"));
    if done.is_err() && !connection.is_autocommit() {
        // If even this fails, nothing is committed all the same.
        let _ = execute(connection, "ROLLBACK");
    }
    done
}

/// One command. Its own refusal undoes only itself; a failure of the database ends the batch.
fn step(connection: &Connection, job: &mut dyn Job) -> Result<(), StoreError> {
    execute(connection, "SAVEPOINT command")?;
    match job.run(connection) {
        Ok(()) => {}
        Err(error @ StoreError::Database(_)) => return Err(error),
        Err(_) => execute(connection, "ROLLBACK TO command")?,
    }
    execute(connection, "RELEASE command")
}

fn execute(connection: &Connection, sql: &str) -> Result<(), StoreError> {
    connection.prepare_cached(sql)?.execute([])?;
    Ok(())
}
