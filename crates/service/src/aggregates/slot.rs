//! One budget's newest snapshot, and how it gets newer.

use super::{Snapshot, Tier, pace::Pace};
use crate::port::{BudgetRecord, Store, StoreError, StoreResult, TotalAt, Version};
use arc_swap::ArcSwapOption;
use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::{Duration, Instant},
};
use tokio::{sync::Mutex, time::timeout};

/// How long a load from the summary may take before raw or the old snapshot has to do.
const SUMMARY_PATIENCE: Duration = Duration::from_secs(2);
/// How long the raw computation may take.
const RAW_PATIENCE: Duration = Duration::from_secs(60);

pub(super) struct Slot {
    record: Arc<BudgetRecord>,
    current: ArcSwapOption<Snapshot>,
    /// The newest version that this process has acknowledged to somebody.
    required: AtomicI64,
    loading: Mutex<Pace>,
}

impl Slot {
    pub(super) fn new(record: Arc<BudgetRecord>) -> Self {
        Self {
            record,
            current: ArcSwapOption::empty(),
            required: AtomicI64::new(0),
            loading: Mutex::new(Pace::default()),
        }
    }

    pub(super) fn record(&self) -> &Arc<BudgetRecord> {
        &self.record
    }

    pub(super) fn require(&self, version: Version) {
        self.required.fetch_max(version.0, Ordering::AcqRel);
    }

    pub(super) fn version(&self) -> Option<Version> {
        self.current.load().as_ref().map(|s| s.version)
    }

    pub(super) fn is_behind(&self) -> bool {
        self.version().is_none_or(|v| v.0 < self.required.load(Ordering::Acquire))
    }

    /// The current snapshot if it has all that this reader must get.
    pub(super) fn fresh(&self, seen: Option<Version>) -> Option<Arc<Snapshot>> {
        let needed = self.required.load(Ordering::Acquire).max(seen.map_or(0, |v| v.0));
        let current = self.current.load();
        current.as_ref().filter(|s| s.version.0 >= needed).map(Arc::clone)
    }

    /// Loads a newer snapshot; those who wait for the same load share it.
    pub(super) async fn catch_up(
        &self,
        store: &dyn Store,
        seen: Option<Version>,
    ) -> StoreResult<Option<(Arc<Snapshot>, Tier)>> {
        let mut pace = self.loading.lock().await;
        if let Some(snapshot) = self.fresh(seen) {
            return Ok(Some((snapshot, Tier::Memory)));
        }
        pace.wait().await;
        let started = Instant::now();
        let answer = self.load_and_publish(store, seen).await;
        pace.took(started);
        answer
    }

    async fn load_and_publish(
        &self,
        store: &dyn Store,
        seen: Option<Version>,
    ) -> StoreResult<Option<(Arc<Snapshot>, Tier)>> {
        match self.load(store).await {
            Ok(Some((at, tier))) => Ok(Some(self.publish(at, tier))),
            Ok(None) => Ok(None),
            // Nobody may get an older one than they have seen; everyone else is better served with the last
            // one than with an error.
            Err(error) => match self.current.load_full() {
                Some(snapshot) if seen.is_none_or(|seen| snapshot.version >= seen) => {
                    tracing::warn!(%error, budget = self.record.budget.slug, "answering with the last snapshot");
                    Ok(Some((snapshot, Tier::Memory)))
                }
                _ => Err(error),
            },
        }
    }

    fn publish(&self, at: TotalAt, tier: Tier) -> (Arc<Snapshot>, Tier) {
        if let Some(current) = self.current.load_full()
            && current.version >= at.version
        {
            return (current, tier);
        }
        let snapshot = Arc::new(Snapshot::new(&self.record.budget, at));
        self.current.store(Some(Arc::clone(&snapshot)));
        (snapshot, tier)
    }

    async fn load(&self, store: &dyn Store) -> StoreResult<Option<(TotalAt, Tier)>> {
        let slow = |what: &str| StoreError::Unavailable(format!("{what} took too long"));
        let summary = timeout(SUMMARY_PATIENCE, store.total(self.record.id)).await;
        match summary.unwrap_or_else(|_| Err(slow("reading the summary"))) {
            Ok(at) => Ok(at.map(|at| (at, Tier::Summary))),
            Err(error @ StoreError::Unavailable(_)) => Err(error),
            // The summary can't be read, but the submissions may: they are the truth.
            Err(error) => {
                tracing::error!(%error, budget = self.record.budget.slug, "the summary is unreadable; computing from the submissions");
                let raw = timeout(RAW_PATIENCE, store.raw_total(self.record.id)).await;
                let raw = raw.unwrap_or_else(|_| Err(slow("the raw computation")))?;
                Ok(raw.map(|at| (at, Tier::Raw)))
            }
        }
    }
}
