//! Deletion: a tombstone, and the participant's next newest counts.

use crate::{
    codec,
    error::Fault,
    summary::{append_delta, head, set_head},
};
use domain::{SubmissionId, Timestamp, summary::Delta};
use rusqlite::{Transaction, params};
use service::port::{Deletion, StoredSubmission};

pub(crate) fn delete(transaction: &Transaction<'_>, id: SubmissionId, now: Timestamp) -> Result<Deletion, Fault> {
    let key = id.as_bytes().as_slice();
    let Some(row) = find(transaction, id)? else {
        let known = transaction.prepare_cached("SELECT 1 FROM tombstone WHERE id = ?1")?.exists([key])?;
        return Ok(if known { Deletion::AlreadyDeleted } else { Deletion::Unknown });
    };
    transaction.prepare_cached("DELETE FROM submission WHERE id = ?1")?.execute([key])?;
    transaction
        .prepare_cached("INSERT INTO tombstone (id, deleted) VALUES (?1, ?2)")?
        .execute(params![key, now.as_millis()])?;
    let mut delta = Delta::default();
    if row.counted {
        delta.minus.push(row.entry());
        if let Some(participant) = row.participant
            && let Some(next) = codec::of_participant(transaction, row.budget, codec::participant(participant))?
                .into_iter()
                .max_by_key(StoredSubmission::rank)
        {
            transaction
                .prepare_cached("UPDATE submission SET counted = 1 WHERE id = ?1")?
                .execute([next.id.as_bytes().as_slice()])?;
            delta.plus.push(next.entry());
        }
    }
    let budget = row.budget;
    let version = head(transaction, budget)?.unwrap_or_default().next(now);
    append_delta(transaction, budget, version, &delta)?;
    set_head(transaction, budget, version)?;
    Ok(Deletion::Deleted { budget, version })
}

pub(crate) fn find(transaction: &Transaction<'_>, id: SubmissionId) -> Result<Option<StoredSubmission>, Fault> {
    let mut select =
        transaction.prepare_cached(&format!("SELECT {} FROM submission WHERE id = ?1", codec::SUBMISSION))?;
    let mut rows = select.query([id.as_bytes().as_slice()])?;
    rows.next()?.map(codec::read_submission).transpose()
}

/// Forgets old tombstones.
pub(crate) fn forget(transaction: &Transaction<'_>, before: Timestamp) -> Result<u64, Fault> {
    let forgotten = transaction.execute("DELETE FROM tombstone WHERE deleted < ?1", [before.as_millis()])?;
    Ok(forgotten as u64)
}
