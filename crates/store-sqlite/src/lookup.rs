//! Reading single submissions.

use crate::{codec, commit, error::Fault};
use domain::{Day, SubmissionId, Timestamp};
use rusqlite::{Connection, OptionalExtension, params};
use service::port::{Attendance, BudgetId, LegacyKey, Lookup, Participant, StoredSubmission};

pub(crate) fn lookup(connection: &Connection, ids: &[SubmissionId]) -> Result<Vec<Option<Lookup>>, Fault> {
    let mut select =
        connection.prepare_cached(&format!("SELECT {} FROM submission WHERE id = ?1", codec::SUBMISSION))?;
    let mut tombstone = connection.prepare_cached("SELECT 1 FROM tombstone WHERE id = ?1")?;
    let mut found = Vec::with_capacity(ids.len());
    for id in ids {
        let key = [id.as_bytes().as_slice()];
        let row = select.query(key)?.next()?.map(codec::read_submission).transpose()?;
        found.push(match row {
            Some(row) => Some(Lookup::Found(Box::new(row))),
            None => tombstone.exists(key)?.then_some(Lookup::Deleted),
        });
    }
    Ok(found)
}

/// Where results of another application are now.
pub(crate) fn legacy_results(connection: &Connection, keys: &[LegacyKey]) -> Result<Vec<Option<SubmissionId>>, Fault> {
    let mut select = connection.prepare_cached("SELECT id FROM legacy_result WHERE key = ?1")?;
    let mut found = Vec::with_capacity(keys.len());
    for key in keys {
        let id: Option<Vec<u8>> = select.query_row([key.0.as_slice()], |row| row.get(0)).optional()?;
        found.push(id.map(|id| codec::id(&id)).transpose()?);
    }
    Ok(found)
}

/// Newest first by what decides which one counts.
pub(crate) fn history(
    connection: &Connection,
    participant: Participant,
    limit: u32,
) -> Result<Vec<StoredSubmission>, Fault> {
    let mut select =
        connection.prepare_cached(&format!("SELECT {} FROM submission WHERE participant = ?1", codec::SUBMISSION))?;
    let mut rows = select.query([codec::participant(participant)])?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        all.push(codec::read_submission(row)?);
    }
    all.sort_unstable_by_key(|row| std::cmp::Reverse(row.rank()));
    all.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    Ok(all)
}

/// The index alone tells how many there are.
pub(crate) fn attendance(
    connection: &Connection,
    participant: Participant,
    budget: BudgetId,
) -> Result<Attendance, Fault> {
    let mut count = connection.prepare_cached("SELECT count(*) FROM submission WHERE participant = ?1")?;
    let submissions: i64 = count.query_row([codec::participant(participant)], |row| row.get(0))?;
    let counted = commit::counted(connection, budget, participant)?;
    Ok(Attendance { submissions: submissions.unsigned_abs(), counted })
}

/// Submissions of the newest `days` days that have any, counted or not. Ids begin with their time, so this
/// reads one range of the primary key; what was sent with a future id is on the day of its commit.
pub(crate) fn per_day(connection: &Connection, budget: BudgetId, days: u32) -> Result<Vec<(Day, u64)>, Fault> {
    let newest: Option<Vec<u8>> = connection.query_row("SELECT max(id) FROM submission", [], |row| row.get(0))?;
    let Some(newest) = newest else { return Ok(Vec::new()) };
    let from = codec::id(&newest)?.time().plus_days(-i64::from(days));
    let from = SubmissionId::from_parts(from.max(Timestamp::from_millis(0)), [0; 10]);
    let mut select =
        connection.prepare_cached("SELECT id, effective FROM submission WHERE id >= ?1 AND budget = ?2")?;
    let mut rows = select.query(params![from.as_bytes().as_slice(), budget.0])?;
    let mut counts = std::collections::BTreeMap::new();
    while let Some(row) = rows.next()? {
        let id = codec::id(row.get_ref(0)?.as_blob().map_err(|_| Fault::damaged("an id is not bytes"))?)?;
        let at = row.get::<_, Option<i64>>(1)?.map_or(id.time(), Timestamp::from_millis);
        *counts.entry(at.day()).or_insert(0) += 1;
    }
    let skip = counts.len().saturating_sub(days as usize);
    Ok(counts.into_iter().skip(skip).collect())
}
