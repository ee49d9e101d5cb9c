//! The total cell: the whole of it, or what a known one has become.

use crate::{
    error::Fault,
    summary::{correction, damaged, delta},
};
use domain::summary::{Cell, CellKey};
use rusqlite::{Connection, Row, params};
use service::port::{BudgetId, TotalAt, Version};

/// Base plus deltas. Everything is read in one statement, so from one moment.
pub(crate) fn total(connection: &Connection, budget: BudgetId) -> Result<Option<TotalAt>, Fault> {
    let mut select = connection.prepare_cached(
        "SELECT head, (SELECT cell FROM summary_cell WHERE budget = ?1 AND kind = 0 AND number = 0),
                json_array_length(definition, '$.categories')
         FROM budget WHERE id = ?1
         UNION ALL
         SELECT plus, minus, correction FROM summary_delta WHERE budget = ?1",
    )?;
    let mut rows = select.query([budget.0])?;
    let Some(first) = rows.next()? else { return Ok(None) };
    let version = Version(first.get(0)?);
    let mut total = match first.get_ref(1)?.as_blob_or_null().map_err(|_| Fault::damaged("a cell is not bytes"))? {
        Some(bytes) => Cell::decode(bytes).map_err(damaged)?,
        None => Cell::empty(first.get::<_, u16>(2)?.into()),
    };
    while let Some(row) = rows.next()? {
        add(&mut total, row, 0)?;
    }
    Ok(Some(TotalAt { version, total }))
}

/// One delta: `plus, minus, correction` from column `at` on.
fn add(total: &mut Cell, row: &Row<'_>, at: usize) -> Result<(), Fault> {
    let delta = delta(row, at)?;
    delta.plus.iter().for_each(|entry| total.count(&entry.points, 1));
    delta.minus.iter().for_each(|entry| total.count(&entry.points, -1));
    if let Some(cell) = correction(row, at + 2)?.as_ref().and_then(|summary| summary.cell(CellKey::Total)) {
        total.merge(cell, 1);
    }
    Ok(())
}

/// See [`service::port::Store::total_after`].
///
/// Deltas are folded in the order of their versions: while the known total's own is there, so are all after it. A
/// correction may have taken away what couldn't be read, and so something that the known total has.
pub(crate) fn after(connection: &Connection, budget: BudgetId, known: TotalAt) -> Result<Option<TotalAt>, Fault> {
    let mut select = connection.prepare_cached(
        "SELECT head, corrected, NULL, NULL FROM budget WHERE id = ?1
         UNION ALL
         SELECT version, plus, minus, correction FROM summary_delta WHERE budget = ?1 AND version >= ?2",
    )?;
    let mut rows = select.query(params![budget.0, known.version.0])?;
    let Some(head) = rows.next()? else { return Ok(None) };
    let (version, corrected) = (Version(head.get(0)?), Version(head.get(1)?));
    if corrected > known.version {
        return Ok(None);
    }
    let (mut total, mut is_there) = (known.total, false);
    while let Some(row) = rows.next()? {
        if row.get::<_, i64>(0)? == known.version.0 {
            is_there = true;
        } else {
            add(&mut total, row, 1)?;
        }
    }
    Ok(is_there.then_some(TotalAt { version, total }))
}
