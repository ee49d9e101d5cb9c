//! Who takes part, and submissions of a span of time.

use crate::{codec, error::Fault};
use domain::{SubmissionId, Timestamp};
use rusqlite::{Connection, params};
use service::port::{Between, BudgetId, Participation, StoredSubmission};

pub(super) fn of(connection: &mut Connection, budget: BudgetId) -> Result<Participation, Fault> {
    let count = |number: i64| number.unsigned_abs();
    let snapshot = connection.transaction()?;
    let (submissions, without) = snapshot.query_row(
        "SELECT count(*), count(*) FILTER (WHERE participant IS NULL) FROM submission WHERE budget = ?1",
        [budget.0],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    let (participants, returning) = snapshot.query_row(
        "SELECT count(*), count(*) FILTER (WHERE times > 1) FROM
            (SELECT count(*) AS times FROM submission WHERE participant IS NOT NULL AND budget = ?1 GROUP BY participant)",
        [budget.0],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    Ok(Participation {
        submissions: count(submissions),
        without_participant: count(without),
        participants: count(participants),
        returning: count(returning),
    })
}

/// Ids begin with their time, so this reads one range of the primary key.
pub(super) fn between(connection: &Connection, span: &Between) -> Result<Vec<StoredSubmission>, Fault> {
    let bound = |time: Timestamp| SubmissionId::from_parts(time.max(Timestamp::from_millis(0)), [0; 10]);
    let mut select = connection.prepare_cached(&format!(
        "SELECT {} FROM submission WHERE id >= ?1 AND id < ?2 AND (?3 IS NULL OR budget = ?3) ORDER BY id LIMIT ?4",
        codec::SUBMISSION
    ))?;
    let (from, to) = (bound(span.from), bound(span.to));
    let budget = span.budget.map(|budget| budget.0);
    let mut rows = select.query(params![from.as_bytes().as_slice(), to.as_bytes().as_slice(), budget, span.limit])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(codec::read_submission(row)?);
    }
    Ok(found)
}
