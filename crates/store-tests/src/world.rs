//! One database with a handle and the time of a story.

use crate::{Database, sample};
use domain::Timestamp;
use service::port::{BudgetId, NewSubmission, Outcome, Store};

/// When stories happen: 2026-11-21T10:30:45.006Z.
pub(crate) const NOW: Timestamp = Timestamp::from_millis(1_795_257_045_006);

/// This many milliseconds after (or before) the time of the story.
pub(crate) fn at(millis: i64) -> Timestamp {
    Timestamp::from_millis(NOW.as_millis() + millis)
}

pub(crate) struct World<D: Database> {
    pub(crate) database: D,
    pub(crate) store: D::Store,
    /// Three categories, segments of two and three answers.
    pub(crate) budget: BudgetId,
}

impl<D: Database> World<D> {
    pub(crate) async fn new() -> Self {
        let database = D::create().await;
        let store = database.open().await;
        store.import_budget(&sample::budget("city"), at(-1000)).await.expect("the import works");
        let budget = store.budgets().await.expect("budgets can be read")[0].id;
        Self { database, store, budget }
    }

    pub(crate) async fn another_budget(&self, slug: &str) -> BudgetId {
        self.store.import_budget(&sample::budget(slug), at(-1000)).await.expect("the import works");
        let budgets = self.store.budgets().await.expect("budgets can be read");
        budgets.iter().find(|record| record.budget.slug == slug).expect("it was imported").id
    }

    /// Commits one submission at the time of the story.
    pub(crate) async fn submit(&self, submission: &NewSubmission) -> Outcome {
        self.submit_at(submission, NOW).await
    }

    pub(crate) async fn submit_at(&self, submission: &NewSubmission, now: Timestamp) -> Outcome {
        let outcomes = self.store.commit(std::slice::from_ref(submission), now).await.expect("the commit works");
        assert_eq!(outcomes.len(), 1);
        outcomes[0]
    }

    /// How many people count, by the running totals.
    pub(crate) async fn people(&self) -> i64 {
        self.store.total(self.budget).await.expect("the total can be read").expect("the budget is there").total.people()
    }

    /// Sums of points per category of those who count.
    pub(crate) async fn sums(&self) -> Vec<i64> {
        let total = self.store.total(self.budget).await.expect("the total can be read").expect("the budget is there");
        total.total.categories().iter().map(|category| category.sum).collect()
    }

    /// The summary is what the submissions say, and everybody counts exactly once.
    pub(crate) async fn assert_exact(&self) {
        assert_exact(&self.store).await;
    }
}

/// For every budget: the summary is what the submissions say, and everybody counts exactly once.
pub(crate) async fn assert_exact(store: &(impl Store + ?Sized)) {
    for record in store.budgets().await.expect("budgets can be read") {
        let audit = store.audit(record.id, &|_| {}).await.expect("the audit works").expect("the budget is there");
        assert_eq!(audit.summary, audit.raw, "summary and raw of {}", record.budget.slug);
        assert_eq!(audit.wrong_participants, 0, "participants of {}", record.budget.slug);
        let total = store.total(record.id).await.expect("the total can be read").expect("the budget is there");
        let raw = store.raw_total(record.id).await.expect("the raw total can be read").expect("the budget is there");
        assert_eq!(total, raw, "total of {}", record.budget.slug);
    }
}

/// The version that an outcome of a stored submission tells.
pub(crate) fn version(outcome: Outcome) -> service::port::Version {
    match outcome {
        Outcome::Counted { version } | Outcome::Superseded { version } | Outcome::Replayed { version, .. } => version,
        other => panic!("{other:?} has no version"),
    }
}
