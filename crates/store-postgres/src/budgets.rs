//! Budgets and heads.

use crate::{error::Fault, head, outbox, session::Sessions};
use domain::{Budget, Timestamp};
use service::{
    counting::same_shape,
    jobs::Job,
    port::{BudgetId, BudgetRecord, Head, ImportOutcome, Version},
};
use sqlx::PgConnection;

fn parse(definition: &str) -> Result<Budget, Fault> {
    serde_json::from_str(definition).map_err(|error| Fault::damaged(format!("a budget's definition: {error}")))
}

pub(crate) async fn all(sessions: &Sessions) -> Result<Vec<BudgetRecord>, Fault> {
    let mut session = sessions.get().await?;
    let budgets = all_within(&mut session).await?;
    session.done();
    Ok(budgets)
}

/// On this connection, whether or not it has a transaction.
pub(crate) async fn all_within(connection: &mut PgConnection) -> Result<Vec<BudgetRecord>, Fault> {
    let rows: Vec<(i32, String, bool, i64)> = sqlx::query_as(
        "SELECT id, definition, closed, version FROM budget JOIN head ON head.budget = budget.id ORDER BY id",
    )
    .fetch_all(connection)
    .await?;
    let record = |(id, definition, closed, head): (i32, String, bool, i64)| {
        Ok(BudgetRecord { id: BudgetId(id), budget: parse(&definition)?, closed, head: Version(head) })
    };
    rows.into_iter().map(record).collect()
}

pub(crate) async fn heads(sessions: &Sessions) -> Result<Vec<Head>, Fault> {
    let mut session = sessions.get().await?;
    let rows: Vec<(i32, i64)> =
        sqlx::query_as("SELECT budget, version FROM head ORDER BY budget").fetch_all(&mut *session).await?;
    session.done();
    Ok(rows.into_iter().map(|(id, head)| Head { budget: BudgetId(id), version: Version(head) }).collect())
}

pub(crate) async fn import(sessions: &Sessions, budget: &Budget, now: Timestamp) -> Result<ImportOutcome, Fault> {
    let mut session = sessions.get().await?;
    session.begin().await?;
    let outcome = import_within(&mut session, budget, now).await?;
    session.commit().await?;
    Ok(outcome)
}

/// In the open transaction.
pub(crate) async fn import_within(
    connection: &mut PgConnection,
    budget: &Budget,
    now: Timestamp,
) -> Result<ImportOutcome, Fault> {
    let definition = serde_json::to_string(budget).map_err(|error| Fault::Refused(error.to_string()))?;
    let categories = i16::try_from(budget.categories.len())
        .map_err(|_| Fault::Refused("a budget has too many categories".into()))?;
    // Who imports the same slug at the same time waits here until the other one is done.
    let created: Option<i32> = sqlx::query_scalar(
        "INSERT INTO budget (slug, definition) VALUES ($1, $2) ON CONFLICT (slug) DO NOTHING RETURNING id",
    )
    .bind(&budget.slug)
    .bind(&definition)
    .fetch_optional(&mut *connection)
    .await?;
    let Some(id) = created else { return update(connection, budget, &definition, now).await };
    sqlx::query("INSERT INTO head (budget, categories, version) VALUES ($1, $2, $3)")
        .bind(id)
        .bind(categories)
        .bind(Version::default().next(now).0)
        .execute(&mut *connection)
        .await?;
    outbox::leave(connection, &Job::warm(&budget.slug)).await?;
    Ok(ImportOutcome::Created)
}

async fn update(
    connection: &mut PgConnection,
    budget: &Budget,
    definition: &str,
    now: Timestamp,
) -> Result<ImportOutcome, Fault> {
    let id: i32 = sqlx::query_scalar("SELECT id FROM budget WHERE slug = $1")
        .bind(&budget.slug)
        .fetch_one(&mut *connection)
        .await?;
    let head = head::lock_known(connection, BudgetId(id)).await?;
    // Read after the lock, so that it is what the last import wrote.
    let old: String =
        sqlx::query_scalar("SELECT definition FROM budget WHERE id = $1").bind(id).fetch_one(&mut *connection).await?;
    if old == definition {
        return Ok(ImportOutcome::Unchanged);
    }
    if !same_shape(&parse(&old)?, budget) {
        if has_submissions(connection, id).await? {
            return Ok(ImportOutcome::Frozen);
        }
        // What deleted submissions left adds up to nothing, but over the old categories.
        sqlx::query("DELETE FROM summary_cell WHERE budget = $1").bind(id).execute(&mut *connection).await?;
        sqlx::query("DELETE FROM summary_delta WHERE budget = $1").bind(id).execute(&mut *connection).await?;
    }
    sqlx::query("UPDATE budget SET definition = $2 WHERE id = $1")
        .bind(id)
        .bind(definition)
        .execute(&mut *connection)
        .await?;
    sqlx::query("UPDATE head SET categories = $2, version = $3 WHERE budget = $1")
        .bind(id)
        .bind(budget.categories.len() as i16)
        .bind(head.version.next(now).0)
        .execute(&mut *connection)
        .await?;
    outbox::leave(connection, &Job::warm(&budget.slug)).await?;
    Ok(ImportOutcome::Updated)
}

pub(crate) async fn set_closed(
    sessions: &Sessions,
    budget: BudgetId,
    closed: bool,
    now: Timestamp,
) -> Result<bool, Fault> {
    let mut session = sessions.get().await?;
    session.begin().await?;
    let known = set_closed_within(&mut session, budget, closed, now).await?;
    session.commit().await?;
    Ok(known)
}

/// In the open transaction.
pub(crate) async fn set_closed_within(
    connection: &mut PgConnection,
    budget: BudgetId,
    closed: bool,
    now: Timestamp,
) -> Result<bool, Fault> {
    let head = head::lock(connection, budget).await?;
    if let Some(head) = &head
        && head.closed != closed
    {
        sqlx::query("UPDATE head SET closed = $2, version = $3 WHERE budget = $1")
            .bind(budget.0)
            .bind(closed)
            .bind(head.version.next(now).0)
            .execute(&mut *connection)
            .await?;
        outbox::leave_for(connection, budget, Job::warm).await?;
    }
    Ok(head.is_some())
}

async fn has_submissions(connection: &mut PgConnection, budget: i32) -> Result<bool, Fault> {
    let any = sqlx::query_scalar(
        "SELECT EXISTS (SELECT FROM submission WHERE budget = $1)
             OR EXISTS (SELECT FROM archived_cell WHERE budget = $1)",
    );
    Ok(any.bind(budget).fetch_one(connection).await?)
}
