//! The bulk path: many submissions that nobody waits for, in one transaction each.

use crate::{
    codec,
    commit::counted,
    error::Fault,
    newest::rank,
    summary::{append_correction, head, set_head},
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
    let version = head(transaction, budget)?.ok_or_else(|| Fault::damaged("there is no such budget"))?.next(now);
    let mut rows = Vec::with_capacity(batch.len());
    for submission in batch {
        rows.push(row(budget, version, submission)?);
    }
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

fn row(budget: BudgetId, version: Version, new: BulkSubmission) -> Result<StoredSubmission, Fault> {
    let allocation = Allocation::from_points(&new.points, new.points.len())
        .map_err(|error| Fault::damaged(format!("{}: {} {}", new.id, error.field, error.message)))?;
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
