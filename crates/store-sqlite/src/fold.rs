//! Folds deltas into the base cells. The sum stays the same, so the version does too.

use crate::{cells, error::Fault, summary::apply_row};
use domain::summary::Summary;
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
    cells::SUMMARY.add(transaction, budget, &changes)?;
    transaction
        .prepare_cached("DELETE FROM summary_delta WHERE budget = ?1 AND seq <= ?2")?
        .execute(params![budget.0, last])?;
    Ok(folded)
}
