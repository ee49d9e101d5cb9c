//! All that a database holds, to compare databases.

use domain::Budget;
use service::port::{ExactSubmission, LegacyResult, Part, Tombstone, Transfer};
use std::{path::Path, sync::Arc};
use store_postgres::{Options, PgStore};
use store_sqlite::SqliteStore;
use tokio::{runtime::Runtime, sync::mpsc};

#[derive(Debug, Default, PartialEq)]
pub(crate) struct Everything {
    pub(crate) budgets: Vec<(Budget, bool)>,
    pub(crate) submissions: Vec<ExactSubmission>,
    pub(crate) tombstones: Vec<Tombstone>,
    pub(crate) legacy_results: Vec<LegacyResult>,
}

pub(crate) fn runtime() -> Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
}

/// An address as the program takes it.
pub(crate) fn sqlite(file: &Path) -> String {
    format!("sqlite:{}", file.display())
}

pub(crate) async fn open(url: &str) -> Arc<dyn Transfer> {
    let store: Arc<dyn Transfer> = if url.starts_with("sqlite:") {
        Arc::new(SqliteStore::open(url).unwrap())
    } else {
        Arc::new(PgStore::connect(url, Options::default()).await.unwrap())
    };
    store.migrate().await.unwrap();
    store
}

/// Everything at one moment, after checking that every summary is what the submissions say.
pub(crate) async fn of(store: &Arc<dyn Transfer>) -> Everything {
    let (send, mut parts) = mpsc::channel(2);
    let exporting = Arc::clone(store);
    let export = tokio::spawn(async move { exporting.export(send).await });
    let mut all = Everything::default();
    while let Some(part) = parts.recv().await {
        match part {
            Part::Overview(overview) => {
                all.budgets = overview.budgets.into_iter().map(|record| (record.budget, record.closed)).collect();
            }
            Part::Tombstones(rows) => all.tombstones.extend(rows),
            Part::Submissions(rows) => all.submissions.extend(rows),
            Part::LegacyResults(rows) => all.legacy_results.extend(rows),
        }
    }
    export.await.unwrap().unwrap();
    for record in store.budgets().await.unwrap() {
        let audit = store.audit(record.id, &|_| {}).await.unwrap().unwrap();
        assert_eq!(audit.summary, audit.raw, "{}", record.budget.slug);
        assert_eq!(audit.wrong_participants, 0, "{}", record.budget.slug);
    }
    all
}
