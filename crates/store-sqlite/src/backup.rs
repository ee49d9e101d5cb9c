//! What backups need of SQLite: a whole copy of a file in use, and the files that backups are made of.

use crate::{SqliteStore, budgets, connection, error::Fault, summary::set_head};
use async_trait::async_trait;
use domain::Timestamp;
use rusqlite::Transaction;
use service::port::{BackupFiles, Store, StoreResult, Transfer};
use std::{path::Path, sync::Arc};

/// Writes the database as it is at one moment to a new file. `VACUUM INTO` and not a copy of its pages, because free
/// pages still hold what was deleted. It reads in one transaction: commits go on, and the write-ahead log keeps them.
pub(crate) fn vacuum(from: &Path, to: &Path) -> Result<(), Fault> {
    let to = to.to_str().ok_or_else(|| Fault::Refused(format!("{} is not UTF-8", to.display())))?;
    // A connection for reading only may not write the new file either.
    connection::for_writing(from)?.execute("VACUUM INTO ?1", [to])?;
    Ok(())
}

/// See [`service::port::Transfer::renew_instance`].
pub(crate) fn renew(transaction: &Transaction<'_>, now: Timestamp) -> Result<String, Fault> {
    for head in budgets::heads(transaction)? {
        set_head(transaction, head.budget, head.version.next(now))?;
    }
    let renewed = "UPDATE instance SET id = lower(hex(randomblob(16))) RETURNING id";
    Ok(transaction.query_row(renewed, [], |row| row.get(0))?)
}

/// Opens the files of backups.
#[derive(Clone, Copy, Debug, Default)]
pub struct SqliteFiles;

#[async_trait]
impl BackupFiles for SqliteFiles {
    async fn open(&self, file: &Path) -> StoreResult<Arc<dyn Transfer>> {
        let store = SqliteStore::open(&file.to_string_lossy())?;
        store.migrate().await?;
        Ok(Arc::new(store))
    }
}
