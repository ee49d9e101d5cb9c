//! A small pool of connections that read.

use crate::{connection, error::Fault};
use rusqlite::Connection;
use service::port::{PoolUse, StoreError, StoreResult};
use std::{
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
};
use tokio::sync::Semaphore;

/// Readers at once. Pages and look-ups take microseconds each; scans hold one for seconds.
const READERS: usize = 6;

#[derive(Clone)]
pub(crate) struct Readers {
    path: Arc<PathBuf>,
    idle: Arc<Mutex<Vec<Connection>>>,
    permits: Arc<Semaphore>,
}

impl Readers {
    pub(crate) fn new(path: PathBuf) -> Self {
        Self { path: Arc::new(path), idle: Arc::default(), permits: Arc::new(Semaphore::new(READERS)) }
    }

    pub(crate) fn used(&self) -> PoolUse {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).len();
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        PoolUse {
            busy: count(READERS.saturating_sub(self.permits.available_permits())),
            idle: count(idle),
            most: count(READERS),
        }
    }

    /// Runs `read` on a connection, on a thread that may block.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        read: impl FnOnce(&mut Connection) -> Result<T, Fault> + Send + 'static,
    ) -> StoreResult<T> {
        let permit = Arc::clone(&self.permits).acquire_owned().await;
        let permit = permit.map_err(|_| StoreError::Unavailable("the readers are closed".into()))?;
        let (path, idle) = (Arc::clone(&self.path), Arc::clone(&self.idle));
        let done = tokio::task::spawn_blocking(move || {
            let kept = idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let mut connection = match kept {
                Some(connection) => connection,
                None => connection::for_reading(&path)?,
            };
            let answer = read(&mut connection);
            // After an error the connection may hold a transaction or a bad handle: make a new one.
            if answer.is_ok() {
                idle.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
            }
            drop(permit);
            answer
        });
        match done.await {
            Ok(answer) => answer.map_err(StoreError::from),
            Err(error) => Err(StoreError::Failed(error.to_string())),
        }
    }
}
