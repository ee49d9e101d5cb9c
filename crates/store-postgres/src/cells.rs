//! The two tables of cells: of the summary, and of what was archived.

use crate::{error::Fault, summary::damaged};
use domain::summary::{Cell, CellKey, Summary};
use service::port::BudgetId;
use sqlx::PgConnection;
use std::collections::BTreeMap;

/// `kind`, `number`, `cell`.
type CellRow = (i16, i32, Vec<u8>);

fn cell((kind, number, bytes): &CellRow) -> Result<(CellKey, Cell), Fault> {
    Ok((CellKey::from_parts(*kind, *number).map_err(damaged)?, Cell::decode(bytes).map_err(damaged)?))
}

/// One table's statements.
pub(crate) struct Cells {
    all: &'static str,
    some: &'static str,
    write: &'static str,
    remove: &'static str,
}

macro_rules! cells_of {
    ($table:literal) => {
        Cells {
            all: concat!("SELECT kind, number, cell FROM ", $table, " WHERE budget = $1"),
            some: concat!(
                "SELECT c.kind, c.number, c.cell FROM unnest($2::smallint[], $3::integer[]) AS k(kind, number) JOIN ",
                $table,
                " c ON c.budget = $1 AND c.kind = k.kind AND c.number = k.number"
            ),
            write: concat!(
                "INSERT INTO ",
                $table,
                " (budget, kind, number, cell) SELECT $1, kind, number, cell
                  FROM unnest($2::smallint[], $3::integer[], $4::bytea[]) AS n(kind, number, cell)
                  ON CONFLICT (budget, kind, number) DO UPDATE SET cell = excluded.cell"
            ),
            remove: concat!(
                "DELETE FROM ",
                $table,
                " c USING unnest($2::smallint[], $3::integer[]) AS k(kind, number)
                  WHERE c.budget = $1 AND c.kind = k.kind AND c.number = k.number"
            ),
        }
    };
}

pub(crate) const SUMMARY: Cells = cells_of!("summary_cell");
pub(crate) const ARCHIVED: Cells = cells_of!("archived_cell");

impl Cells {
    /// All cells of a budget.
    pub(crate) async fn all(&self, connection: &mut PgConnection, budget: BudgetId) -> Result<Summary, Fault> {
        let rows: Vec<CellRow> = sqlx::query_as(self.all).bind(budget.0).fetch_all(connection).await?;
        let mut summary = Summary::default();
        for row in &rows {
            let (key, cell) = cell(row)?;
            summary.merge_cell(key, &cell, 1);
        }
        Ok(summary)
    }

    /// The cells that can be read, and kind and number of those that can't.
    pub(crate) async fn readable(
        &self,
        connection: &mut PgConnection,
        budget: BudgetId,
    ) -> Result<(Summary, Vec<(i16, i32)>), Fault> {
        let rows: Vec<CellRow> = sqlx::query_as(self.all).bind(budget.0).fetch_all(connection).await?;
        let (mut summary, mut damaged) = (Summary::default(), Vec::new());
        for row in &rows {
            match cell(row) {
                Ok((key, cell)) => summary.merge_cell(key, &cell, 1),
                Err(_) => damaged.push((row.0, row.1)),
            }
        }
        Ok((summary, damaged))
    }

    /// Takes cells away by kind and number.
    pub(crate) async fn remove(
        &self,
        connection: &mut PgConnection,
        budget: BudgetId,
        cells: impl Iterator<Item = (i16, i32)>,
    ) -> Result<(), Fault> {
        let (kinds, numbers): (Vec<i16>, Vec<i32>) = cells.unzip();
        if !kinds.is_empty() {
            sqlx::query(self.remove).bind(budget.0).bind(kinds).bind(numbers).execute(connection).await?;
        }
        Ok(())
    }

    /// The stored cells with these keys.
    pub(crate) async fn some(
        &self,
        connection: &mut PgConnection,
        budget: BudgetId,
        keys: impl Iterator<Item = CellKey>,
    ) -> Result<BTreeMap<CellKey, Cell>, Fault> {
        let (kinds, numbers): (Vec<i16>, Vec<i32>) = keys.map(CellKey::to_parts).unzip();
        let rows: Vec<CellRow> =
            sqlx::query_as(self.some).bind(budget.0).bind(kinds).bind(numbers).fetch_all(connection).await?;
        rows.iter().map(cell).collect()
    }

    /// Adds to the stored cells; the budget's head is locked.
    pub(crate) async fn add(
        &self,
        connection: &mut PgConnection,
        budget: BudgetId,
        changes: &Summary,
    ) -> Result<(), Fault> {
        let sum = self.sum(connection, budget, changes).await?;
        self.put(connection, budget, &sum).await
    }

    /// What the stored cells would be with these changes: those that change.
    pub(crate) async fn sum(
        &self,
        connection: &mut PgConnection,
        budget: BudgetId,
        changes: &Summary,
    ) -> Result<Changed, Fault> {
        let mut cells = self.some(connection, budget, changes.cells().map(|(key, _)| key)).await?;
        for (key, change) in changes.cells() {
            cells.entry(key).or_insert_with(|| Cell::empty(change.categories().len())).merge(change, 1);
        }
        let (empty, full): (Vec<_>, Vec<_>) = cells.iter().partition(|(_, cell)| cell.is_empty());
        let (kinds, numbers) = full.iter().map(|(key, _)| key.to_parts()).unzip();
        let cells = full.iter().map(|(_, cell)| cell.encode()).collect();
        Ok(Changed { kinds, numbers, cells, empty: empty.iter().map(|(key, _)| key.to_parts()).collect() })
    }

    /// Stores what [`Cells::sum`] said; the budget's head is locked, and nothing has touched the cells since.
    pub(crate) async fn put(
        &self,
        connection: &mut PgConnection,
        budget: BudgetId,
        changed: &Changed,
    ) -> Result<(), Fault> {
        let Changed { kinds, numbers, cells, empty } = changed;
        sqlx::query(self.write).bind(budget.0).bind(kinds).bind(numbers).bind(cells).execute(&mut *connection).await?;
        self.remove(connection, budget, empty.iter().copied()).await
    }
}

/// Cells as they are to be stored, and those that are no longer needed.
pub(crate) struct Changed {
    kinds: Vec<i16>,
    numbers: Vec<i32>,
    cells: Vec<Vec<u8>>,
    empty: Vec<(i16, i32)>,
}
