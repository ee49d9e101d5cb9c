//! The port for looking into a database, method by method. Every connection here may only read.

mod condition;
mod participation;
mod sizes;
mod statements;

use crate::{SqliteStore, error::Fault, migrate};
use async_trait::async_trait;
use domain::Timestamp;
use rusqlite::Connection;
use service::port::{
    Between, BudgetId, CacheUse, ConnectionUse, Engine, Finding, IndexUse, Inspect, Participation, Schema,
    StatementCost, StoreResult, StoredSubmission, TableSize, Told,
};
use std::time::Duration;

#[async_trait]
impl Inspect for SqliteStore {
    async fn engine(&self) -> StoreResult<Engine> {
        Ok(Engine { name: "SQLite", version: rusqlite::version().to_owned() })
    }

    /// It runs within this process, by the machine's clock.
    async fn clock(&self) -> StoreResult<Option<Timestamp>> {
        Ok(None)
    }

    async fn schema(&self) -> StoreResult<Schema> {
        self.readers.run(|c| schema(c)).await
    }

    async fn statements(&self, at_least: Duration) -> StoreResult<Told<StatementCost>> {
        self.readers.run(move |c| statements::costs(c, at_least)).await
    }

    async fn connections(&self) -> StoreResult<Told<ConnectionUse>> {
        let untold = "SQLite counts no connections: each process has one that writes, one that moves the log, and up to \
                      six that read";
        Ok(Told { untold: vec![untold.into()], ..Told::default() })
    }

    async fn indexes(&self) -> StoreResult<Told<IndexUse>> {
        self.readers.run(|c| sizes::indexes(c)).await
    }

    async fn sizes(&self) -> StoreResult<Told<TableSize>> {
        self.readers.run(|c| sizes::tables(c)).await
    }

    async fn caches(&self) -> StoreResult<Told<CacheUse>> {
        self.readers.run(|c| caches(c)).await
    }

    async fn condition(&self) -> StoreResult<Vec<Finding>> {
        self.readers.run(|c| condition::findings(c)).await
    }

    async fn participation(&self, budget: BudgetId) -> StoreResult<Participation> {
        self.readers.run(move |c| participation::of(c, budget)).await
    }

    async fn between(&self, span: &Between) -> StoreResult<Vec<StoredSubmission>> {
        let span = *span;
        self.readers.run(move |c| participation::between(c, &span)).await
    }
}

fn schema(connection: &Connection) -> Result<Schema, Fault> {
    let known = migrate::known();
    let begun = connection.prepare("SELECT 1 FROM sqlite_master WHERE name = '_sqlx_migrations'")?.exists([])?;
    if !begun {
        return Ok(Schema { missing: known, ..Schema::default() });
    }
    let mut select = connection.prepare("SELECT version FROM _sqlx_migrations WHERE success ORDER BY version")?;
    let applied: Vec<i64> = select.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
    Ok(Schema {
        missing: known.iter().copied().filter(|version| !applied.contains(version)).collect(),
        unknown: applied.iter().copied().filter(|version| !known.contains(version)).collect(),
        applied,
    })
}

fn caches(connection: &Connection) -> Result<Told<CacheUse>, Fault> {
    let page: i64 = connection.query_row("PRAGMA page_size", [], |row| row.get(0))?;
    let cached: i64 = connection.query_row("PRAGMA cache_size", [], |row| row.get(0))?;
    let mapped: i64 = connection.query_row("PRAGMA mmap_size", [], |row| row.get(0))?;
    // Negative = KiB, else pages.
    let cached = if cached < 0 { -cached } else { cached * page / 1024 };
    let what = format!(
        "each connection keeps up to {} MiB of pages and reads {} MiB of the file without copying",
        cached / 1024,
        mapped >> 20
    );
    let untold = "SQLite does not tell how often other connections found a page in memory; the system's own cache of \
                  the file counts for more";
    Ok(Told { findings: vec![Finding::ok(what)], untold: vec![untold.into()], ..Told::default() })
}
