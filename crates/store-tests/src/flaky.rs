//! A real store behind a bad connection.

use async_trait::async_trait;
use domain::{Budget, Day, Month, SubmissionId, Timestamp, summary::Summary};
use service::port::{
    Archivable, Archived, Attendance, Audit, BudgetId, BudgetRecord, BulkSubmission, CommitError, Correction, Deletion,
    Head, ImportOutcome, LegacyKey, Lookup, NewSubmission, Outcome, Participant, PoolUse, Store, StoreError,
    StoreResult, StoredSubmission, TotalAt, Version,
};
use std::{
    sync::atomic::{AtomicBool, AtomicU64, Ordering},
    time::Duration,
};

/// What happens to one commit, or to another change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It arrives and is answered.
    None,
    /// It never arrives: `Unavailable`.
    Before,
    /// It is made, but the answer is lost: `OutcomeUnknown`.
    After,
}

/// Passes everything on to a real store; the connection breaks before or after some of the changes.
#[derive(Debug)]
pub struct Flaky<S> {
    store: S,
    /// Without one nothing breaks.
    seed: Option<u64>,
    changes: AtomicU64,
    stalled: AtomicBool,
    away: AtomicBool,
    slowness: Duration,
    /// How often a total was read that goes on from none.
    whole_totals: AtomicU64,
}

impl<S> Flaky<S> {
    /// Two of five changes have a fault; the same seed gives the same faults.
    pub fn new(store: S, seed: u64) -> Self {
        Self { seed: Some(seed), ..Self::slow(store, Duration::ZERO) }
    }

    /// Nothing breaks, but the running totals arrive this much later.
    pub fn slow(store: S, slowness: Duration) -> Self {
        Self {
            store,
            seed: None,
            changes: AtomicU64::new(0),
            stalled: AtomicBool::new(false),
            away: AtomicBool::new(false),
            slowness,
            whole_totals: AtomicU64::new(0),
        }
    }

    /// How often a whole total was read, and not what came since another.
    pub fn whole_totals(&self) -> u64 {
        self.whole_totals.load(Ordering::SeqCst)
    }

    /// From now on the running totals are asked for and never come.
    pub fn stall(&self) {
        self.stalled.store(true, Ordering::SeqCst);
    }

    /// Whether no change arrives.
    pub fn be_away(&self, away: bool) {
        self.away.store(away, Ordering::SeqCst);
    }

    fn fault(&self) -> Fault {
        if self.away.load(Ordering::SeqCst) {
            return Fault::Before;
        }
        let Some(seed) = self.seed else { return Fault::None };
        let n = self.changes.fetch_add(1, Ordering::Relaxed);
        // SplitMix64 (Steele, Lea, Flood 2014).
        let mut z = seed.wrapping_add((n + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        match (z ^ (z >> 31)) % 5 {
            0 => Fault::Before,
            1 => Fault::After,
            _ => Fault::None,
        }
    }
}

impl<S: Store> Flaky<S> {
    /// Commits with this fault.
    ///
    /// # Errors
    /// The fault's, or the store's.
    pub async fn commit_with(
        &self,
        fault: Fault,
        batch: &[NewSubmission],
        now: Timestamp,
    ) -> Result<Vec<Outcome>, CommitError> {
        if fault == Fault::Before {
            return Err(StoreError::Unavailable("the connection broke before the commit".into()).into());
        }
        let outcomes = self.store.commit(batch, now).await?;
        if fault == Fault::After {
            return Err(CommitError::OutcomeUnknown("the connection broke after the commit".into()));
        }
        Ok(outcomes)
    }

    /// Not at all while it stalls.
    async fn slowly<T>(&self, read: impl Future<Output = T>) -> T {
        if self.stalled.load(Ordering::SeqCst) {
            return std::future::pending().await;
        }
        let read = read.await;
        if !self.slowness.is_zero() {
            tokio::time::sleep(self.slowness).await;
        }
        read
    }

    /// The store without faults.
    pub fn store(&self) -> &S {
        &self.store
    }

    /// Makes a change of the store with this fault.
    ///
    /// # Errors
    /// The fault's, or the store's.
    pub async fn change_with<T>(&self, fault: Fault, change: impl Future<Output = StoreResult<T>>) -> StoreResult<T> {
        if fault == Fault::Before {
            return Err(StoreError::Unavailable("the connection broke before the change".into()));
        }
        let done = change.await?;
        if fault == Fault::After {
            return Err(StoreError::OutcomeUnknown("the connection broke after the change".into()));
        }
        Ok(done)
    }
}

#[async_trait]
impl<S: Store> Store for Flaky<S> {
    async fn commit(&self, batch: &[NewSubmission], now: Timestamp) -> Result<Vec<Outcome>, CommitError> {
        self.commit_with(self.fault(), batch, now).await
    }

    async fn migrate(&self) -> StoreResult<()> {
        self.store.migrate().await
    }

    async fn instance(&self) -> StoreResult<String> {
        self.store.instance().await
    }

    fn pool(&self) -> PoolUse {
        self.store.pool()
    }

    async fn ping(&self) -> StoreResult<()> {
        self.store.ping().await
    }

    async fn import_budget(&self, budget: &Budget, now: Timestamp) -> StoreResult<ImportOutcome> {
        self.change_with(self.fault(), self.store.import_budget(budget, now)).await
    }

    async fn set_closed(&self, budget: BudgetId, closed: bool, now: Timestamp) -> StoreResult<bool> {
        self.change_with(self.fault(), self.store.set_closed(budget, closed, now)).await
    }

    async fn budgets(&self) -> StoreResult<Vec<BudgetRecord>> {
        self.store.budgets().await
    }

    async fn heads(&self) -> StoreResult<Vec<Head>> {
        self.store.heads().await
    }

    async fn delete(&self, id: SubmissionId, now: Timestamp) -> StoreResult<Deletion> {
        self.change_with(self.fault(), self.store.delete(id, now)).await
    }

    async fn forget_tombstones(&self, before: Timestamp) -> StoreResult<u64> {
        self.change_with(self.fault(), self.store.forget_tombstones(before)).await
    }

    async fn lookup(&self, ids: &[SubmissionId]) -> StoreResult<Vec<Option<Lookup>>> {
        self.store.lookup(ids).await
    }

    async fn legacy_results(&self, keys: &[LegacyKey]) -> StoreResult<Vec<Option<SubmissionId>>> {
        self.store.legacy_results(keys).await
    }

    async fn history(&self, participant: Participant, limit: u32) -> StoreResult<Vec<StoredSubmission>> {
        self.store.history(participant, limit).await
    }

    async fn attendance(&self, participant: Participant, budget: BudgetId) -> StoreResult<Attendance> {
        self.store.attendance(participant, budget).await
    }

    async fn total(&self, budget: BudgetId) -> StoreResult<Option<TotalAt>> {
        self.whole_totals.fetch_add(1, Ordering::SeqCst);
        self.slowly(self.store.total(budget)).await
    }

    async fn total_after(&self, budget: BudgetId, known: TotalAt) -> StoreResult<Option<TotalAt>> {
        self.slowly(self.store.total_after(budget, known)).await
    }

    async fn summary(&self, budget: BudgetId) -> StoreResult<Option<(Version, Summary)>> {
        self.store.summary(budget).await
    }

    async fn raw_total(&self, budget: BudgetId) -> StoreResult<Option<TotalAt>> {
        self.store.raw_total(budget).await
    }

    async fn audit(&self, budget: BudgetId, progress: &(dyn Fn(u64) + Sync)) -> StoreResult<Option<Audit>> {
        self.store.audit(budget, progress).await
    }

    async fn correct(
        &self,
        budget: BudgetId,
        difference: &Summary,
        audited: Version,
        now: Timestamp,
    ) -> StoreResult<Correction> {
        self.change_with(self.fault(), self.store.correct(budget, difference, audited, now)).await
    }

    async fn fold(&self, budget: BudgetId, limit: u32) -> StoreResult<u64> {
        self.change_with(self.fault(), self.store.fold(budget, limit)).await
    }

    async fn unfolded(&self) -> StoreResult<u64> {
        self.store.unfolded().await
    }

    async fn bulk_insert(&self, budget: BudgetId, batch: Vec<BulkSubmission>, now: Timestamp) -> StoreResult<Version> {
        self.change_with(self.fault(), self.store.bulk_insert(budget, batch, now)).await
    }

    async fn archivable(&self, budget: BudgetId, before: Month) -> StoreResult<Archivable> {
        self.store.archivable(budget, before).await
    }

    async fn archive(
        &self,
        budget: BudgetId,
        before: Month,
        after: Option<SubmissionId>,
        limit: u32,
    ) -> StoreResult<Archived> {
        self.change_with(self.fault(), self.store.archive(budget, before, after, limit)).await
    }

    async fn prepare(&self, now: Timestamp) -> StoreResult<u64> {
        self.change_with(self.fault(), self.store.prepare(now)).await
    }

    async fn submissions_per_day(&self, budget: BudgetId, days: u32) -> StoreResult<Vec<(Day, u64)>> {
        self.store.submissions_per_day(budget, days).await
    }

    async fn bytes_on_disk(&self) -> StoreResult<u64> {
        self.store.bytes_on_disk().await
    }
}
