//! The two tables of cells: of the summary, and of what was archived.

use crate::{error::Fault, summary::damaged};
use domain::summary::{Cell, CellKey, Summary};
use rusqlite::{Connection, Transaction, params};
use service::port::BudgetId;

/// A table, by its name.
#[derive(Clone, Copy)]
pub(crate) struct Cells(&'static str);

pub(crate) const SUMMARY: Cells = Cells("summary_cell");
pub(crate) const ARCHIVED: Cells = Cells("archived_cell");

impl Cells {
    /// All cells of a budget.
    pub(crate) fn all(self, connection: &Connection, budget: BudgetId) -> Result<Summary, Fault> {
        let mut summary = Summary::default();
        let mut select =
            connection.prepare_cached(&format!("SELECT kind, number, cell FROM {} WHERE budget = ?1", self.0))?;
        let mut rows = select.query([budget.0])?;
        while let Some(row) = rows.next()? {
            let key = CellKey::from_parts(row.get(0)?, row.get(1)?).map_err(damaged)?;
            let bytes = row.get_ref(2)?.as_blob().map_err(|_| Fault::damaged("a cell is not bytes"))?;
            summary.merge_cell(key, &Cell::decode(bytes).map_err(damaged)?, 1);
        }
        Ok(summary)
    }

    /// The cells that can be read, and kind and number of those that can't.
    pub(crate) fn readable(
        self,
        connection: &Connection,
        budget: BudgetId,
    ) -> Result<(Summary, Vec<(i16, i32)>), Fault> {
        let (mut summary, mut damaged) = (Summary::default(), Vec::new());
        let mut select =
            connection.prepare_cached(&format!("SELECT kind, number, cell FROM {} WHERE budget = ?1", self.0))?;
        let mut rows = select.query([budget.0])?;
        while let Some(row) = rows.next()? {
            let (kind, number) = (row.get(0)?, row.get(1)?);
            let cell = row.get_ref(2)?.as_blob().ok().and_then(|bytes| Cell::decode(bytes).ok());
            match (CellKey::from_parts(kind, number), cell) {
                (Ok(key), Some(cell)) => summary.merge_cell(key, &cell, 1),
                _ => damaged.push((kind, number)),
            }
        }
        Ok((summary, damaged))
    }

    /// Takes cells away by kind and number.
    pub(crate) fn remove(
        self,
        transaction: &Transaction<'_>,
        budget: BudgetId,
        cells: &[(i16, i32)],
    ) -> Result<(), Fault> {
        let statement = format!("DELETE FROM {} WHERE budget = ?1 AND kind = ?2 AND number = ?3", self.0);
        for (kind, number) in cells {
            transaction.prepare_cached(&statement)?.execute(params![budget.0, kind, number])?;
        }
        Ok(())
    }

    /// One cell.
    pub(crate) fn one(self, connection: &Connection, budget: BudgetId, key: CellKey) -> Result<Option<Cell>, Fault> {
        let (kind, number) = key.to_parts();
        let mut select = connection
            .prepare_cached(&format!("SELECT cell FROM {} WHERE budget = ?1 AND kind = ?2 AND number = ?3", self.0))?;
        let mut rows = select.query(params![budget.0, kind, number])?;
        let Some(row) = rows.next()? else { return Ok(None) };
        let bytes = row.get_ref(0)?.as_blob().map_err(|_| Fault::damaged("a cell is not bytes"))?;
        Cell::decode(bytes).map(Some).map_err(damaged)
    }

    /// Adds to the stored cells.
    pub(crate) fn add(self, transaction: &Transaction<'_>, budget: BudgetId, changes: &Summary) -> Result<(), Fault> {
        for (key, change) in changes.cells() {
            let mut cell =
                self.one(transaction, budget, key)?.unwrap_or_else(|| Cell::empty(change.categories().len()));
            cell.merge(change, 1);
            self.write(transaction, budget, key, &cell)?;
        }
        Ok(())
    }

    fn write(self, transaction: &Transaction<'_>, budget: BudgetId, key: CellKey, cell: &Cell) -> Result<(), Fault> {
        let (kind, number) = key.to_parts();
        if cell.is_empty() {
            self.remove(transaction, budget, &[(kind, number)])?;
        } else {
            transaction
                .prepare_cached(&format!(
                    "INSERT OR REPLACE INTO {} (budget, kind, number, cell) VALUES (?1, ?2, ?3, ?4)",
                    self.0
                ))?
                .execute(params![budget.0, kind, number, cell.encode()])?;
        }
        Ok(())
    }
}
