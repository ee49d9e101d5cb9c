//! Jobs that belong to a commit: rows of its transaction, which a worker moves to the queue.

use crate::error::Fault;
use rusqlite::{Connection, params};
use service::{jobs::Job, port::BudgetId};

/// Leaves a job, to be done after the open transaction and only if it is committed.
pub(crate) fn leave(transaction: &Connection, job: &Job) -> Result<(), Fault> {
    transaction.prepare_cached("INSERT INTO job_outbox (job) VALUES (?1)")?.execute([job.to_json()])?;
    Ok(())
}

/// The same for a budget that is known by its number.
pub(crate) fn leave_for(
    transaction: &Connection,
    budget: BudgetId,
    job: impl FnOnce(&str) -> Job,
) -> Result<(), Fault> {
    let mut select = transaction.prepare_cached("SELECT slug FROM budget WHERE id = ?1")?;
    let slug: String = select.query_row(params![budget.0], |row| row.get(0))?;
    leave(transaction, &job(&slug))
}
