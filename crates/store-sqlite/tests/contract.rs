//! The contract of every store, on SQLite files.

#![expect(clippy::expect_used, reason = "a test that can't be set up fails")]

use service::port::Store;
use std::process::ExitCode;
use store_sqlite::SqliteStore;
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
}

fn main() -> ExitCode {
    store_tests::run::<SqliteFile>()
}
