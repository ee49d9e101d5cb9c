//! The port, method by method.

use crate::{
    archive, budgets, bulk, checkpoint, commit, delete, fold, location, lookup, migrate, patience, readers::Readers,
    scan, summary, total, writer::Writer,
};
use async_trait::async_trait;
use domain::{Budget, Day, Month, SubmissionId, Timestamp, summary::Summary};
use service::port::{
    Archivable, Archived, Attendance, Audit, BudgetId, BudgetRecord, BulkSubmission, CommitError, Correction, Deletion,
    Head, ImportOutcome, LegacyKey, Lookup, NewSubmission, Outcome, Participant, PoolUse, Store, StoreError,
    StoreResult, StoredSubmission, TotalAt, Version,
};
use std::{
    path::{Path, PathBuf},
    sync::mpsc,
    time::Duration,
};

/// A database in one SQLite file. Any number of processes may open the same.
pub struct SqliteStore {
    pub(crate) path: PathBuf,
    pub(crate) readers: Readers,
    pub(crate) writer: Writer,
}

impl SqliteStore {
    /// Opens a file path, with or without `sqlite:` or `sqlite://` before it. The file is made by the
    /// migration; its folder must exist.
    ///
    /// # Errors
    /// When the URL names no plain file, or there is no thread to be had.
    pub fn open(url: &str) -> StoreResult<Self> {
        let path = location::file(url)?;
        let writer = Writer::start(path.clone())?;
        checkpoint::start(path.clone(), writer.downgrade())
            .map_err(|error| StoreError::Unavailable(format!("no thread for checkpoints: {error}")))?;
        Ok(Self { readers: Readers::new(path.clone()), writer, path })
    }

    fn file(&self, suffix: &str) -> PathBuf {
        let mut path = self.path.clone().into_os_string();
        path.push(suffix);
        path.into()
    }
}

fn size(path: &Path) -> u64 {
    path.metadata().map_or(0, |file| file.len())
}

#[async_trait]
impl Store for SqliteStore {
    async fn migrate(&self) -> StoreResult<()> {
        migrate::migrate(&self.path).await
    }

    async fn instance(&self) -> StoreResult<String> {
        self.readers.run(|c| Ok(c.query_row("SELECT id FROM instance", [], |row| row.get(0))?)).await
    }

    fn pool(&self) -> PoolUse {
        self.readers.used()
    }

    async fn ping(&self) -> StoreResult<()> {
        self.readers.run(|c| Ok(c.query_row("SELECT 1 FROM instance", [], |_| Ok(()))?)).await
    }

    async fn import_budget(&self, budget: &Budget, now: Timestamp) -> StoreResult<ImportOutcome> {
        let budget = budget.clone();
        self.writer.run(move |t| budgets::import(t, &budget, now)).await
    }

    async fn set_closed(&self, budget: BudgetId, closed: bool, now: Timestamp) -> StoreResult<bool> {
        self.writer.run(move |t| budgets::set_closed(t, budget, closed, now)).await
    }

    async fn budgets(&self) -> StoreResult<Vec<BudgetRecord>> {
        self.readers.run(|c| budgets::all(c)).await
    }

    async fn heads(&self) -> StoreResult<Vec<Head>> {
        self.readers.run(|c| budgets::heads(c)).await
    }

    async fn commit(&self, batch: &[NewSubmission], now: Timestamp) -> Result<Vec<Outcome>, CommitError> {
        let batch = batch.to_vec();
        self.writer.run(move |t| commit::commit(t, &batch, now)).await
    }

    async fn delete(&self, id: SubmissionId, now: Timestamp) -> StoreResult<Deletion> {
        self.writer.run(move |t| delete::delete(t, id, now)).await
    }

    async fn forget_tombstones(&self, before: Timestamp) -> StoreResult<u64> {
        self.writer.run(move |t| delete::forget(t, before)).await
    }

    async fn lookup(&self, ids: &[SubmissionId]) -> StoreResult<Vec<Option<Lookup>>> {
        let ids = ids.to_vec();
        self.readers.run(move |c| lookup::lookup(c, &ids)).await
    }

    async fn legacy_results(&self, keys: &[LegacyKey]) -> StoreResult<Vec<Option<SubmissionId>>> {
        let keys = keys.to_vec();
        self.readers.run(move |c| lookup::legacy_results(c, &keys)).await
    }

    async fn history(&self, participant: Participant, limit: u32) -> StoreResult<Vec<StoredSubmission>> {
        self.readers.run(move |c| lookup::history(c, participant, limit)).await
    }

    async fn attendance(&self, participant: Participant, budget: BudgetId) -> StoreResult<Attendance> {
        self.readers.run(move |c| lookup::attendance(c, participant, budget)).await
    }

    async fn total(&self, budget: BudgetId) -> StoreResult<Option<TotalAt>> {
        self.readers.run(move |c| total::total(c, budget)).await
    }

    async fn total_after(&self, budget: BudgetId, known: TotalAt) -> StoreResult<Option<TotalAt>> {
        self.readers.run(move |c| total::after(c, budget, known)).await
    }

    async fn summary(&self, budget: BudgetId) -> StoreResult<Option<(Version, Summary)>> {
        self.readers
            .run(move |c| {
                let snapshot = c.transaction()?;
                let Some(version) = summary::head(&snapshot, budget)? else { return Ok(None) };
                Ok(Some((version, summary::whole(&snapshot, budget)?)))
            })
            .await
    }

    async fn raw_total(&self, budget: BudgetId) -> StoreResult<Option<TotalAt>> {
        self.readers.run(move |c| scan::raw_total(c, budget)).await
    }

    async fn audit(&self, budget: BudgetId, progress: &(dyn Fn(u64) + Sync)) -> StoreResult<Option<Audit>> {
        // The scan runs on a thread of its own; what it reports is handed over here.
        let (report, reports) = mpsc::channel();
        let scan = self.readers.run(move |c| {
            scan::audit(c, budget, &|rows| {
                let _ = report.send(rows);
            })
        });
        let mut scan = std::pin::pin!(scan);
        loop {
            let done = tokio::time::timeout(Duration::from_millis(100), &mut scan).await;
            reports.try_iter().for_each(progress);
            if let Ok(done) = done {
                return done;
            }
        }
    }

    async fn correct(
        &self,
        budget: BudgetId,
        difference: &Summary,
        audited: Version,
        now: Timestamp,
    ) -> StoreResult<Correction> {
        let difference = difference.clone();
        self.writer.run(move |t| summary::correct(t, budget, &difference, audited, now)).await
    }

    async fn fold(&self, budget: BudgetId, limit: u32) -> StoreResult<u64> {
        // Asking first costs the writer nothing when there is nothing to fold.
        let waiting = self.readers.run(move |c| {
            Ok(c.prepare_cached("SELECT 1 FROM summary_delta WHERE budget = ?1 LIMIT 1")?.exists([budget.0])?)
        });
        if !waiting.await? {
            return Ok(0);
        }
        self.writer.run(move |t| fold::fold(t, budget, limit)).await
    }

    async fn unfolded(&self) -> StoreResult<u64> {
        let count = self
            .readers
            .run(|c| Ok(c.query_row("SELECT count(*) FROM summary_delta", [], |row| row.get::<_, i64>(0))?));
        Ok(count.await?.unsigned_abs())
    }

    async fn bulk_insert(&self, budget: BudgetId, batch: Vec<BulkSubmission>, now: Timestamp) -> StoreResult<Version> {
        let version = self.writer.run(move |t| bulk::insert(t, budget, batch, now)).await;
        tokio::time::sleep(patience::GIVE_WAY).await;
        version
    }

    async fn archivable(&self, budget: BudgetId, before: Month) -> StoreResult<Archivable> {
        self.readers.run(move |c| archive::archivable(c, budget, before)).await
    }

    async fn archive(
        &self,
        budget: BudgetId,
        before: Month,
        after: Option<SubmissionId>,
        limit: u32,
    ) -> StoreResult<Archived> {
        let found = self.readers.run(move |c| archive::candidates(c, budget, before, after, limit)).await?;
        let archived = self.writer.run(move |t| archive::archive(t, budget, before, &found)).await;
        tokio::time::sleep(patience::GIVE_WAY).await;
        archived
    }

    /// Tables here have no months.
    async fn prepare(&self, _now: Timestamp) -> StoreResult<u64> {
        Ok(0)
    }

    async fn submissions_per_day(&self, budget: BudgetId, days: u32) -> StoreResult<Vec<(Day, u64)>> {
        self.readers.run(move |c| lookup::per_day(c, budget, days)).await
    }

    async fn bytes_on_disk(&self) -> StoreResult<u64> {
        Ok(size(&self.path) + size(&self.file("-wal")))
    }
}
