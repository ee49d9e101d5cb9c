//! Deletion: a tombstone, and the participant's next newest counts.

use crate::{
    codec::{self, submission_columns},
    error::Fault,
    head,
    session::Sessions,
    summary::append_delta,
};
use domain::{SubmissionId, Timestamp};
use service::port::{BudgetId, Deletion, StoredSubmission};
use sqlx::PgConnection;

pub(crate) async fn delete(sessions: &Sessions, id: SubmissionId, now: Timestamp) -> Result<Deletion, Fault> {
    let mut session = sessions.get().await?;
    session.begin().await?;
    let deletion = match budget_of(&mut session, id).await? {
        Some(budget) => locked(&mut session, budget, id, now).await?,
        None => absent(&mut session, id).await?,
    };
    session.commit().await?;
    Ok(deletion)
}

async fn budget_of(connection: &mut PgConnection, id: SubmissionId) -> Result<Option<BudgetId>, Fault> {
    let budget = sqlx::query_scalar("SELECT budget FROM submission WHERE id = $1");
    Ok(budget.bind(codec::uuid(id)).fetch_optional(connection).await?.map(BudgetId))
}

async fn absent(connection: &mut PgConnection, id: SubmissionId) -> Result<Deletion, Fault> {
    let known = sqlx::query_scalar("SELECT EXISTS (SELECT FROM tombstone WHERE id = $1)");
    let known = known.bind(codec::uuid(id)).fetch_one(connection).await?;
    Ok(if known { Deletion::AlreadyDeleted } else { Deletion::Unknown })
}

async fn locked(
    connection: &mut PgConnection,
    budget: BudgetId,
    id: SubmissionId,
    now: Timestamp,
) -> Result<Deletion, Fault> {
    let head = head::lock_known(connection, budget).await?;
    // Whether it counts is known only now that nobody else can change it; it may even be gone.
    let row = sqlx::query(concat!("DELETE FROM submission s WHERE s.id = $1 RETURNING ", submission_columns!()))
        .bind(codec::uuid(id))
        .fetch_optional(&mut *connection)
        .await?;
    let Some(row) = row else { return absent(connection, id).await };
    let row = codec::read_submission(&row)?;
    sqlx::query(
        "INSERT INTO tombstone (id, deleted_ms) VALUES ($1, $2)
         ON CONFLICT (id) DO UPDATE SET deleted_ms = excluded.deleted_ms",
    )
    .bind(codec::uuid(id))
    .bind(now.as_millis())
    .execute(&mut *connection)
    .await?;
    let next = if row.counted { promote_next(connection, &row).await? } else { None };
    let version = head::advance(connection, budget, head.version, now).await?;
    if row.counted {
        append_delta(connection, budget, version, next.as_ref(), &row).await?;
    }
    Ok(Deletion::Deleted { budget, version })
}

/// The newest of those that are left counts.
async fn promote_next(
    connection: &mut PgConnection,
    deleted: &StoredSubmission,
) -> Result<Option<StoredSubmission>, Fault> {
    let Some(participant) = deleted.participant else { return Ok(None) };
    let row = sqlx::query(concat!(
        "UPDATE submission s SET standing = upper(s.standing::text)::\"char\" WHERE s.id = (
            SELECT id FROM submission WHERE participant = $1 AND budget = $2
            ORDER BY coalesce(effective_ms, id_ms(id)) DESC, version DESC, id DESC LIMIT 1)
         RETURNING ",
        submission_columns!()
    ))
    .bind(codec::participant(participant))
    .bind(deleted.budget.0)
    .fetch_optional(connection)
    .await?;
    row.as_ref().map(codec::read_submission).transpose()
}

/// Forgets old tombstones.
pub(crate) async fn forget(sessions: &Sessions, before: Timestamp) -> Result<u64, Fault> {
    let mut session = sessions.get().await?;
    let forgotten = sqlx::query("DELETE FROM tombstone WHERE deleted_ms < $1")
        .bind(before.as_millis())
        .execute(&mut *session)
        .await
        .map_err(Fault::of_a_change)?;
    session.done();
    Ok(forgotten.rows_affected())
}
