//! What everyone said.

use domain::{WHOLE, apportion::largest_remainder, dto::AggregateView, summary::Cell};
use service::{
    Allot, Snapshot,
    port::{StoreResult, Version},
};
use std::sync::Arc;

/// What everyone said about one budget.
#[derive(Clone, Debug)]
pub(crate) struct Everyone {
    pub view: AggregateView,
    /// The totals that the statistics come from, for percentiles.
    pub total: Cell,
}

impl Everyone {
    /// The mean as an allocation: rounded so that it is exactly 10 000 in all. `None` when nobody submitted.
    pub(crate) fn mean(&self) -> Option<Vec<u16>> {
        let sums: Vec<u64> = self.view.categories.iter().map(|category| category.sum_points).collect();
        (self.view.submissions > 0).then(|| largest_remainder(&sums, WHOLE))
    }
}

impl From<&Snapshot> for Everyone {
    fn from(snapshot: &Snapshot) -> Self {
        Self { view: snapshot.view.clone(), total: snapshot.total.clone() }
    }
}

/// The newest snapshot, at least as new as `seen`; `None` = no such budget.
pub(crate) async fn newest(allot: &Allot, slug: &str, seen: Option<Version>) -> StoreResult<Option<Arc<Snapshot>>> {
    Ok(allot.aggregate(slug, seen).await?.map(|(snapshot, _)| snapshot))
}

/// The newest aggregate, at least as new as `seen`; `None` = no such budget.
pub(crate) async fn everyone(allot: &Allot, slug: &str, seen: Option<Version>) -> StoreResult<Option<Everyone>> {
    Ok(newest(allot, slug, seen).await?.map(|snapshot| Everyone::from(&*snapshot)))
}
