//! The bulk path: many submissions that nobody waits for, in one transaction each.

use crate::{
    codec,
    commit::counted,
    error::Fault,
    newest::rank,
    summary::{append_correction, head_and_categories, set_head},
};
use domain::{Allocation, Timestamp, summary::Summary};
use rusqlite::Transaction;
use service::port::{BudgetId, BulkSubmission, Participant, StoredSubmission, Version};
use std::collections::{HashMap, hash_map::Entry};

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
    let mut rows = Vec::with_capacity(batch.len());
    for submission in batch {
        rows.push(row(budget, version, submission, categories)?);
    }
    refuse_deleted(transaction, &rows)?;
    let mut change = Summary::default();
    for before in settle(transaction, budget, &mut rows)? {
        transaction
            .prepare_cached("UPDATE submission SET counted = 0 WHERE id = ?1")?
            .execute([before.id.as_bytes().as_slice()])?;
        change.count(&codec::entry(&before), -1);
    }
    for row in &rows {
        crate::commit::insert(transaction, row)?;
        if row.counted {
            change.count(&codec::entry(row), 1);
        }
    }
    append_correction(transaction, budget, version, &change)?;
    set_head(transaction, budget, version)?;
    Ok(version)
}

fn row(budget: BudgetId, version: Version, new: BulkSubmission, categories: usize) -> Result<StoredSubmission, Fault> {
    let allocation = Allocation::from_points(&new.points, categories)
        .map_err(|error| Fault::Refused(format!("{}: {} {}", new.id, error.field, error.message)))?;
    Ok(StoredSubmission {
        id: new.id,
        budget,
        participant: new.participant,
        effective: new.id.time(),
        version,
        allocation,
        segments: new.segments,
        counted: true,
    })
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

/// Marks who counts among the rows; answers the rows from before that no longer do.
fn settle(
    transaction: &Transaction<'_>,
    budget: BudgetId,
    rows: &mut [StoredSubmission],
) -> Result<Vec<StoredSubmission>, Fault> {
    let mut newest: HashMap<Participant, usize> = HashMap::new();
    for at in 0..rows.len() {
        let Some(participant) = rows[at].participant else { continue };
        match newest.entry(participant) {
            Entry::Vacant(first) => {
                first.insert(at);
            }
            Entry::Occupied(mut other) => {
                let (older, newer) =
                    if rank(&rows[*other.get()]) > rank(&rows[at]) { (at, *other.get()) } else { (*other.get(), at) };
                rows[older].counted = false;
                other.insert(newer);
            }
        }
    }
    let mut uncounted = Vec::new();
    for (participant, at) in newest {
        if let Some(before) = counted(transaction, budget, participant)? {
            if rank(&before) > rank(&rows[at]) {
                rows[at].counted = false;
            } else {
                uncounted.push(before);
            }
        }
    }
    Ok(uncounted)
}
