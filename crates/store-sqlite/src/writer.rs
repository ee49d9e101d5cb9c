//! The one thread that writes.

use crate::{connection, error::Fault};
use rusqlite::{Connection, Transaction, TransactionBehavior};
use service::port::StoreError;
use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    path::PathBuf,
    thread,
};
use tokio::sync::{mpsc, oneshot};

/// Operations that may wait for the thread; submissions come in batches, so this is plenty.
const QUEUE: usize = 64;

type Work = Box<dyn FnOnce(Result<&mut Connection, Fault>) + Send>;

/// Hands operations to the thread, which ends with the last of these.
#[derive(Clone)]
pub(crate) struct Writer {
    work: mpsc::Sender<Work>,
}

/// Does not keep the thread.
pub(crate) struct Weak {
    work: mpsc::WeakSender<Work>,
}

impl Writer {
    pub(crate) fn start(path: PathBuf) -> Result<Self, StoreError> {
        let (work, mut queue) = mpsc::channel::<Work>(QUEUE);
        let run = move || {
            let mut kept: Option<Connection> = None;
            while let Some(work) = queue.blocking_recv() {
                if kept.is_none() {
                    match connection::for_writing(&path) {
                        Ok(connection) => kept = Some(connection),
                        Err(fault) => {
                            work(Err(fault));
                            continue;
                        }
                    }
                }
                if let Some(connection) = &mut kept {
                    work(Ok(connection));
                    // A transaction that could not be rolled back: begin anew with another connection.
                    if !connection.is_autocommit() {
                        kept = None;
                    }
                }
            }
        };
        thread::Builder::new()
            .name("sqlite-writer".into())
            .spawn(run)
            .map_err(|error| StoreError::Unavailable(format!("no thread to write: {error}")))?;
        Ok(Self { work })
    }

    pub(crate) fn downgrade(&self) -> Weak {
        Weak { work: self.work.downgrade() }
    }

    /// Runs `write` in one immediate transaction and commits it when it answers `Ok`.
    pub(crate) async fn run<T, E>(
        &self,
        write: impl FnOnce(&Transaction<'_>) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Fault> + Send + 'static,
    {
        let (answer, outcome) = oneshot::channel();
        let work: Work = Box::new(move |connection| {
            // A fault in one operation must not take the writer from all others.
            let done = catch_unwind(AssertUnwindSafe(|| in_transaction(connection?, write)));
            let done = done.unwrap_or_else(|_| Err(Fault::Failed("a write operation panicked".into())));
            let _ = answer.send(done);
        });
        let gone = || E::from(Fault::Failed("the writing thread ended".into()));
        self.work.send(work).await.map_err(|_| gone())?;
        outcome.await.map_err(|_| gone())?.map_err(E::from)
    }
}

impl Weak {
    pub(crate) fn is_alive(&self) -> bool {
        self.work.strong_count() > 0
    }

    /// Runs `work` on the writer's connection between two transactions; returns when it is done. Must not be
    /// called from an asynchronous task.
    pub(crate) fn run_bare(&self, work: impl FnOnce(&Connection) + Send + 'static) {
        let Some(queue) = self.work.upgrade() else { return };
        let (done, wait) = oneshot::channel::<()>();
        let work: Work = Box::new(move |connection| {
            if let Ok(connection) = connection {
                work(connection);
            }
            drop(done);
        });
        if queue.blocking_send(work).is_ok() {
            // The thread may only end once nobody can send.
            drop(queue);
            let _ = wait.blocking_recv();
        }
    }
}

fn in_transaction<T>(
    connection: &mut Connection,
    write: impl FnOnce(&Transaction<'_>) -> Result<T, Fault>,
) -> Result<T, Fault> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Dropped without a commit, a transaction rolls back.
    let answer = write(&transaction)?;
    transaction.commit().map_err(Fault::AtCommit)?;
    Ok(answer)
}

#[cfg(test)]
mod tests {
    use super::*;
    use service::port::CommitError;

    async fn writer(folder: &tempfile::TempDir) -> Writer {
        let path = folder.path().join("test.sqlite");
        drop(Connection::open(&path).unwrap());
        let writer = Writer::start(path).unwrap();
        run(&writer, "CREATE TABLE t (n UNIQUE)").await.unwrap();
        writer
    }

    async fn run(writer: &Writer, sql: &'static str) -> Result<(), CommitError> {
        writer.run(move |t| Ok(t.execute_batch(sql)?)).await
    }

    async fn count(writer: &Writer) -> i64 {
        let count = writer.run(|t| Ok(t.query_row("SELECT count(*) FROM t", [], |row| row.get(0))?));
        count.await.map_err(|error: StoreError| error).unwrap()
    }

    #[tokio::test]
    async fn a_panic_undoes_its_own_transaction_only() {
        let folder = tempfile::tempdir().unwrap();
        let writer = writer(&folder).await;
        let panicked: Result<(), StoreError> = writer
            .run(|t| {
                t.execute_batch("INSERT INTO t VALUES (1)")?;
                panic!("a fault of the program")
            })
            .await;
        assert!(matches!(panicked, Err(StoreError::Failed(_))), "{panicked:?}");
        run(&writer, "INSERT INTO t VALUES (2)").await.unwrap();
        assert_eq!(count(&writer).await, 1);
    }

    #[tokio::test]
    async fn a_full_disk_is_said_and_forgotten_when_there_is_room_again() {
        let folder = tempfile::tempdir().unwrap();
        let writer = writer(&folder).await;
        limit(&writer, 3).await;
        let full = run(&writer, "INSERT INTO t VALUES (1); INSERT INTO t VALUES (zeroblob(100000))").await;
        assert!(matches!(full, Err(CommitError::NotCommitted(StoreError::Unavailable(_)))), "{full:?}");
        assert_eq!(count(&writer).await, 0);
        limit(&writer, 1_000_000).await;
        run(&writer, "INSERT INTO t VALUES (zeroblob(100000))").await.unwrap();
        assert_eq!(count(&writer).await, 1);
    }

    async fn limit(writer: &Writer, pages: u32) {
        let limit = move |t: &Transaction<'_>| {
            Ok(t.query_row(&format!("PRAGMA max_page_count = {pages}"), [], |row| row.get::<_, u32>(0))?)
        };
        writer.run::<_, StoreError>(limit).await.unwrap();
    }

    #[tokio::test]
    async fn what_the_database_refuses_is_rejected_and_what_another_process_locks_is_unavailable() {
        let folder = tempfile::tempdir().unwrap();
        let writer = writer(&folder).await;
        let refused = run(&writer, "INSERT INTO t VALUES (1); INSERT INTO t VALUES (1)").await;
        assert!(matches!(refused, Err(CommitError::Rejected(_))), "{refused:?}");
        assert_eq!(count(&writer).await, 0);
        let other = connection::for_writing(&folder.path().join("test.sqlite")).unwrap();
        other.execute_batch("BEGIN IMMEDIATE").unwrap();
        let locked = run(&writer, "INSERT INTO t VALUES (1)").await;
        assert!(matches!(locked, Err(CommitError::NotCommitted(StoreError::Unavailable(_)))), "{locked:?}");
        other.execute_batch("COMMIT").unwrap();
        run(&writer, "INSERT INTO t VALUES (1)").await.unwrap();
    }

    #[tokio::test]
    async fn the_thread_ends_with_the_last_handle() {
        let folder = tempfile::tempdir().unwrap();
        let writer = writer(&folder).await;
        let weak = writer.downgrade();
        let other = writer.clone();
        drop(writer);
        assert!(weak.is_alive());
        drop(other);
        assert!(!weak.is_alive());
        weak.run_bare(|_| panic!("nobody is there to run it"));
    }
}
