//! Jobs that belong to a commit: rows of its transaction, which a worker moves to the queue.

use crate::error::Fault;
use service::{jobs::Job, port::BudgetId};
use sqlx::PgConnection;

/// Leaves a job, to be done after the open transaction and only if it is committed.
pub(crate) async fn leave(transaction: &mut PgConnection, job: &Job) -> Result<(), Fault> {
    sqlx::query("INSERT INTO job_outbox (job) VALUES ($1)").bind(job.to_json()).execute(transaction).await?;
    Ok(())
}

/// The same for a budget that is known by its number.
pub(crate) async fn leave_for(
    transaction: &mut PgConnection,
    budget: BudgetId,
    job: impl FnOnce(&str) -> Job,
) -> Result<(), Fault> {
    let slug = sqlx::query_scalar("SELECT slug FROM budget WHERE id = $1").bind(budget.0);
    let slug: String = slug.fetch_one(&mut *transaction).await?;
    leave(transaction, &job(&slug)).await
}
