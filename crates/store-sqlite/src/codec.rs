//! Columns to and from the port's types.

use crate::error::Fault;
use domain::{Allocation, SubmissionId, Timestamp};
use rusqlite::{Connection, Row, params};
use service::port::{BudgetId, NewSubmission, Participant, StoredSubmission, Version};

/// What `read_submission` expects, in this order.
pub(crate) const SUBMISSION: &str = "id, budget, version, counted, participant, effective, points, segments";

pub(crate) fn id(bytes: &[u8]) -> Result<SubmissionId, Fault> {
    let bytes: [u8; 16] = bytes.try_into().map_err(|_| Fault::damaged("an id does not have 16 bytes"))?;
    SubmissionId::from_bytes(bytes).map_err(|_| Fault::damaged("an id is not a UUID v7"))
}

/// SQLite has signed integers only; the bits are kept.
pub(crate) const fn participant(participant: Participant) -> i64 {
    participant.0.cast_signed()
}

pub(crate) fn read_submission(row: &Row<'_>) -> Result<StoredSubmission, Fault> {
    let id = id(row.get_ref(0)?.as_blob().map_err(|_| Fault::damaged("an id is not bytes"))?)?;
    let points = row.get_ref(6)?.as_blob().map_err(|_| Fault::damaged("points are not bytes"))?;
    Ok(StoredSubmission {
        id,
        budget: BudgetId(row.get(1)?),
        version: Version(row.get(2)?),
        counted: row.get(3)?,
        participant: row.get::<_, Option<i64>>(4)?.map(|p| Participant(p.cast_unsigned())),
        effective: row.get::<_, Option<i64>>(5)?.map_or(id.time(), Timestamp::from_millis),
        allocation: Allocation::from_bytes(points)
            .ok_or_else(|| Fault::damaged(format!("the points of {id} are not an allocation")))?,
        segments: row.get::<_, Option<Vec<u8>>>(7)?.unwrap_or_default().into(),
    })
}

/// All submissions of a participant to a budget, in no order.
pub(crate) fn of_participant(
    connection: &Connection,
    budget: BudgetId,
    participant: i64,
) -> Result<Vec<StoredSubmission>, Fault> {
    let mut select = connection
        .prepare_cached(&format!("SELECT {SUBMISSION} FROM submission WHERE participant = ?1 AND budget = ?2"))?;
    let mut rows = select.query(params![participant, budget.0])?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        all.push(read_submission(row)?);
    }
    Ok(all)
}

/// The effective time as stored: nothing when it is the id's.
pub(crate) fn effective(id: SubmissionId, effective: Timestamp) -> Option<i64> {
    (effective != id.time()).then(|| effective.as_millis())
}

/// Nothing when nothing was declared.
pub(crate) fn segments(segments: &[u8]) -> Option<&[u8]> {
    (!segments.is_empty()).then_some(segments)
}

/// A new row as it will be read back.
pub(crate) fn stored(new: &NewSubmission, now: Timestamp, version: Version) -> StoredSubmission {
    StoredSubmission {
        id: new.id,
        budget: new.budget,
        participant: new.participant,
        effective: new.id.effective_time(now),
        version,
        allocation: new.allocation.clone(),
        segments: new.segments.clone(),
        counted: true,
    }
}
