//! The tier `redis`: what another process computed.

use super::{Snapshot, sealed};
use crate::{
    keys::Keys,
    port::{BudgetId, BudgetRecord, Head, SharedResult, SnapshotCache, Store, TotalAt, Version},
};
use std::sync::Arc;

/// What the shared cache has of a budget.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kept {
    Nothing,
    /// Written by a process with our secret, for this budget.
    Whole(Version),
    /// Anything else, under this version.
    Damaged(Version),
}

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

    /// The same, waiting for it. What is in its way, damaged or newer than the database, is discarded.
    pub(super) async fn put(&self, record: &BudgetRecord, snapshot: &Snapshot, store: &dyn Store) -> SharedResult<()> {
        let bytes = sealed::seal(&self.keys, record.id, snapshot.version, &snapshot.total);
        if self.cache.put_if_newer(record.id, snapshot.version, &bytes).await? {
            return Ok(());
        }
        let wrong = match self.look(record).await? {
            Kept::Damaged(version) => version,
            Kept::Whole(version) if version > snapshot.version && !is_of(store, record.id, version).await => version,
            Kept::Whole(_) | Kept::Nothing => return Ok(()),
        };
        self.cache.discard(record.id, wrong).await?;
        self.cache.put_if_newer(record.id, snapshot.version, &bytes).await.map(|_| ())
    }

    /// What is kept of a budget; changes nothing, whatever it is.
    pub(super) async fn look(&self, record: &BudgetRecord) -> SharedResult<Kept> {
        let Some((version, bytes)) = self.cache.get(record.id).await? else { return Ok(Kept::Nothing) };
        let at = sealed::open(&self.keys, record.id, version, &bytes);
        let whole = at.is_some_and(|at| at.total.categories().len() == record.budget.categories.len());
        Ok(if whole { Kept::Whole(version) } else { Kept::Damaged(version) })
    }

    /// See [`SnapshotCache::news`].
    pub(super) async fn news(&self) -> Vec<Head> {
        self.cache.news().await
    }
}

/// Whether the database has this version of a budget; it has when it can't be asked.
async fn is_of(store: &dyn Store, budget: BudgetId, version: Version) -> bool {
    let Ok(heads) = store.heads().await else { return true };
    heads.iter().any(|head| head.budget == budget && head.version >= version)
}
