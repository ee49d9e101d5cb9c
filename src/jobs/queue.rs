//! The queue in the database that the configuration names.

use crate::config::{Config, Scheme};
use service::port::{JobQueue, StoreResult};
use std::sync::Arc;
use store_postgres::PgQueue;
use store_sqlite::SqliteQueue;

/// One of the two, as a worker needs it.
#[derive(Clone)]
pub(crate) enum Queue {
    Sqlite(Arc<SqliteQueue>),
    Postgres(Arc<PgQueue>),
}

impl Queue {
    /// Connects when it is first asked for something; the schema must be there by then.
    pub(crate) fn open(config: &Config) -> StoreResult<Self> {
        let url = config.database.url();
        Ok(match config.database.scheme() {
            Scheme::Sqlite => Self::Sqlite(Arc::new(SqliteQueue::open(url)?)),
            Scheme::Postgres => Self::Postgres(Arc::new(PgQueue::lazy(url, &config.connections)?)),
        })
    }

    /// What all of them can do.
    pub(crate) fn port(&self) -> Arc<dyn JobQueue> {
        match self {
            Self::Sqlite(queue) => Arc::clone(queue) as _,
            Self::Postgres(queue) => Arc::clone(queue) as _,
        }
    }
}
