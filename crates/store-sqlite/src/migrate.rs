//! Brings the schema to this version.

use service::port::{StoreError, StoreResult};
use sqlx::{
    ConnectOptions, Connection,
    migrate::{MigrateError, Migrator},
    sqlite::{SqliteConnectOptions, SqliteJournalMode},
};
use std::{fs::File, path::Path, time::Duration};

static MIGRATIONS: Migrator = sqlx::migrate!("../../migrations/sqlite");

/// The numbers of the migrations that this program has.
pub(crate) fn known() -> Vec<i64> {
    MIGRATIONS.iter().map(|migration| migration.version).collect()
}

/// Two processes that start at once take turns: sqlx has no lock of its own for SQLite.
pub(crate) async fn migrate(path: &Path) -> StoreResult<()> {
    let _turn = lock(path).await?;
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .busy_timeout(Duration::from_secs(10));
    let mut connection = options.connect().await.map_err(|error| failed(&error))?;
    MIGRATIONS.run_direct(None, &mut connection, false).await.map_err(|error| match error {
        MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => failed(&error),
        newer_or_changed => StoreError::Schema(newer_or_changed.to_string()),
    })?;
    connection.close().await.map_err(|error| failed(&error))
}

/// What SQLite's primary result code says (<https://sqlite.org/rescode.html>), in the port's words.
pub(crate) fn failed(error: &sqlx::Error) -> StoreError {
    let code = error.as_database_error().and_then(|error| error.code()?.parse::<u32>().ok());
    match code.map(|code| code & 0xff) {
        Some(SQLITE_CORRUPT | SQLITE_NOTADB) => StoreError::Damaged(error.to_string()),
        Some(SQLITE_BUSY | SQLITE_LOCKED | SQLITE_READONLY | SQLITE_IOERR | SQLITE_FULL | SQLITE_CANTOPEN) | None => {
            StoreError::Unavailable(error.to_string())
        }
        Some(_) => StoreError::Schema(error.to_string()),
    }
}

const SQLITE_BUSY: u32 = 5;
const SQLITE_LOCKED: u32 = 6;
const SQLITE_READONLY: u32 = 8;
const SQLITE_IOERR: u32 = 10;
const SQLITE_CORRUPT: u32 = 11;
const SQLITE_FULL: u32 = 13;
const SQLITE_CANTOPEN: u32 = 14;
const SQLITE_NOTADB: u32 = 26;

/// An advisory lock on a file beside the database, free again when dropped or when the process dies.
async fn lock(path: &Path) -> StoreResult<File> {
    let path = path.with_extension("migrate.lock");
    let locked = tokio::task::spawn_blocking(move || {
        let file = File::create(&path)?;
        file.lock()?;
        Ok::<_, std::io::Error>(file)
    });
    match locked.await {
        Ok(Ok(file)) => Ok(file),
        Ok(Err(error)) => Err(StoreError::Unavailable(format!("locking for the migration: {error}"))),
        Err(error) => Err(StoreError::Failed(error.to_string())),
    }
}
