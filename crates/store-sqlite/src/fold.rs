//! Folds deltas into the base cells. The sum stays the same, so the version does too.

use crate::{
    error::Fault,
    summary::{apply_row, cell},
};
use domain::summary::{Cell, CellKey, Summary};
use rusqlite::{Transaction, params};
use service::port::BudgetId;

pub(crate) fn fold(transaction: &Transaction<'_>, budget: BudgetId, limit: u32) -> Result<u64, Fault> {
    let mut changes = Summary::default();
    let mut folded = 0;
    let mut last: i64 = 0;
    {
        let mut select = transaction.prepare_cached(
            "SELECT seq, plus, minus, correction FROM summary_delta WHERE budget = ?1 ORDER BY seq LIMIT ?2",
        )?;
        let mut rows = select.query(params![budget.0, limit])?;
        while let Some(row) = rows.next()? {
            last = row.get(0)?;
            apply_row(row, 1, &mut changes)?;
            folded += 1;
        }
    }
    if folded == 0 {
        return Ok(0);
    }
    for (key, change) in changes.cells() {
        let mut base = cell(transaction, budget, key)?.unwrap_or_else(|| Cell::empty(change.categories().len()));
        base.merge(change, 1);
        write_cell(transaction, budget, key, &base)?;
    }
    transaction
        .prepare_cached("DELETE FROM summary_delta WHERE budget = ?1 AND seq <= ?2")?
        .execute(params![budget.0, last])?;
    Ok(folded)
}

fn write_cell(transaction: &Transaction<'_>, budget: BudgetId, key: CellKey, cell: &Cell) -> Result<(), Fault> {
    let (kind, number) = key.to_parts();
    if cell.is_empty() {
        transaction
            .prepare_cached("DELETE FROM summary_cell WHERE budget = ?1 AND kind = ?2 AND number = ?3")?
            .execute(params![budget.0, kind, number])?;
    } else {
        transaction
            .prepare_cached("INSERT OR REPLACE INTO summary_cell (budget, kind, number, cell) VALUES (?1, ?2, ?3, ?4)")?
            .execute(params![budget.0, kind, number, cell.encode()])?;
    }
    Ok(())
}
