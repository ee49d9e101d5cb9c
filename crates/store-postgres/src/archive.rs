//! Archiving: old rows go, and what they counted stays in cells of its own.

use crate::{
    cells,
    codec::{self, submission_columns},
    error::Fault,
    head, outbox,
    session::Sessions,
};
use domain::{Month, SubmissionId, Timestamp, summary::Summary};
use service::{
    jobs::Job,
    port::{Archivable, Archived, ArchivedPart, BudgetId, StoredSubmission},
};
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
    let candidates = candidates(sessions, budget, before, after, limit).await?;
    let mut session = sessions.get().await?;
    session.begin().await?;
    // Whoever changes a row of the budget holds this lock, so that what is read now is what is deleted.
    head::lock_known(&mut session, budget).await?;
    let rows = among(&mut session, &candidates).await?;
    let mut archived = take(&mut session, budget, &rows).await?;
    // Also when all of them have gone meanwhile, there may be more behind them.
    archived.last = candidates.last().map(|id| codec::id(*id)).transpose()?;
    sqlx::query("UPDATE head SET archived_ms = $2 WHERE budget = $1 AND archived_ms < $2")
        .bind(budget.0)
        .bind(before.start().as_millis())
        .execute(&mut *session)
        .await?;
    if archived.counted + archived.superseded > 0 {
        outbox::leave_for(&mut session, budget, Job::verify).await?;
    }
    session.commit().await?;
    Ok(archived)
}

/// The next ids before this month. Read without a lock: a small budget's are found among all those of a large one.
async fn candidates(
    sessions: &Sessions,
    budget: BudgetId,
    before: Month,
    after: Option<SubmissionId>,
    limit: u32,
) -> Result<Vec<Uuid>, Fault> {
    let mut session = sessions.get().await?;
    session.begin_snapshot().await?;
    session.allow(sessions.options().scan_timeout).await?;
    let ids =
        sqlx::query_scalar("SELECT id FROM submission WHERE budget = $1 AND id > $2 AND id < $3 ORDER BY id LIMIT $4")
            .bind(budget.0)
            .bind(after.map_or(Uuid::nil(), codec::uuid))
            .bind(bound(before))
            .bind(i64::from(limit))
            .fetch_all(&mut *session)
            .await?;
    session.end().await?;
    Ok(ids)
}

/// Those of these ids, which are in order, that are still there. The bounds keep it to the partitions of their months.
async fn among(connection: &mut PgConnection, ids: &[Uuid]) -> Result<Vec<StoredSubmission>, Fault> {
    let (Some(first), Some(last)) = (ids.first(), ids.last()) else { return Ok(Vec::new()) };
    let rows = sqlx::query(concat!(
        "SELECT ",
        submission_columns!(),
        " FROM submission s WHERE id = ANY ($1) AND id >= $2 AND id <= $3 ORDER BY id"
    ))
    .bind(ids)
    .bind(first)
    .bind(last)
    .fetch_all(connection)
    .await?;
    rows.iter().map(codec::read_submission).collect()
}

/// Deletes what does not stay of these rows, which are in the order of their ids.
async fn take(connection: &mut PgConnection, budget: BudgetId, rows: &[StoredSubmission]) -> Result<Archived, Fault> {
    let (Some(first), Some(last)) = (rows.first(), rows.last()) else { return Ok(Archived::default()) };
    let mut cells = Summary::default();
    let mut archived = Archived::default();
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

/// All that is archived of a budget.
pub(crate) async fn part(connection: &mut PgConnection, budget: BudgetId) -> Result<ArchivedPart, Fault> {
    let before = archived_before(connection, budget).await?;
    Ok(ArchivedPart { before, cells: cells::ARCHIVED.all(connection, budget).await? })
}

/// Puts another part in the place of all that was archived of a budget, whose head is locked; answers what the cells
/// have more than before.
pub(crate) async fn replace(
    connection: &mut PgConnection,
    budget: BudgetId,
    part: &ArchivedPart,
) -> Result<Summary, Fault> {
    let more = part.cells.difference(&cells::ARCHIVED.all(connection, budget).await?);
    if !more.is_empty() {
        cells::ARCHIVED.add(connection, budget, &more).await?;
    }
    sqlx::query("UPDATE head SET archived_ms = $2 WHERE budget = $1")
        .bind(budget.0)
        .bind(part.before.as_millis())
        .execute(connection)
        .await?;
    Ok(more)
}

/// From when on nothing of a budget is archived.
pub(crate) async fn bound_of(sessions: &Sessions, budget: BudgetId) -> Result<Timestamp, Fault> {
    let mut session = sessions.get().await?;
    let before = archived_before(&mut session, budget).await?;
    session.done();
    Ok(before)
}

async fn archived_before(connection: &mut PgConnection, budget: BudgetId) -> Result<Timestamp, Fault> {
    let before = sqlx::query_scalar("SELECT archived_ms FROM head WHERE budget = $1");
    Ok(Timestamp::from_millis(before.bind(budget.0).fetch_one(connection).await?))
}

/// Refuses ids of which nobody can tell any more whether they are known. The budget's head is locked.
pub(crate) async fn refuse_archived(
    connection: &mut PgConnection,
    budget: BudgetId,
    ids: impl Iterator<Item = SubmissionId>,
) -> Result<(), Fault> {
    let Some(oldest) = ids.min() else { return Ok(()) };
    let archived = archived_before(connection, budget).await?;
    if oldest.time() < archived {
        let before = Month::of(archived.day());
        return Err(Fault::Refused(format!(
            "what was submitted before {before} is archived, and {oldest} is from then"
        )));
    }
    Ok(())
}
