//! A database of a test and what to put into it.

use domain::{Allocation, Budget, Category, SubmissionId, Timestamp};
use service::port::{BudgetId, BulkSubmission, NewSubmission, Participant, Store};
use std::path::{Path, PathBuf};
use store_sqlite::SqliteStore;
use tempfile::TempDir;

/// 2026-11-21T10:30:45.006Z.
pub(crate) const NOW: Timestamp = Timestamp::from_millis(1_795_257_045_006);

pub(crate) fn open(file: &Path) -> SqliteStore {
    SqliteStore::open(&file.to_string_lossy()).unwrap()
}

pub(crate) fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

pub(crate) fn file(folder: &TempDir) -> PathBuf {
    folder.path().join("allot.sqlite")
}

/// A budget of ten categories.
pub(crate) async fn budget(store: &SqliteStore) -> BudgetId {
    let category = |n| Category {
        slug: format!("c{n}"),
        name: String::new(),
        description: String::new(),
        color: "#000000".into(),
        actual_points: None,
    };
    let budget = Budget {
        slug: "b".into(),
        title: String::new(),
        currency: "USD".into(),
        categories: (0..10).map(category).collect(),
        actual: None,
        segments: Vec::new(),
        translations: Default::default(),
    };
    store.migrate().await.unwrap();
    store.import_budget(&budget, NOW).await.unwrap();
    store.budgets().await.unwrap()[0].id
}

/// The `n`th id, its time so many milliseconds before now.
pub(crate) fn id(n: u64, before: i64) -> SubmissionId {
    let mut random = [0; 10];
    random[3..].copy_from_slice(&n.to_be_bytes()[1..]);
    SubmissionId::from_parts(Timestamp::from_millis(NOW.as_millis() - before), random)
}

pub(crate) fn submission(budget: BudgetId, n: u64) -> NewSubmission {
    NewSubmission {
        id: id(n, 0),
        budget,
        participant: Some(Participant(n.wrapping_mul(0x9e37_79b9_7f4a_7c15))),
        allocation: Allocation::from_points(&[1000; 10], 10).unwrap(),
        segments: Box::default(),
    }
}

pub(crate) fn rows(range: std::ops::Range<u64>) -> Vec<BulkSubmission> {
    range
        .map(|n| BulkSubmission {
            id: id(n, 1_000_000),
            participant: Some(Participant(n.wrapping_mul(0x9e37_79b9_7f4a_7c15))),
            points: [1000; 10].into(),
            segments: Box::default(),
        })
        .collect()
}

/// The summary is what the submissions say; answers how many count.
pub(crate) async fn exact_people(store: &SqliteStore, budget: BudgetId) -> i64 {
    let audit = store.audit(budget, &|_| {}).await.unwrap().unwrap();
    assert_eq!(audit.summary, audit.raw);
    assert_eq!(audit.wrong_participants, 0);
    store.total(budget).await.unwrap().unwrap().total.people()
}
