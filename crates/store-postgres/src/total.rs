//! The total cell: the whole of it, or what a known one has become.

use crate::{
    error::Fault,
    session::Sessions,
    summary::{correction, damaged, delta},
};
use domain::summary::{Cell, CellKey};
use service::port::{BudgetId, TotalAt, Version};

/// The head's version and categories with the base cell, or a delta without a version.
type TotalRow = (Option<i64>, Option<i16>, Option<Vec<u8>>, Option<Vec<u8>>, Option<Vec<u8>>);

/// Base plus deltas. Everything is read in one statement, so from one moment.
pub(crate) async fn total(sessions: &Sessions, budget: BudgetId) -> Result<Option<TotalAt>, Fault> {
    let mut session = sessions.get().await?;
    let rows: Vec<TotalRow> = sqlx::query_as(
        "SELECT version, categories,
            (SELECT cell FROM summary_cell WHERE budget = $1 AND kind = 0 AND number = 0), NULL, NULL
         FROM head WHERE budget = $1
         UNION ALL
         SELECT NULL, NULL, plus, minus, correction FROM summary_delta WHERE budget = $1",
    )
    .bind(budget.0)
    .fetch_all(&mut *session)
    .await?;
    session.done();
    let Some((version, mut total)) = base(&rows)? else { return Ok(None) };
    for (_, _, plus, minus, sum) in rows.iter().filter(|row| row.0.is_none()) {
        add(&mut total, plus.as_deref(), minus.as_deref(), sum.as_ref())?;
    }
    Ok(Some(TotalAt { version, total }))
}

fn base(rows: &[TotalRow]) -> Result<Option<(Version, Cell)>, Fault> {
    let head = rows.iter().find_map(|(version, categories, cell, ..)| Some(((*version)?, (*categories)?, cell)));
    let Some((version, categories, cell)) = head else { return Ok(None) };
    let cell = match cell {
        Some(bytes) => Cell::decode(bytes).map_err(damaged)?,
        None => Cell::empty(usize::try_from(categories).unwrap_or_default()),
    };
    Ok(Some((Version(version), cell)))
}

/// One delta.
fn add(total: &mut Cell, plus: Option<&[u8]>, minus: Option<&[u8]>, sum: Option<&Vec<u8>>) -> Result<(), Fault> {
    let delta = delta(plus.unwrap_or_default(), minus.unwrap_or_default())?;
    delta.plus.iter().for_each(|entry| total.count(&entry.points, 1));
    delta.minus.iter().for_each(|entry| total.count(&entry.points, -1));
    if let Some(cell) = correction(sum)?.as_ref().and_then(|summary| summary.cell(CellKey::Total)) {
        total.merge(cell, 1);
    }
    Ok(())
}

/// A version and when the head was last corrected, or a delta's version with the delta.
type NewsRow = (i64, Option<i64>, Option<Vec<u8>>, Option<Vec<u8>>, Option<Vec<u8>>);

/// See [`service::port::Store::total_after`].
///
/// Deltas are folded in the order of their versions: while the known total's own is there, so are all after it. A
/// correction may have taken away what couldn't be read, and so something that the known total has.
pub(crate) async fn after(sessions: &Sessions, budget: BudgetId, known: TotalAt) -> Result<Option<TotalAt>, Fault> {
    let mut session = sessions.get().await?;
    let rows: Vec<NewsRow> = sqlx::query_as(
        "SELECT version, corrected, NULL, NULL, NULL FROM head WHERE budget = $1
         UNION ALL
         SELECT version, NULL, plus, minus, correction FROM summary_delta WHERE budget = $1 AND version >= $2",
    )
    .bind(budget.0)
    .bind(known.version.0)
    .fetch_all(&mut *session)
    .await?;
    session.done();
    let (mut version, mut is_there) = (None, false);
    let mut total = known.total;
    for (number, corrected, plus, minus, sum) in &rows {
        match corrected {
            Some(corrected) if *corrected > known.version.0 => return Ok(None),
            Some(_) => version = Some(Version(*number)),
            None if *number == known.version.0 => is_there = true,
            None => add(&mut total, plus.as_deref(), minus.as_deref(), sum.as_ref())?,
        }
    }
    Ok(version.filter(|_| is_there).map(|version| TotalAt { version, total }))
}
