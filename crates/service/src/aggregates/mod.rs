//! The read path: memory, then what other processes shared, then summary, then raw. A miss falls to the next tier
//! and fills the ones above; concurrent misses share one load.

mod loads;
mod pace;
mod sealed;
mod shared_tier;
mod slot;
mod snapshot;

pub use loads::Loads;
#[doc(hidden)]
pub use sealed::opens_as_sealed;
pub(crate) use shared_tier::Kept;
pub use snapshot::{Snapshot, Tier};

use crate::{
    catalogue::Catalogue,
    keys::Keys,
    port::{BudgetId, BudgetRecord, Head, SharedResult, SnapshotCache, Store, StoreError, StoreResult, Version},
};
use arc_swap::ArcSwap;
use shared_tier::SharedTier;
use slot::Slot;
use std::{collections::HashMap, sync::Arc};
use tokio::sync::watch;

/// The snapshots of all budgets of this process.
pub struct Aggregates {
    from: Arc<Sources>,
    slots: ArcSwap<HashMap<BudgetId, Arc<Slot>>>,
}

/// Where snapshots come from when memory has none.
struct Sources {
    store: Arc<dyn Store>,
    shared: Option<SharedTier>,
    loads: Loads,
}

impl Aggregates {
    /// Holds nothing yet.
    pub fn new(store: Arc<dyn Store>, shared: Option<Arc<dyn SnapshotCache>>, keys: &Keys) -> Self {
        let shared = shared.map(|cache| SharedTier::new(cache, keys.clone()));
        Self { from: Arc::new(Sources { store, shared, loads: Loads::default() }), slots: ArcSwap::default() }
    }

    /// How often snapshots were loaded, and from where.
    pub fn loads(&self) -> &Loads {
        &self.from.loads
    }

    /// Tells of every newer snapshot of a budget that this process publishes. It ends when the budget's texts
    /// change; whoever listens asks again. `None` = no such budget.
    pub fn changes(&self, budget: BudgetId) -> Option<watch::Receiver<Version>> {
        Some(self.slots.load().get(&budget)?.changes())
    }

    /// Of every budget: the newest snapshot here, and the newest version that the database is known to have.
    pub(crate) fn versions(&self) -> Vec<(BudgetId, Option<Version>, Version)> {
        self.slots.load().iter().map(|(budget, slot)| (*budget, slot.version(), slot.known_head())).collect()
    }

    /// Waits for news from other processes without keeping this alive; `None` when nobody shares anything.
    pub(crate) fn news(&self) -> Option<impl Future<Output = Vec<Head>> + Send + use<>> {
        let shared = self.from.shared.clone()?;
        Some(async move { shared.news().await })
    }

    /// Takes over what other processes say that they have shared.
    pub(crate) async fn hear(&self, news: &[Head]) {
        for head in news {
            if let Some(slot) = self.slots.load().get(&head.budget).map(Arc::clone) {
                slot.hear(&self.from, head.version).await;
            }
        }
    }

    /// Follows the catalogue: new budgets get a slot, changed ones a new slot, so that texts never mix.
    pub fn follow(&self, catalogue: &Catalogue) {
        let old = self.slots.load();
        let slots = catalogue.all().iter().map(|record| {
            let slot = match old.get(&record.id) {
                Some(slot) if slot.record().budget == record.budget => Arc::clone(slot),
                _ => Arc::new(Slot::new(Arc::clone(record))),
            };
            (record.id, slot)
        });
        let slots = slots.collect();
        self.slots.store(Arc::new(slots));
        // What was acknowledged through the slots before stays so.
        for (budget, slot) in self.slots.load().iter() {
            if let Some(before) = old.get(budget).filter(|before| !Arc::ptr_eq(before, slot)) {
                slot.require(before.required());
                slot.saw_head(before.known_head());
            }
        }
    }

    /// This process has acknowledged `version`: whoever reads from now on gets it.
    pub fn require(&self, budget: BudgetId, version: Version) {
        if let Some(slot) = self.slots.load().get(&budget) {
            slot.require(version);
        }
    }

    /// The memory tier alone; no lock, no wait. `None` = it has nothing as new as it must be.
    pub fn in_memory(&self, budget: BudgetId, seen: Option<Version>) -> Option<Arc<Snapshot>> {
        self.slots.load().get(&budget)?.fresh(seen)
    }

    /// The newest snapshot that the reader may get, and where it came from. `None` = no such budget.
    pub async fn get(&self, budget: BudgetId, seen: Option<Version>) -> StoreResult<Option<(Arc<Snapshot>, Tier)>> {
        let Some(slot) = self.slots.load().get(&budget).map(Arc::clone) else { return Ok(None) };
        if let Some(snapshot) = slot.fresh(seen).or_else(|| slot.last_resort(seen)) {
            return Ok(Some((snapshot, Tier::Memory)));
        }
        slot.catch_up(&self.from, seen).await
    }

    /// Brings memory up to the store's heads, including what other processes wrote.
    pub async fn refresh(&self, heads: &[Head]) -> StoreResult<()> {
        let mut failure: Option<StoreError> = None;
        for head in heads {
            let Some(slot) = self.slots.load().get(&head.budget).map(Arc::clone) else { continue };
            slot.saw_head(head.version);
            if slot.version() < Some(head.version)
                && let Err(error) = slot.renew(&self.from, Some(head.version)).await
            {
                failure = Some(error);
            }
        }
        failure.map_or(Ok(()), Err)
    }

    /// Gives a snapshot to the other processes and waits until they have it, or one as new. Replaces what is damaged,
    /// and what is newer than the database. `None` = nobody shares anything.
    pub(crate) async fn share(&self, record: &BudgetRecord, snapshot: &Snapshot) -> Option<SharedResult<()>> {
        let shared = self.from.shared.as_ref()?;
        Some(shared.put(record, snapshot, &*self.from.store).await)
    }

    /// What the other processes share of a budget, as it is. `None` = nobody shares anything.
    pub(crate) async fn look(&self, record: &BudgetRecord) -> Option<SharedResult<Kept>> {
        Some(self.from.shared.as_ref()?.look(record).await)
    }

    /// Rebuilds what was acknowledged but not read since, so that the next reader need not wait.
    pub async fn settle(&self) {
        let slots: Vec<_> = self.slots.load().values().map(Arc::clone).collect();
        for slot in slots {
            if slot.is_behind()
                && let Err(error) = slot.renew(&self.from, None).await
            {
                tracing::debug!(%error, "a snapshot could not be rebuilt");
            }
        }
    }
}
