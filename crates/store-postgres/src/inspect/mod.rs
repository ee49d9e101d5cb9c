//! The port for looking into a database, method by method. Everything is asked in transactions that only read.

mod condition;
mod indexes;
mod load;
mod participation;
mod sizes;

use crate::{
    PgStore,
    error::Fault,
    migrate,
    session::{Session, Sessions},
};
use async_trait::async_trait;
use domain::Timestamp;
use service::port::{
    Between, BudgetId, CacheUse, ConnectionUse, Engine, Finding, IndexUse, Inspect, Participation, Schema,
    StatementCost, StoreResult, StoredSubmission, TableSize, Told,
};
use sqlx::PgConnection;
use std::time::Duration;

#[async_trait]
impl Inspect for PgStore {
    async fn engine(&self) -> StoreResult<Engine> {
        let version: String = self.scalar("SELECT current_setting('server_version')").await?;
        Ok(Engine { name: "PostgreSQL", version })
    }

    async fn clock(&self) -> StoreResult<Option<Timestamp>> {
        let micros = self.scalar("SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint").await?;
        Ok(Some(Timestamp::from_micros(micros)))
    }

    async fn schema(&self) -> StoreResult<Schema> {
        Ok(self.sessions.read(|| schema(&self.sessions)).await?)
    }

    async fn statements(&self, at_least: Duration) -> StoreResult<Told<StatementCost>> {
        Ok(self.sessions.read(|| load::statements(&self.sessions, at_least)).await?)
    }

    async fn connections(&self) -> StoreResult<Told<ConnectionUse>> {
        Ok(self.sessions.read(|| load::connections(&self.sessions)).await?)
    }

    async fn indexes(&self) -> StoreResult<Told<IndexUse>> {
        Ok(self.sessions.read(|| indexes::all(&self.sessions)).await?)
    }

    async fn sizes(&self) -> StoreResult<Told<TableSize>> {
        Ok(self.sessions.read(|| sizes::tables(&self.sessions)).await?)
    }

    async fn caches(&self) -> StoreResult<Told<CacheUse>> {
        Ok(self.sessions.read(|| load::caches(&self.sessions)).await?)
    }

    async fn condition(&self) -> StoreResult<Vec<Finding>> {
        Ok(self.sessions.read(|| condition::findings(&self.sessions)).await?)
    }

    async fn participation(&self, budget: BudgetId) -> StoreResult<Participation> {
        Ok(self.sessions.read_many(|| participation::of(&self.sessions, budget)).await?)
    }

    async fn between(&self, span: &Between) -> StoreResult<Vec<StoredSubmission>> {
        Ok(self.sessions.read(|| participation::between(&self.sessions, span)).await?)
    }
}

/// A transaction that reads one state, and changes nothing.
async fn reading(sessions: &Sessions) -> Result<Session, Fault> {
    let mut session = sessions.get().await?;
    session.begin_snapshot().await?;
    Ok(session)
}

/// The value of a setting, such as `on`.
async fn setting(connection: &mut PgConnection, name: &str) -> Result<String, Fault> {
    Ok(sqlx::query_scalar("SELECT current_setting($1)").bind(name).fetch_one(connection).await?)
}

async fn schema(sessions: &Sessions) -> Result<Schema, Fault> {
    let known = migrate::known();
    let mut session = reading(sessions).await?;
    let begun: bool =
        sqlx::query_scalar("SELECT to_regclass('_sqlx_migrations') IS NOT NULL").fetch_one(&mut *session).await?;
    let applied: Vec<i64> = if begun {
        sqlx::query_scalar("SELECT version FROM _sqlx_migrations WHERE success ORDER BY version")
            .fetch_all(&mut *session)
            .await?
    } else {
        Vec::new()
    };
    session.end().await?;
    Ok(Schema {
        missing: known.iter().copied().filter(|version| !applied.contains(version)).collect(),
        unknown: applied.iter().copied().filter(|version| !known.contains(version)).collect(),
        applied,
    })
}

/// Counts and bytes, which PostgreSQL gives as signed numbers.
fn count(number: i64) -> u64 {
    number.max(0).unsigned_abs()
}
