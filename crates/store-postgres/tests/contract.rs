//! The contract of every store, on a PostgreSQL that this program starts.

#![expect(clippy::expect_used, reason = "a test that can't be set up fails")]

mod cluster;
#[path = "cluster/shared.rs"]
mod shared;

use service::port::{JobQueue, Store};
use shared::PgDatabase;
use std::{process::ExitCode, sync::Arc};
use store_postgres::{Options, PgQueue, PgStore};

impl store_tests::Database for PgDatabase {
    type Store = PgStore;

    async fn create() -> Self {
        let database = tokio::task::spawn_blocking(Self::new).await.expect("a database can be made");
        database.open().await.migrate().await.expect("the migration works");
        database
    }

    async fn open(&self) -> PgStore {
        let options = Options { max_connections: 4, ..Options::default() };
        PgStore::connect(&self.url, options).await.expect("the store opens")
    }

    fn queue(&self) -> Arc<dyn JobQueue> {
        Arc::new(PgQueue::lazy(&self.url, &Options::default()).expect("the queue opens"))
    }
}

fn main() -> ExitCode {
    store_tests::run::<PgDatabase>()
}
