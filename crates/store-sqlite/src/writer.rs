//! The one thread that writes.

use crate::{connection, error::Fault};
use rusqlite::{Connection, Transaction, TransactionBehavior};
use service::port::StoreError;
use std::{path::PathBuf, thread};
use tokio::sync::{mpsc, oneshot};

/// Operations that may wait for the thread; submissions come in batches, so this is plenty.
const QUEUE: usize = 64;

type Work = Box<dyn FnOnce(Result<&mut Connection, StoreError>) + Send>;

#[derive(Clone)]
pub(crate) struct Writer {
    work: mpsc::Sender<Work>,
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
                            work(Err(fault.into()));
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

    /// Runs `write` in one immediate transaction and commits it when it answers `Ok`.
    pub(crate) async fn run<T, E>(
        &self,
        write: impl FnOnce(&Transaction<'_>) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Fault> + From<StoreError> + Send + 'static,
    {
        let (answer, outcome) = oneshot::channel();
        let work: Work = Box::new(move |connection| {
            let done = match connection {
                Ok(connection) => in_transaction(connection, write).map_err(E::from),
                Err(error) => Err(E::from(error)),
            };
            let _ = answer.send(done);
        });
        let gone = || StoreError::Failed("the writing thread ended".into());
        self.work.send(work).await.map_err(|_| gone())?;
        outcome.await.map_err(|_| gone())?
    }
}

fn in_transaction<T>(
    connection: &mut Connection,
    write: impl FnOnce(&Transaction<'_>) -> Result<T, Fault>,
) -> Result<T, Fault> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Dropped without a commit, a transaction rolls back.
    let answer = write(&transaction)?;
    transaction.commit()?;
    Ok(answer)
}
