//! What everyone said.

use domain::{WHOLE, apportion::largest_remainder, dto::AggregateView, summary::Cell};
use service::{
    Allot,
    port::{StoreResult, Version},
};

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

/// The newest aggregate, at least as new as `seen`; `None` = no such budget.
pub(crate) async fn everyone(allot: &Allot, slug: &str, seen: Option<Version>) -> StoreResult<Option<Everyone>> {
    let found = allot.aggregate(slug, seen).await?;
    Ok(found.map(|(snapshot, _)| Everyone { view: snapshot.view.clone(), total: snapshot.total.clone() }))
}
