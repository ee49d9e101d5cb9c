//! The bulk path: many submissions that nobody waits for, in one transaction each.

use crate::{
    archive::refuse_archived,
    commit::counted,
    error::Fault,
    summary::{append_correction, head_and_categories, set_head},
};
use domain::Timestamp;
use rusqlite::Transaction;
use service::{
    counting::{Load, Loaded},
    port::{BudgetId, BulkSubmission, StoredSubmission, Version},
};

pub(crate) fn insert(
    transaction: &Transaction<'_>,
    budget: BudgetId,
    batch: Vec<BulkSubmission>,
    now: Timestamp,
) -> Result<Version, Fault> {
    // Rows of participants fall on pages all over the index; with too small a cache each of them is written
    // and read again several times a batch. Whoever loads in bulk has the memory.
    transaction.execute_batch("PRAGMA cache_size = -524288")?;
    let Some((head, categories)) = head_and_categories(transaction, budget)? else {
        return Err(Fault::Refused(format!("there is no budget {}", budget.0)));
    };
    if batch.is_empty() {
        return Ok(head);
    }
    let version = head.next(now);
    let load = Load::new(budget, version, batch, categories).map_err(Fault::Refused)?;
    refuse_deleted(transaction, load.rows())?;
    refuse_archived(transaction, budget, load.rows().iter().map(|row| row.id))?;
    let mut before = Vec::new();
    for participant in load.participants() {
        before.extend(counted(transaction, budget, participant)?);
    }
    let Loaded { rows, uncounted, change } = load.settle(before);
    for row in &uncounted {
        transaction
            .prepare_cached("UPDATE submission SET counted = 0 WHERE id = ?1")?
            .execute([row.id.as_bytes().as_slice()])?;
    }
    for row in &rows {
        crate::commit::insert(transaction, row)?;
    }
    append_correction(transaction, budget, version, &change)?;
    set_head(transaction, budget, version)?;
    Ok(version)
}

/// A deleted id is known too. Mostly there are no tombstones at all.
fn refuse_deleted(transaction: &Transaction<'_>, rows: &[StoredSubmission]) -> Result<(), Fault> {
    if !transaction.prepare_cached("SELECT 1 FROM tombstone LIMIT 1")?.exists([])? {
        return Ok(());
    }
    let mut tombstone = transaction.prepare_cached("SELECT 1 FROM tombstone WHERE id = ?1")?;
    for row in rows {
        if tombstone.exists([row.id.as_bytes().as_slice()])? {
            return Err(Fault::Refused(format!("{} was deleted", row.id)));
        }
    }
    Ok(())
}
