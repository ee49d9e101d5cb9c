//! Folds deltas into the base cells. The sum stays the same, so the version does too.
//!
//! What the cells will be is worked out before the head is locked, because no commit can go on while it is: commits only
//! append deltas, with versions above all that can be read. Whoever else takes deltas away or touches the cells has the
//! lock, and is noticed under it: another fold by the deltas that it took, a correction by the head.

use crate::{
    cells,
    error::Fault,
    head,
    session::Sessions,
    summary::{self, DeltaRow},
};
use domain::summary::Summary;
use service::port::BudgetId;
use sqlx::Row;

pub(crate) async fn fold(sessions: &Sessions, budget: BudgetId, limit: u32) -> Result<u64, Fault> {
    let mut session = sessions.get().await?;
    // Asked first, as mostly there is nothing to fold and one round trip is enough.
    let waiting = sqlx::query_scalar("SELECT EXISTS (SELECT FROM summary_delta WHERE budget = $1)");
    let waiting: bool = waiting.bind(budget.0).fetch_one(&mut *session).await?;
    if !waiting {
        session.done();
        return Ok(0);
    }
    session.begin().await?;
    // One process does the work. It is not this lock that keeps deltas from being folded twice.
    let alone = sqlx::query_scalar("SELECT pg_try_advisory_xact_lock(hashtext('allot: fold'), $1)");
    let alone: bool = alone.bind(budget.0).fetch_one(&mut *session).await?;
    if !alone {
        session.end().await?;
        return Ok(0);
    }
    // Before all that a correction changes.
    let Some(before) = head::find(&mut session, budget).await? else {
        session.end().await?;
        return Ok(0);
    };
    let rows = sqlx::query(
        "SELECT version, plus, minus, correction FROM summary_delta WHERE budget = $1 ORDER BY version LIMIT $2",
    )
    .bind(budget.0)
    .bind(i64::from(limit))
    .fetch_all(&mut *session)
    .await?;
    let Some(last) = rows.last() else {
        session.end().await?;
        return Ok(0);
    };
    let last: i64 = last.try_get(0)?;
    let mut changes = Summary::default();
    for row in &rows {
        let delta: DeltaRow = (row.try_get(1)?, row.try_get(2)?, row.try_get(3)?);
        summary::apply(&mut changes, &delta)?;
    }
    let sum = cells::SUMMARY.sum(&mut session, budget, &changes).await?;

    let now = head::lock_known(&mut session, budget).await?;
    let taken = sqlx::query("DELETE FROM summary_delta WHERE budget = $1 AND version <= $2")
        .bind(budget.0)
        .bind(last)
        .execute(&mut *session)
        .await?;
    let folded = rows.len() as u64;
    if taken.rows_affected() != folded || now.corrected != before.corrected {
        session.roll_back().await?;
        return Ok(0);
    }
    cells::SUMMARY.put(&mut session, budget, &sum).await?;
    session.commit().await?;
    Ok(folded)
}
