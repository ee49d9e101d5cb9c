//! Budgets and heads.

use crate::{
    error::Fault,
    outbox,
    summary::{head, set_head},
};
use domain::{Budget, Timestamp};
use rusqlite::{Connection, OptionalExtension, Transaction, params};
use service::{
    counting::same_shape,
    jobs::Job,
    port::{BudgetId, BudgetRecord, Head, ImportOutcome, Version},
};

fn parse(definition: &str) -> Result<Budget, Fault> {
    serde_json::from_str(definition).map_err(|error| Fault::damaged(format!("a budget's definition: {error}")))
}

pub(crate) fn all(connection: &Connection) -> Result<Vec<BudgetRecord>, Fault> {
    let mut select = connection.prepare_cached("SELECT id, definition, closed, head FROM budget ORDER BY id")?;
    let mut rows = select.query([])?;
    let mut budgets = Vec::new();
    while let Some(row) = rows.next()? {
        budgets.push(BudgetRecord {
            id: BudgetId(row.get(0)?),
            budget: parse(&row.get::<_, String>(1)?)?,
            closed: row.get(2)?,
            head: Version(row.get(3)?),
        });
    }
    Ok(budgets)
}

pub(crate) fn heads(connection: &Connection) -> Result<Vec<Head>, Fault> {
    let mut select = connection.prepare_cached("SELECT id, head FROM budget")?;
    let rows = select.query_map([], |row| Ok(Head { budget: BudgetId(row.get(0)?), version: Version(row.get(1)?) }))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(crate) fn import(transaction: &Transaction<'_>, budget: &Budget, now: Timestamp) -> Result<ImportOutcome, Fault> {
    let definition = serde_json::to_string(budget).map_err(|error| Fault::Refused(error.to_string()))?;
    let known = transaction
        .query_row("SELECT id, definition, head FROM budget WHERE slug = ?1", [&budget.slug], |row| {
            Ok((row.get::<_, i32>(0)?, row.get::<_, String>(1)?, Version(row.get(2)?)))
        })
        .optional()?;
    let Some((id, old, head)) = known else {
        transaction.execute(
            "INSERT INTO budget (slug, definition, head) VALUES (?1, ?2, ?3)",
            params![budget.slug, definition, Version::default().next(now).0],
        )?;
        outbox::leave(transaction, &Job::warm(&budget.slug))?;
        return Ok(ImportOutcome::Created);
    };
    if old == definition {
        return Ok(ImportOutcome::Unchanged);
    }
    if !same_shape(&parse(&old)?, budget) {
        if has_submissions(transaction, BudgetId(id))? {
            return Ok(ImportOutcome::Frozen);
        }
        // What deleted submissions left adds up to nothing, but over the old categories.
        transaction.execute("DELETE FROM summary_cell WHERE budget = ?1", [id])?;
        transaction.execute("DELETE FROM summary_delta WHERE budget = ?1", [id])?;
    }
    transaction.execute("UPDATE budget SET definition = ?2 WHERE id = ?1", params![id, definition])?;
    set_head(transaction, BudgetId(id), head.next(now))?;
    outbox::leave(transaction, &Job::warm(&budget.slug))?;
    Ok(ImportOutcome::Updated)
}

pub(crate) fn set_closed(
    transaction: &Transaction<'_>,
    budget: BudgetId,
    closed: bool,
    now: Timestamp,
) -> Result<bool, Fault> {
    let Some(head) = head(transaction, budget)? else { return Ok(false) };
    let changed = transaction
        .execute("UPDATE budget SET closed = ?2 WHERE id = ?1 AND closed <> ?2", params![budget.0, closed])?;
    if changed > 0 {
        set_head(transaction, budget, head.next(now))?;
        outbox::leave_for(transaction, budget, Job::warm)?;
    }
    Ok(true)
}

fn has_submissions(transaction: &Transaction<'_>, budget: BudgetId) -> Result<bool, Fault> {
    let any = "SELECT 1 FROM submission WHERE budget = ?1 UNION ALL SELECT 1 FROM archived_cell WHERE budget = ?1";
    Ok(transaction.prepare_cached(any)?.exists([budget.0])?)
}
