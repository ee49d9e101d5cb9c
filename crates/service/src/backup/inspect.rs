//! What a database of a backup holds, added up anew.

use super::{BackupError, Progress, Step};
use crate::{
    audit::{Verification, verification},
    moving::Cursor,
    port::{Overview, StoreResult, Transfer},
};
use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

pub(super) struct Inspected {
    pub(super) overview: Overview,
    pub(super) tombstones: u64,
    /// Of every budget.
    pub(super) found: Vec<Verification>,
}

impl Inspected {
    pub(super) fn is_exact(&self) -> bool {
        self.found.iter().all(Verification::is_exact)
    }
}

pub(super) async fn inspect(store: &Arc<dyn Transfer>, progress: Progress<'_>) -> Result<Inspected, BackupError> {
    let mut cursor = Cursor::over(store);
    let overview = cursor.overview().await?;
    let mut tombstones = 0;
    loop {
        let page = cursor.tombstones().await?;
        if page.is_empty() {
            break;
        }
        tombstones += page.len() as u64;
    }
    drop(cursor);
    let found = audits(store, progress).await?;
    Ok(Inspected { overview, tombstones, found })
}

/// Every total against every submission.
pub(super) async fn audits(store: &Arc<dyn Transfer>, progress: Progress<'_>) -> StoreResult<Vec<Verification>> {
    let (mut found, mut before) = (Vec::new(), 0);
    for record in store.budgets().await? {
        let read = AtomicU64::new(0);
        let report = |rows| {
            read.store(rows, Ordering::Relaxed);
            progress(Step::Checking(before + rows));
        };
        let audit = store.audit(record.id, &report).await?;
        before += read.into_inner();
        found.extend(audit.map(|audit| verification(&record.budget, &audit)));
    }
    Ok(found)
}
