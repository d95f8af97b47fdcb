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
        Err(error) if error.is_from_sqlite() => return Err(error),
        Err(_) => execute(connection, "ROLLBACK TO command")?,
    }
    execute(connection, "RELEASE command")
}

fn execute(connection: &Connection, sql: &str) -> Result<(), StoreError> {
    connection.prepare_cached(sql)?.execute([])?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use futures::FutureExt;
    use rusqlite::{Connection, ErrorCode};

    use super::Worker;
    use crate::database::{open_reader, open_writer};
    use crate::{StoreError, read};

    fn block_on<T>(future: impl Future<Output = T>) -> T {
        futures::executor::block_on(future)
    }

    fn set(connection: &Connection, name: &str, value: u64) -> Result<(), StoreError> {
        connection.execute("INSERT INTO meta VALUES (?1, ?2)", (name, value))?;
        Ok(())
    }

    #[test]
    fn waiting_commands_share_a_commit_and_a_refusal_undoes_only_itself() {
        static COMMITS: AtomicU32 = AtomicU32::new(0);
        let dir = tempfile::tempdir().unwrap();
        let mut connection = open_writer(dir.path()).unwrap();
        connection
            .commit_hook(Some(|| {
                COMMITS.fetch_add(1, Ordering::Relaxed);
                false
            }))
            .unwrap();
        let worker = Worker::writer(connection).unwrap();
        let (open, gate) = std::sync::mpsc::channel::<()>();
        let results = block_on(async {
            let held = worker.run(move |connection| {
                gate.recv().map_err(|_| StoreError::Closed)?;
                set(connection, "held", 1)
            });
            let good = worker.run(|connection| set(connection, "good", 1));
            let bad = worker.run(|connection| {
                set(connection, "bad", 1)?;
                Err::<(), _>(StoreError::SeedsSealed)
            });
            let last = worker.run(|connection| set(connection, "last", 1));
            let opener = async { open.send(()).unwrap() };
            futures::join!(held, good, bad, last, opener)
        });
        assert!(results.0.is_ok() && results.1.is_ok() && results.3.is_ok());
        assert!(matches!(results.2, Err(StoreError::SeedsSealed)));
        assert!(COMMITS.load(Ordering::Relaxed) <= 2, "the first may have gone alone");

        let reader = open_reader(dir.path()).unwrap();
        let stored = |name| read::meta(&reader, name).unwrap();
        assert_eq!((stored("good"), stored("bad"), stored("last")), (Some(1), None, Some(1)));
    }

    #[test]
    fn a_full_disk_stops_all_writes_and_spoils_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let connection = open_writer(dir.path()).unwrap();
        let pages: u32 =
            connection.pragma_query_value(None, "page_count", |row| row.get(0)).unwrap();
        connection.pragma_update_and_check(None, "max_page_count", pages + 8, |_| Ok(())).unwrap();
        let worker = Worker::writer(connection).unwrap();
        let mut stored = 0;
        let error = loop {
            let name = format!("{stored:0>4000}");
            match block_on(worker.run(move |connection| set(connection, &name, 1))) {
                Ok(()) => stored += 1,
                Err(error) => break error,
            }
        };
        let StoreError::Database(cause) = &error else { panic!("{error}") };
        assert_eq!(cause.sqlite_error_code(), Some(ErrorCode::DiskFull));
        let later = block_on(worker.run(|connection| set(connection, "small", 1)));
        assert!(matches!(later, Err(StoreError::Broken(_))), "{later:?}");
        drop(worker);

        let connection = open_writer(dir.path()).unwrap();
        let count: u32 = connection
            .query_row("SELECT count(*) FROM meta WHERE name LIKE '0%'", [], |row| row.get(0))
            .unwrap();
        assert!(stored > 0);
        assert_eq!(count, stored);
        let check: String =
            connection.pragma_query_value(None, "integrity_check", |row| row.get(0)).unwrap();
        assert_eq!(check, "ok");
    }

    #[test]
    fn cancelled_writes_are_done_before_the_worker_ends() {
        let dir = tempfile::tempdir().unwrap();
        let worker = Worker::writer(open_writer(dir.path()).unwrap()).unwrap();
        for number in 0..50_u64 {
            let name = format!("number {number}");
            let write = worker.run(move |connection| set(connection, &name, number));
            // Sent on the first poll, then dropped.
            drop(write.now_or_never());
        }
        drop(worker);
        let reader = open_reader(dir.path()).unwrap();
        assert_eq!(read::meta(&reader, "number 49").unwrap(), Some(49));
    }
}
