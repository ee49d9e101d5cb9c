//! The port, method by method.

use crate::{
    Options, archive, budgets, bulk, commit, delete, error::Fault, fold, lookup, migrate, partitions, raw, scan,
    session::Sessions, summary, total,
};
use async_trait::async_trait;
use domain::{Budget, Day, Month, SubmissionId, Timestamp, summary::Summary};
use service::port::{
    Archivable, Archived, Attendance, Audit, BudgetId, BudgetRecord, BulkSubmission, CommitError, Correction, Deletion,
    Head, ImportOutcome, LegacyKey, Lookup, NewSubmission, Outcome, Participant, PoolUse, Store, StoreResult,
    StoredSubmission, TotalAt, Version,
};
use std::time::Duration;

/// A PostgreSQL database (15 or newer). Any number of processes may use the same.
pub struct PgStore {
    pub(crate) sessions: Sessions,
}

impl PgStore {
    /// Connects to `postgres://user:password@host:port/database`, with `sslmode` and what else libpq takes as
    /// parameters. TLS is used when the server offers it, unless `sslmode` says otherwise.
    ///
    /// # Errors
    /// When the URL is not understood or the database can't be reached.
    pub async fn connect(url: &str, options: Options) -> StoreResult<Self> {
        let store = Self::lazy(url, options)?;
        let connected = async {
            store.sessions.get().await?.done();
            Ok(())
        };
        store.sessions.within(connected).await?;
        Ok(store)
    }

    /// The same without connecting yet: for a replica, which may be away.
    ///
    /// # Errors
    /// When the URL is not understood.
    pub fn lazy(url: &str, options: Options) -> StoreResult<Self> {
        Ok(Self { sessions: Sessions::new(url, options)? })
    }

    /// How the database looks these ids up: the plan as `EXPLAIN ANALYZE` prints it, line by line. For operators,
    /// and for the test that no more than the partition of an id's month is read.
    ///
    /// # Errors
    /// When the database can't be reached or refuses.
    pub async fn explain_lookup(&self, ids: &[SubmissionId]) -> StoreResult<String> {
        Ok(self.sessions.read(|| lookup::explain(&self.sessions, ids)).await?)
    }

    /// The first column of a query's first row.
    pub(crate) async fn scalar<T>(&self, query: &'static str) -> Result<T, Fault>
    where
        T: Send + Unpin + for<'r> sqlx::Decode<'r, sqlx::Postgres> + sqlx::Type<sqlx::Postgres>,
    {
        let ask = || async {
            let mut session = self.sessions.get().await?;
            let value = sqlx::query_scalar(query).fetch_one(&mut *session).await?;
            session.done();
            Ok(value)
        };
        self.sessions.read(ask).await
    }
}

#[async_trait]
impl Store for PgStore {
    async fn migrate(&self) -> StoreResult<()> {
        migrate::migrate(&self.sessions).await
    }

    async fn instance(&self) -> StoreResult<String> {
        Ok(self.scalar("SELECT id FROM instance").await?)
    }

    fn pool(&self) -> PoolUse {
        self.sessions.used()
    }

    async fn ping(&self) -> StoreResult<()> {
        let ping = tokio::time::timeout(Duration::from_secs(2), self.scalar::<bool>("SELECT one FROM instance"));
        ping.await.unwrap_or(Err(Fault::TimedOut))?;
        Ok(())
    }

    async fn import_budget(&self, budget: &Budget, now: Timestamp) -> StoreResult<ImportOutcome> {
        Ok(self.sessions.change(budgets::import(&self.sessions, budget, now)).await?)
    }

    async fn set_closed(&self, budget: BudgetId, closed: bool, now: Timestamp) -> StoreResult<bool> {
        Ok(self.sessions.change(budgets::set_closed(&self.sessions, budget, closed, now)).await?)
    }

    async fn budgets(&self) -> StoreResult<Vec<BudgetRecord>> {
        Ok(self.sessions.read(|| budgets::all(&self.sessions)).await?)
    }

    async fn heads(&self) -> StoreResult<Vec<Head>> {
        Ok(self.sessions.read(|| budgets::heads(&self.sessions)).await?)
    }

    async fn commit(&self, batch: &[NewSubmission], now: Timestamp) -> Result<Vec<Outcome>, CommitError> {
        Ok(self.sessions.within(commit::commit(&self.sessions, batch, now)).await?)
    }

    async fn delete(&self, id: SubmissionId, now: Timestamp) -> StoreResult<Deletion> {
        Ok(self.sessions.change(delete::delete(&self.sessions, id, now)).await?)
    }

    async fn forget_tombstones(&self, before: Timestamp) -> StoreResult<u64> {
        Ok(self.sessions.change(delete::forget(&self.sessions, before)).await?)
    }

    async fn lookup(&self, ids: &[SubmissionId]) -> StoreResult<Vec<Option<Lookup>>> {
        Ok(self.sessions.read(|| lookup::lookup(&self.sessions, ids)).await?)
    }

    async fn legacy_results(&self, keys: &[LegacyKey]) -> StoreResult<Vec<Option<SubmissionId>>> {
        Ok(self.sessions.read(|| lookup::legacy_results(&self.sessions, keys)).await?)
    }

    async fn history(&self, participant: Participant, limit: u32) -> StoreResult<Vec<StoredSubmission>> {
        Ok(self.sessions.read(|| lookup::history(&self.sessions, participant, limit)).await?)
    }

    async fn attendance(&self, participant: Participant, budget: BudgetId) -> StoreResult<Attendance> {
        Ok(self.sessions.read(|| lookup::attendance(&self.sessions, participant, budget)).await?)
    }

    async fn total(&self, budget: BudgetId) -> StoreResult<Option<TotalAt>> {
        Ok(self.sessions.read(|| total::total(&self.sessions, budget)).await?)
    }

    async fn total_after(&self, budget: BudgetId, known: TotalAt) -> StoreResult<Option<TotalAt>> {
        Ok(self.sessions.read(|| total::after(&self.sessions, budget, known.clone())).await?)
    }

    async fn summary(&self, budget: BudgetId) -> StoreResult<Option<(Version, Summary)>> {
        Ok(self.sessions.read(|| summary::at_version(&self.sessions, budget)).await?)
    }

    async fn raw_total(&self, budget: BudgetId) -> StoreResult<Option<TotalAt>> {
        Ok(self.sessions.read_many(|| raw::raw_total(&self.sessions, budget)).await?)
    }

    async fn audit(&self, budget: BudgetId, progress: &(dyn Fn(u64) + Sync)) -> StoreResult<Option<Audit>> {
        Ok(self.sessions.read_many(|| scan::audit(&self.sessions, budget, progress)).await?)
    }

    async fn correct(
        &self,
        budget: BudgetId,
        difference: &Summary,
        audited: Version,
        now: Timestamp,
    ) -> StoreResult<Correction> {
        Ok(self.sessions.change(summary::correct(&self.sessions, budget, difference, audited, now)).await?)
    }

    async fn fold(&self, budget: BudgetId, limit: u32) -> StoreResult<u64> {
        Ok(self.sessions.change(fold::fold(&self.sessions, budget, limit)).await?)
    }

    async fn unfolded(&self) -> StoreResult<u64> {
        Ok(self.scalar::<i64>("SELECT count(*) FROM summary_delta").await?.unsigned_abs())
    }

    async fn bulk_insert(&self, budget: BudgetId, batch: Vec<BulkSubmission>, now: Timestamp) -> StoreResult<Version> {
        Ok(self.sessions.change_many(bulk::insert(&self.sessions, budget, batch, now)).await?)
    }

    async fn archivable(&self, budget: BudgetId, before: Month) -> StoreResult<Archivable> {
        Ok(self.sessions.read_many(|| archive::archivable(&self.sessions, budget, before)).await?)
    }

    async fn archive(
        &self,
        budget: BudgetId,
        before: Month,
        after: Option<SubmissionId>,
        limit: u32,
    ) -> StoreResult<Archived> {
        Ok(self.sessions.change_many(archive::archive(&self.sessions, budget, before, after, limit)).await?)
    }

    async fn prepare(&self, now: Timestamp) -> StoreResult<u64> {
        Ok(self.sessions.change(partitions::ensure_ahead(&self.sessions, now)).await?)
    }

    async fn submissions_per_day(&self, budget: BudgetId, days: u32) -> StoreResult<Vec<(Day, u64)>> {
        Ok(self.sessions.read(|| lookup::per_day(&self.sessions, budget, days)).await?)
    }

    async fn bytes_on_disk(&self) -> StoreResult<u64> {
        Ok(self.scalar::<i64>("SELECT pg_database_size(current_database())").await?.unsigned_abs())
    }
}
