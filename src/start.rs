//! From a configuration to running use cases.

use crate::{
    budget_file,
    config::{Config, ConfigError, Database, Scheme, Secret},
};
use service::{
    Allot, Settings,
    port::{Clock, ImportOutcome, Inspect, Store, StoreError, SystemClock, Transfer},
    repeated,
};
use shared_redis::Shared;
use std::{sync::Arc, time::Duration};

/// How long one question of a command to Redis may take.
const COMMAND_PATIENCE: Duration = Duration::from_secs(1);

/// Why nothing runs. Prints as one line.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// A setting.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The address.
    #[error("can't listen on {addr}: {error}")]
    Listen {
        /// As configured.
        addr: String,
        /// What the system says.
        error: std::io::Error,
    },
    /// The site folder.
    #[error("the site folder {folder} can't be used: {reason}")]
    Site {
        /// Its path.
        folder: String,
        /// What is wrong.
        reason: String,
    },
    /// The address of Redis.
    #[error("Redis can't be used: {0}")]
    Redis(String),
    /// A budget that is built in.
    #[error("the built-in budget {0} is damaged: {1}")]
    Budget(&'static str, String),
}

/// Opens the database that the configuration names and brings its schema to this version.
pub(crate) async fn open_store(config: &Config) -> Result<Arc<dyn Store>, StartError> {
    Ok(open(&config.database, &config.connections).await?)
}

/// Opens a database, making what is not there, and brings its schema to this version.
pub(crate) async fn open(
    database: &Database,
    connections: &store_postgres::Options,
) -> Result<Arc<dyn Transfer>, StartError> {
    let store: Arc<dyn Transfer> = match database.scheme() {
        Scheme::Sqlite => {
            let path = database.path().unwrap_or_default();
            if let Some(folder) = path.parent() {
                std::fs::create_dir_all(folder)
                    .map_err(|error| StoreError::Failed(format!("{}: {error}", folder.display())))?;
            }
            Arc::new(store_sqlite::SqliteStore::open(&path.to_string_lossy())?)
        }
        Scheme::Postgres => Arc::new(store_postgres::PgStore::connect(database.url(), connections.clone()).await?),
    };
    store.migrate().await?;
    Ok(store)
}

/// Opens a database to look into it, as it is: makes nothing and changes nothing.
pub(crate) async fn inspect(
    database: &Database,
    connections: &store_postgres::Options,
) -> Result<Arc<dyn Inspect>, StoreError> {
    Ok(match database.scheme() {
        Scheme::Sqlite => {
            let path = database.path().unwrap_or_default();
            if !path.is_file() {
                return Err(StoreError::Unavailable(format!("there is no file {}", path.display())));
            }
            Arc::new(store_sqlite::SqliteStore::open(&path.to_string_lossy())?)
        }
        Scheme::Postgres => Arc::new(store_postgres::PgStore::connect(database.url(), connections.clone()).await?),
    })
}

/// What the use cases are told of the configuration.
pub(crate) fn settings(config: &Config) -> Result<Settings, ConfigError> {
    let secret = match &config.secret {
        Some(secret) => secret.clone(),
        None => Secret::kept_in(&config.data)?,
    };
    Ok(Settings {
        secret: secret.as_bytes().to_vec(),
        submissions_per_hour: config.submissions_per_hour,
        address_submissions_per_hour: config.address_submissions_per_hour,
    })
}

/// Imports the built-in budgets that are missing or whose texts changed.
pub(crate) async fn import_built_in(store: &dyn Store) -> Result<(), StartError> {
    for (name, text) in budget_file::BUILT_IN {
        let budget = budget_file::read(text).map_err(|error| StartError::Budget(name, error.to_string()))?;
        match repeated(|| store.import_budget(&budget, SystemClock.now())).await? {
            ImportOutcome::Unchanged => {}
            ImportOutcome::Frozen => {
                tracing::warn!(
                    budget = budget.slug,
                    "kept as it is: it has submissions, and this version's categories differ"
                );
            }
            outcome => tracing::info!(budget = budget.slug, ?outcome, "imported a built-in budget"),
        }
    }
    Ok(())
}

/// The use cases of a command that runs once.
pub(crate) async fn for_command(config: &Config) -> Result<Arc<Allot>, StartError> {
    load(open_store(config).await?, config).await
}

/// The use cases of a command that runs once, beside the servers with which it shares Redis.
pub(crate) async fn for_command_beside(config: &Config) -> Result<(Arc<Allot>, Option<Arc<Shared>>), StartError> {
    // Nobody waits for a page here: an answer that is late is still an answer.
    let config = &Config { redis_timeout: config.redis_timeout.max(COMMAND_PATIENCE), ..config.clone() };
    let store = open_store(config).await?;
    let shared = share(config, &*store).await?;
    let parts = shared.as_ref().map(Shared::parts).unwrap_or_default();
    let allot = Allot::load_beside(store, Arc::new(SystemClock), parts, settings(config)?).await?;
    Ok((allot, shared))
}

/// The same over a store that is open already.
pub(crate) async fn load(store: Arc<dyn Store>, config: &Config) -> Result<Arc<Allot>, StartError> {
    Ok(Allot::load(store, Arc::new(SystemClock), settings(config)?).await?)
}

/// A replica of the database, which connects when it is read. Its schema is its primary's.
pub(crate) fn replica(config: &Config, address: &Database) -> Result<Arc<dyn Store>, StartError> {
    Ok(Arc::new(store_postgres::PgStore::lazy(address.url(), config.connections.clone())?))
}

/// The use cases of a server, with what runs beside the requests, and what it shares with others.
pub(crate) async fn for_server(config: &Config) -> Result<(Arc<Allot>, Option<Arc<Shared>>), StartError> {
    let store = open_store(config).await?;
    import_built_in(&*store).await?;
    let shared = share(config, &*store).await?;
    let parts = shared.as_ref().map(Shared::parts).unwrap_or_default();
    let allot = Allot::start_beside(store, Arc::new(SystemClock), parts, settings(config)?).await?;
    if let Some(address) = &config.replica {
        // One that is away now is read from when it comes.
        allot.read_from(replica(config, address)?);
    }
    Ok((allot, shared))
}

/// Connects to Redis, if there is one. One that is away stops nothing.
async fn share(config: &Config, store: &dyn Store) -> Result<Option<Arc<Shared>>, StartError> {
    let Some(address) = &config.redis else { return Ok(None) };
    let shared = Shared::start(address, &store.instance().await?, config.redis_timeout).await;
    shared.map(Some).map_err(|error| StartError::Redis(error.to_string()))
}
