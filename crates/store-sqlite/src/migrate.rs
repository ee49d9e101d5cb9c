//! Brings the schema to this version.

use service::port::{StoreError, StoreResult};
use sqlx::{
    ConnectOptions, Connection,
    migrate::Migrator,
    sqlite::{SqliteConnectOptions, SqliteJournalMode},
};
use std::{fs::File, path::Path, time::Duration};

static MIGRATIONS: Migrator = sqlx::migrate!("../../migrations/sqlite");

/// Two processes that start at once take turns: sqlx has no lock of its own for SQLite.
pub(crate) async fn migrate(path: &Path) -> StoreResult<()> {
    let _turn = lock(path).await?;
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .busy_timeout(Duration::from_secs(10));
    let unavailable = |error: sqlx::Error| StoreError::Unavailable(error.to_string());
    let mut connection = options.connect().await.map_err(unavailable)?;
    MIGRATIONS.run_direct(None, &mut connection, false).await.map_err(|error| StoreError::Schema(error.to_string()))?;
    connection.close().await.map_err(unavailable)
}

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
