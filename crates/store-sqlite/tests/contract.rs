//! The contract of every store, on SQLite files.

#![expect(clippy::expect_used, reason = "a test that can't be set up fails")]

use service::port::{JobQueue, Store};
use std::{process::ExitCode, sync::Arc};
use store_sqlite::{SqliteQueue, SqliteStore};
use tempfile::TempDir;

struct SqliteFile(TempDir);

impl store_tests::Database for SqliteFile {
    type Store = SqliteStore;

    async fn create() -> Self {
        let database = Self(tempfile::tempdir().expect("a temporary folder can be made"));
        database.open().await.migrate().await.expect("the migration works");
        database
    }

    async fn open(&self) -> SqliteStore {
        SqliteStore::open(&self.0.path().join("allot.sqlite").to_string_lossy()).expect("the store opens")
    }

    fn queue(&self) -> Arc<dyn JobQueue> {
        Arc::new(SqliteQueue::open(&self.0.path().join("allot.sqlite").to_string_lossy()).expect("the queue opens"))
    }
}

fn main() -> ExitCode {
    store_tests::run::<SqliteFile>()
}
