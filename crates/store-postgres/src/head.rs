//! The head rows: locking one orders the commits of all processes.

use crate::{error::Fault, session::Sessions};
use domain::Timestamp;
use service::port::{BudgetId, Version};
use sqlx::{PgConnection, Row, postgres::PgRow};

pub(crate) struct HeadRow {
    pub(crate) version: Version,
    pub(crate) categories: usize,
    pub(crate) closed: bool,
    /// The version of the last correction.
    pub(crate) corrected: Version,
}

fn read(row: &PgRow) -> Result<HeadRow, Fault> {
    Ok(HeadRow {
        version: Version(row.try_get("version")?),
        categories: usize::try_from(row.try_get::<i16, _>("categories")?).unwrap_or_default(),
        closed: row.try_get("closed")?,
        corrected: Version(row.try_get("corrected")?),
    })
}

/// Without a lock.
pub(crate) async fn find(connection: &mut PgConnection, budget: BudgetId) -> Result<Option<HeadRow>, Fault> {
    let row = sqlx::query("SELECT version, categories, closed, corrected FROM head WHERE budget = $1")
        .bind(budget.0)
        .fetch_optional(connection)
        .await?;
    row.as_ref().map(read).transpose()
}

/// Until the end of the open transaction.
pub(crate) async fn lock(connection: &mut PgConnection, budget: BudgetId) -> Result<Option<HeadRow>, Fault> {
    let row = sqlx::query("SELECT version, categories, closed, corrected FROM head WHERE budget = $1 FOR UPDATE")
        .bind(budget.0)
        .fetch_optional(connection)
        .await?;
    row.as_ref().map(read).transpose()
}

/// Locks the head of a budget that must be there.
pub(crate) async fn lock_known(connection: &mut PgConnection, budget: BudgetId) -> Result<HeadRow, Fault> {
    lock(connection, budget).await?.ok_or_else(|| Fault::Refused(format!("there is no budget {}", budget.0)))
}

/// Advances a locked head over `from`; answers the new version.
pub(crate) async fn advance(
    connection: &mut PgConnection,
    budget: BudgetId,
    from: Version,
    now: Timestamp,
) -> Result<Version, Fault> {
    let version = from.next(now);
    sqlx::query("UPDATE head SET version = $2 WHERE budget = $1")
        .bind(budget.0)
        .bind(version.0)
        .execute(connection)
        .await?;
    Ok(version)
}

/// See [`service::port::Transfer::renew_instance`].
pub(crate) async fn renew_all(sessions: &Sessions, now: Timestamp) -> Result<String, Fault> {
    let mut session = sessions.get().await?;
    session.begin().await?;
    let heads: Vec<(i32, i64)> =
        sqlx::query_as("SELECT budget, version FROM head ORDER BY budget FOR UPDATE").fetch_all(&mut *session).await?;
    for (budget, version) in heads {
        advance(&mut session, BudgetId(budget), Version(version), now).await?;
    }
    let renewed = "UPDATE instance SET id = replace(gen_random_uuid()::text, '-', '') RETURNING id";
    let id = sqlx::query_scalar(renewed).fetch_one(&mut *session).await?;
    session.commit().await?;
    Ok(id)
}
