//! The tier `redis`: what another process computed.

use super::{Snapshot, sealed};
use crate::{
    keys::Keys,
    port::{BudgetId, BudgetRecord, Head, SnapshotCache, TotalAt, Version},
};
use std::sync::Arc;

/// The shared cache, and how its bytes are checked.
#[derive(Clone)]
pub(super) struct SharedTier {
    cache: Arc<dyn SnapshotCache>,
    keys: Keys,
}

impl SharedTier {
    pub(super) fn new(cache: Arc<dyn SnapshotCache>, keys: Keys) -> Self {
        Self { cache, keys }
    }

    /// The snapshot of a budget as some process of ours wrote it. Whether it is as new as it should be, and not
    /// newer than the database, is the caller's to judge.
    pub(super) async fn get(&self, record: &BudgetRecord) -> Option<TotalAt> {
        // Being away is logged once, where it is noticed.
        let (version, bytes) = self.cache.get(record.id).await.ok()??;
        let at = sealed::open(&self.keys, record.id, version, &bytes);
        let at = at.filter(|at| at.total.categories().len() == record.budget.categories.len());
        if at.is_none() {
            tracing::warn!(budget = record.budget.slug, "a shared snapshot is not ours or damaged; it is discarded");
            self.discard(record.id, version).await;
        }
        at
    }

    /// Removes what proved wrong, so that the next process need not find out again.
    pub(super) async fn discard(&self, budget: BudgetId, version: Version) {
        let _ = self.cache.discard(budget, version).await;
    }

    /// Gives a snapshot to the other processes. Nobody waits for it.
    pub(super) fn give(&self, budget: BudgetId, snapshot: Arc<Snapshot>) {
        let Self { cache, keys } = self.clone();
        tokio::spawn(async move {
            let bytes = sealed::seal(&keys, budget, snapshot.version, &snapshot.total);
            let _ = cache.put_if_newer(budget, snapshot.version, &bytes).await;
        });
    }

    /// See [`SnapshotCache::news`].
    pub(super) async fn news(&self) -> Vec<Head> {
        self.cache.news().await
    }
}
