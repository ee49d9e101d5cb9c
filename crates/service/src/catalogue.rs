//! The budgets, held in memory: they change by operators only.

use crate::port::{BudgetId, BudgetRecord};
use std::sync::Arc;

/// The budget that `/` shows, if it exists.
const DEFAULT_BUDGET: &str = "tax-dollars";

/// All budgets at one moment.
#[derive(Clone, Debug, Default)]
pub struct Catalogue {
    budgets: Vec<Arc<BudgetRecord>>,
}

impl Catalogue {
    /// In the store's order.
    #[must_use]
    pub fn new(budgets: Vec<BudgetRecord>) -> Self {
        Self { budgets: budgets.into_iter().map(Arc::new).collect() }
    }

    /// The same budgets, open or closed alike; the versions of their heads don't matter.
    #[must_use]
    pub fn says_the_same(&self, other: &Self) -> bool {
        let mut pairs = self.budgets.iter().zip(&other.budgets);
        self.budgets.len() == other.budgets.len()
            && pairs.all(|(one, other)| one.id == other.id && one.closed == other.closed && one.budget == other.budget)
    }

    /// All, in the order in which they were made.
    #[must_use]
    pub fn all(&self) -> &[Arc<BudgetRecord>] {
        &self.budgets
    }

    /// By slug.
    #[must_use]
    pub fn find(&self, slug: &str) -> Option<&Arc<BudgetRecord>> {
        self.budgets.iter().find(|record| record.budget.slug == slug)
    }

    /// By the store's number.
    #[must_use]
    pub fn by_id(&self, id: BudgetId) -> Option<&Arc<BudgetRecord>> {
        self.budgets.iter().find(|record| record.id == id)
    }

    /// The one that `/` shows: `tax-dollars`, or else the first.
    #[must_use]
    pub fn default_budget(&self) -> Option<&Arc<BudgetRecord>> {
        self.find(DEFAULT_BUDGET).or_else(|| self.budgets.first())
    }
}
