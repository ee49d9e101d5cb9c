//! Backups of the configured database, for commands and for what runs by itself.

use crate::{
    config::{Config, ConfigError, Scheme, Secret},
    start::{self, StartError},
};
use service::{
    backup::{self, BackupError, Made, Progress, Wish},
    port::SystemClock,
};
use store_sqlite::SqliteFiles;

/// Why there is no backup.
#[derive(Debug, thiserror::Error)]
pub(crate) enum MakeError {
    /// The database can't be opened, or a setting is wrong.
    #[error(transparent)]
    Start(#[from] StartError),
    /// The backup itself.
    #[error(transparent)]
    Backup(#[from] BackupError),
}

impl From<ConfigError> for MakeError {
    fn from(error: ConfigError) -> Self {
        Self::Start(error.into())
    }
}

/// Makes a backup as the settings say: into `ALLOT_BACKUPS`, and keeping `ALLOT_BACKUPS_KEEP` of them. Servers may run.
/// `with_secret` puts the server's secret inside, too.
pub(crate) async fn create(config: &Config, with_secret: bool, progress: Progress<'_>) -> Result<Made, MakeError> {
    let secret = match (with_secret, &config.secret) {
        (false, _) => None,
        (true, Some(secret)) => Some(secret.as_bytes().to_vec()),
        (true, None) => Some(Secret::kept_in(&config.data)?.as_bytes().to_vec()),
    };
    let store = start::open(&config.database, &config.connections).await?;
    let wish = Wish {
        folder: config.backups.clone(),
        keep: config.backups_keep,
        secret,
        store: match config.database.scheme() {
            Scheme::Sqlite => "sqlite",
            Scheme::Postgres => "postgres",
        },
    };
    Ok(backup::create(&store, &SqliteFiles, &SystemClock, &wish, progress).await?)
}
