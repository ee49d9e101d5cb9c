//! The bulk path: many submissions that nobody waits for, in one transaction each.

use crate::{
    archive, bulk_rows,
    codec::{self, submission_columns},
    error::Fault,
    head, partitions,
    session::Sessions,
    summary::append_correction,
};
use domain::Timestamp;
use service::{
    counting::{Load, Loaded},
    port::{BudgetId, BulkSubmission, StoredSubmission, Version},
};
use sqlx::{PgConnection, types::Uuid};

pub(crate) async fn insert(
    sessions: &Sessions,
    budget: BudgetId,
    batch: Vec<BulkSubmission>,
    now: Timestamp,
) -> Result<Version, Fault> {
    let mut session = sessions.get().await?;
    let known = head::find(&mut session, budget).await?;
    let Some(known) = known else { return Err(Fault::Refused(format!("there is no budget {}", budget.0))) };
    if batch.is_empty() {
        session.done();
        return Ok(known.version);
    }
    partitions::ensure_for(&mut session, batch.iter().map(|new| new.id)).await?;
    session.begin().await?;
    session.allow(sessions.options().scan_timeout).await?;
    let head = head::lock_known(&mut session, budget).await?;
    let version = head::advance(&mut session, budget, head.version, now).await?;
    let load = Load::new(budget, version, batch, head.categories).map_err(Fault::Refused)?;
    refuse_deleted(&mut session, load.rows()).await?;
    archive::refuse_archived(&mut session, budget, load.rows().iter().map(|row| row.id)).await?;
    let participants = load.participants().map(codec::participant).collect();
    let before = counted(&mut session, budget, participants).await?;
    let Loaded { rows, uncounted, change } = load.settle(before);
    bulk_rows::copy(&mut session, rows.iter().map(|row| (row, row.counted))).await?;
    uncount(&mut session, &uncounted).await?;
    append_correction(&mut session, budget, version, &change).await?;
    session.commit().await?;
    Ok(version)
}

/// A deleted id is known too. Mostly there are no tombstones at all.
async fn refuse_deleted(connection: &mut PgConnection, rows: &[StoredSubmission]) -> Result<(), Fault> {
    let any: bool = sqlx::query_scalar("SELECT EXISTS (SELECT FROM tombstone)").fetch_one(&mut *connection).await?;
    if !any {
        return Ok(());
    }
    let ids: Vec<Uuid> = rows.iter().map(|row| codec::uuid(row.id)).collect();
    let deleted: Option<Uuid> = sqlx::query_scalar("SELECT id FROM tombstone WHERE id = ANY ($1) LIMIT 1")
        .bind(ids)
        .fetch_optional(connection)
        .await?;
    deleted.map_or(Ok(()), |id| Err(Fault::Refused(format!("{id} was deleted"))))
}

/// The counted submissions of these participants.
async fn counted(
    connection: &mut PgConnection,
    budget: BudgetId,
    participants: Vec<i64>,
) -> Result<Vec<StoredSubmission>, Fault> {
    let rows = sqlx::query(concat!(
        "SELECT ",
        submission_columns!(),
        " FROM unnest($2::bigint[]) AS p(participant)
         CROSS JOIN LATERAL (
            SELECT * FROM submission WHERE participant = p.participant AND budget = $1 AND standing < 'a' OFFSET 0) AS s"
    ))
    .bind(budget.0)
    .bind(participants)
    .fetch_all(connection)
    .await?;
    rows.iter().map(codec::read_submission).collect()
}

async fn uncount(connection: &mut PgConnection, rows: &[StoredSubmission]) -> Result<(), Fault> {
    if rows.is_empty() {
        return Ok(());
    }
    let ids: Vec<Uuid> = rows.iter().map(|row| codec::uuid(row.id)).collect();
    sqlx::query(
        "UPDATE submission s SET standing = lower(s.standing::text)::\"char\"
         FROM unnest($1::uuid[]) AS k(id) WHERE s.id = k.id",
    )
    .bind(ids)
    .execute(connection)
    .await?;
    Ok(())
}
