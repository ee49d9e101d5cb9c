//! The read path: memory, then summary, then raw. A miss falls to the next tier and fills the ones above;
//! concurrent misses share one load.

mod pace;
mod slot;
mod snapshot;

pub use snapshot::{Snapshot, Tier};

use crate::{
    catalogue::Catalogue,
    port::{BudgetId, Head, Store, StoreError, StoreResult, Version},
};
use arc_swap::ArcSwap;
use slot::Slot;
use std::{collections::HashMap, sync::Arc};

/// The snapshots of all budgets of this process.
pub struct Aggregates {
    store: Arc<dyn Store>,
    slots: ArcSwap<HashMap<BudgetId, Arc<Slot>>>,
}

impl Aggregates {
    /// Holds nothing yet.
    pub fn new(store: Arc<dyn Store>) -> Self {
        Self { store, slots: ArcSwap::default() }
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
        if let Some(snapshot) = slot.fresh(seen) {
            return Ok(Some((snapshot, Tier::Memory)));
        }
        slot.catch_up(&*self.store, seen).await
    }

    /// Brings memory up to the store's heads, including what other processes wrote.
    pub async fn refresh(&self, heads: &[Head]) -> StoreResult<()> {
        let mut failure: Option<StoreError> = None;
        for head in heads {
            let Some(slot) = self.slots.load().get(&head.budget).map(Arc::clone) else { continue };
            if slot.version() < Some(head.version)
                && let Err(error) = slot.catch_up(&*self.store, Some(head.version)).await
            {
                failure = Some(error);
            }
        }
        failure.map_or(Ok(()), Err)
    }

    /// Rebuilds what was acknowledged but not read since, so that the next reader need not wait.
    pub async fn settle(&self) {
        let slots: Vec<_> = self.slots.load().values().map(Arc::clone).collect();
        for slot in slots {
            if slot.is_behind()
                && let Err(error) = slot.catch_up(&*self.store, None).await
            {
                tracing::debug!(%error, "a snapshot could not be rebuilt");
            }
        }
    }
}
