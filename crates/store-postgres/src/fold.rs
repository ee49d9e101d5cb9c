//! Folds deltas into the base cells. The sum stays the same, so the version does too.

use crate::{
    error::Fault,
    head,
    session::Sessions,
    summary::{self, CellRow, DeltaRow},
};
use domain::summary::{Cell, CellKey, Summary};
use service::port::BudgetId;
use sqlx::{PgConnection, Row};
use std::collections::BTreeMap;

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
    let mut cells = base(connection, budget, &changes).await?;
    for (key, change) in changes.cells() {
        cells.entry(key).or_insert_with(|| Cell::empty(change.categories().len())).merge(change, 1);
    }
    write(connection, budget, &cells).await?;
    sqlx::query("DELETE FROM summary_delta WHERE budget = $1 AND version <= $2")
        .bind(budget.0)
        .bind(last)
        .execute(connection)
        .await?;
    Ok(rows.len() as u64)
}

/// The stored cells that change.
async fn base(
    connection: &mut PgConnection,
    budget: BudgetId,
    changes: &Summary,
) -> Result<BTreeMap<CellKey, Cell>, Fault> {
    let (kinds, numbers): (Vec<i16>, Vec<i32>) = changes.cells().map(|(key, _)| key.to_parts()).unzip();
    let rows: Vec<CellRow> = sqlx::query_as(
        "SELECT c.kind, c.number, c.cell FROM unnest($2::smallint[], $3::integer[]) AS k(kind, number)
         JOIN summary_cell c ON c.budget = $1 AND c.kind = k.kind AND c.number = k.number",
    )
    .bind(budget.0)
    .bind(kinds)
    .bind(numbers)
    .fetch_all(connection)
    .await?;
    rows.iter().map(summary::cell).collect()
}

async fn write(connection: &mut PgConnection, budget: BudgetId, cells: &BTreeMap<CellKey, Cell>) -> Result<(), Fault> {
    let (empty, full): (Vec<_>, Vec<_>) = cells.iter().partition(|(_, cell)| cell.is_empty());
    let parts = |cells: &[(&CellKey, &Cell)]| cells.iter().map(|(key, _)| key.to_parts()).unzip();
    let (kinds, numbers): (Vec<i16>, Vec<i32>) = parts(&full);
    let bytes: Vec<Vec<u8>> = full.iter().map(|(_, cell)| cell.encode()).collect();
    sqlx::query(
        "INSERT INTO summary_cell (budget, kind, number, cell)
         SELECT $1, kind, number, cell FROM unnest($2::smallint[], $3::integer[], $4::bytea[]) AS n(kind, number, cell)
         ON CONFLICT (budget, kind, number) DO UPDATE SET cell = excluded.cell",
    )
    .bind(budget.0)
    .bind(kinds)
    .bind(numbers)
    .bind(bytes)
    .execute(&mut *connection)
    .await?;
    if !empty.is_empty() {
        let (kinds, numbers): (Vec<i16>, Vec<i32>) = parts(&empty);
        sqlx::query(
            "DELETE FROM summary_cell c USING unnest($2::smallint[], $3::integer[]) AS k(kind, number)
             WHERE c.budget = $1 AND c.kind = k.kind AND c.number = k.number",
        )
        .bind(budget.0)
        .bind(kinds)
        .bind(numbers)
        .execute(connection)
        .await?;
    }
    Ok(())
}
