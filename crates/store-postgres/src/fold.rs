//! Folds deltas into the base cells. The sum stays the same, so the version does too.

use crate::{
    cells,
    error::Fault,
    head,
    session::Sessions,
    summary::{self, DeltaRow},
};
use domain::summary::Summary;
use service::port::BudgetId;
use sqlx::{PgConnection, Row};

pub(crate) async fn fold(sessions: &Sessions, budget: BudgetId, limit: u32) -> Result<u64, Fault> {
    let mut session = sessions.get().await?;
    // Asking first costs the commits nothing when there is nothing to fold.
    let waiting = sqlx::query_scalar("SELECT EXISTS (SELECT FROM summary_delta WHERE budget = $1)");
    let waiting: bool = waiting.bind(budget.0).fetch_one(&mut *session).await?;
    if !waiting {
        session.done();
        return Ok(0);
    }
    session.begin().await?;
    head::lock(&mut session, budget).await?;
    let folded = locked(&mut session, budget, limit).await?;
    session.commit().await?;
    Ok(folded)
}

async fn locked(connection: &mut PgConnection, budget: BudgetId, limit: u32) -> Result<u64, Fault> {
    let rows = sqlx::query(
        "SELECT version, plus, minus, correction FROM summary_delta WHERE budget = $1 ORDER BY version LIMIT $2",
    )
    .bind(budget.0)
    .bind(i64::from(limit))
    .fetch_all(&mut *connection)
    .await?;
    let Some(last) = rows.last() else { return Ok(0) };
    let last: i64 = last.try_get(0)?;
    let mut changes = Summary::default();
    for row in &rows {
        let delta: DeltaRow = (row.try_get(1)?, row.try_get(2)?, row.try_get(3)?);
        summary::apply(&mut changes, &delta)?;
    }
    cells::SUMMARY.add(connection, budget, &changes).await?;
    sqlx::query("DELETE FROM summary_delta WHERE budget = $1 AND version <= $2")
        .bind(budget.0)
        .bind(last)
        .execute(connection)
        .await?;
    Ok(rows.len() as u64)
}
