//! Archiving: old rows go, and what they counted stays in cells of its own.

use crate::{
    cells,
    codec::{self, submission_columns},
    error::Fault,
    head,
    session::Sessions,
};
use domain::{Month, SubmissionId, summary::Summary};
use service::port::{Archivable, Archived, BudgetId, StoredSubmission};
use sqlx::{PgConnection, types::Uuid};

/// The lowest id of this month.
fn bound(before: Month) -> Uuid {
    codec::uuid(SubmissionId::from_parts(before.start(), [0; 10]))
}

pub(crate) async fn archivable(sessions: &Sessions, budget: BudgetId, before: Month) -> Result<Archivable, Fault> {
    let mut session = sessions.get().await?;
    session.begin_snapshot().await?;
    session.allow(sessions.options().scan_timeout).await?;
    let (counted, superseded, kept): (i64, i64, i64) = sqlx::query_as(
        "SELECT count(*) FILTER (WHERE standing < 'a' AND participant IS NULL),
            count(*) FILTER (WHERE standing >= 'a'),
            count(*) FILTER (WHERE standing < 'a' AND participant IS NOT NULL)
         FROM submission WHERE budget = $1 AND id < $2",
    )
    .bind(budget.0)
    .bind(bound(before))
    .fetch_one(&mut *session)
    .await?;
    session.end().await?;
    let [counted, superseded, kept] = [counted, superseded, kept].map(i64::unsigned_abs);
    Ok(Archivable { counted, superseded, kept })
}

pub(crate) async fn archive(
    sessions: &Sessions,
    budget: BudgetId,
    before: Month,
    after: Option<SubmissionId>,
    limit: u32,
) -> Result<Archived, Fault> {
    let mut session = sessions.get().await?;
    session.begin().await?;
    // Whoever changes a row of the budget holds this lock, so that what is read now is what is deleted.
    head::lock_known(&mut session, budget).await?;
    let rows = next(&mut session, budget, before, after, limit).await?;
    let archived = take(&mut session, budget, &rows).await?;
    sqlx::query("UPDATE head SET archived_ms = $2 WHERE budget = $1 AND archived_ms < $2")
        .bind(budget.0)
        .bind(before.start().as_millis())
        .execute(&mut *session)
        .await?;
    session.commit().await?;
    Ok(archived)
}

async fn next(
    connection: &mut PgConnection,
    budget: BudgetId,
    before: Month,
    after: Option<SubmissionId>,
    limit: u32,
) -> Result<Vec<StoredSubmission>, Fault> {
    let rows = sqlx::query(concat!(
        "SELECT ",
        submission_columns!(),
        " FROM submission s WHERE budget = $1 AND id > $2 AND id < $3 ORDER BY id LIMIT $4"
    ))
    .bind(budget.0)
    .bind(after.map_or(Uuid::nil(), codec::uuid))
    .bind(bound(before))
    .bind(i64::from(limit))
    .fetch_all(connection)
    .await?;
    rows.iter().map(codec::read_submission).collect()
}

/// Deletes what does not stay of these rows, which are in the order of their ids.
async fn take(connection: &mut PgConnection, budget: BudgetId, rows: &[StoredSubmission]) -> Result<Archived, Fault> {
    let (Some(first), Some(last)) = (rows.first(), rows.last()) else { return Ok(Archived::default()) };
    let mut cells = Summary::default();
    let mut archived = Archived { last: Some(last.id), ..Archived::default() };
    let mut gone = Vec::new();
    for row in rows {
        match (row.counted, row.participant) {
            (true, Some(_)) => continue,
            (true, None) => {
                cells.count(&row.entry(), 1);
                archived.counted += 1;
            }
            (false, _) => archived.superseded += 1,
        }
        gone.push(codec::uuid(row.id));
    }
    if !cells.is_empty() {
        cells::ARCHIVED.add(connection, budget, &cells).await?;
    }
    // The bounds keep it to the partitions of these months.
    sqlx::query("DELETE FROM submission WHERE id = ANY ($1) AND id >= $2 AND id <= $3")
        .bind(gone)
        .bind(codec::uuid(first.id))
        .bind(codec::uuid(last.id))
        .execute(connection)
        .await?;
    Ok(archived)
}

/// Refuses ids of which nobody can tell any more whether they are known. The budget's head is locked.
pub(crate) async fn refuse_archived(
    connection: &mut PgConnection,
    budget: BudgetId,
    ids: impl Iterator<Item = SubmissionId>,
) -> Result<(), Fault> {
    let Some(oldest) = ids.min() else { return Ok(()) };
    let archived = sqlx::query_scalar("SELECT archived_ms FROM head WHERE budget = $1");
    let archived: i64 = archived.bind(budget.0).fetch_one(connection).await?;
    if oldest.time().as_millis() < archived {
        return Err(Fault::Refused(format!("{oldest} is from a month that is archived here")));
    }
    Ok(())
}
