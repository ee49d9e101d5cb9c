//! Columns to and from the port's types.

use crate::error::Fault;
use domain::{Allocation, SubmissionId, Timestamp};
use service::port::{BudgetId, Participant, StoredSubmission, Version};
use sqlx::{Row, postgres::PgRow, types::Uuid};

/// What `read_submission` expects, of a table called `s`.
macro_rules! submission_columns {
    () => {
        "s.id, s.budget, s.version, s.standing < 'a' AS counted, s.participant, s.effective_ms, s.points, s.segments"
    };
}
pub(crate) use submission_columns;

pub(crate) fn uuid(id: SubmissionId) -> Uuid {
    Uuid::from_bytes(*id.as_bytes())
}

pub(crate) fn id(uuid: Uuid) -> Result<SubmissionId, Fault> {
    id_from(uuid.as_bytes())
}

pub(crate) fn id_from(bytes: &[u8]) -> Result<SubmissionId, Fault> {
    let bytes: [u8; 16] = bytes.try_into().map_err(|_| Fault::damaged("an id does not have 16 bytes"))?;
    SubmissionId::from_bytes(bytes).map_err(|_| Fault::damaged("an id is not a UUID v7"))
}

/// PostgreSQL has signed integers only; the bits are kept.
pub(crate) const fn participant(participant: Participant) -> i64 {
    participant.0.cast_signed()
}

pub(crate) fn read_submission(row: &PgRow) -> Result<StoredSubmission, Fault> {
    let id = id(row.try_get("id")?)?;
    Ok(StoredSubmission {
        id,
        budget: BudgetId(row.try_get("budget")?),
        version: Version(row.try_get("version")?),
        counted: row.try_get("counted")?,
        participant: row.try_get::<Option<i64>, _>("participant")?.map(|bits| Participant(bits.cast_unsigned())),
        effective: row.try_get::<Option<i64>, _>("effective_ms")?.map_or(id.time(), Timestamp::from_millis),
        allocation: Allocation::from_bytes(row.try_get("points")?)
            .ok_or_else(|| Fault::damaged(format!("the points of {id} are not an allocation")))?,
        segments: row.try_get::<Option<&[u8]>, _>("segments")?.unwrap_or_default().into(),
    })
}

/// The effective time as stored: nothing when it is the id's.
pub(crate) fn own_time(id: SubmissionId, effective: Timestamp) -> Option<i64> {
    (effective != id.time()).then(|| effective.as_millis())
}

/// Nothing when nothing was declared.
pub(crate) fn segments(segments: &[u8]) -> Option<&[u8]> {
    (!segments.is_empty()).then_some(segments)
}
