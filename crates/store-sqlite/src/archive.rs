//! Archiving: old rows go, and what they counted stays in cells of its own.

use crate::{cells, codec, delete, error::Fault, outbox, summary::known_head};
use domain::{Month, SubmissionId, Timestamp, summary::Summary};
use rusqlite::{Connection, Transaction, params};
use service::{
    jobs::Job,
    port::{Archivable, Archived, ArchivedPart, BudgetId},
};

/// The lowest id of this month.
fn bound(before: Month) -> SubmissionId {
    SubmissionId::from_parts(before.start(), [0; 10])
}

pub(crate) fn archivable(connection: &Connection, budget: BudgetId, before: Month) -> Result<Archivable, Fault> {
    let mut select = connection.prepare_cached(
        "SELECT count(*) FILTER (WHERE counted = 1 AND participant IS NULL),
            count(*) FILTER (WHERE counted = 0),
            count(*) FILTER (WHERE counted = 1 AND participant IS NOT NULL)
         FROM submission WHERE budget = ?1 AND id < ?2",
    )?;
    let found = select.query_row(params![budget.0, bound(before).as_bytes().as_slice()], |row| {
        let count = |at| row.get::<_, i64>(at).map(i64::unsigned_abs);
        Ok(Archivable { counted: count(0)?, superseded: count(1)?, kept: count(2)? })
    });
    Ok(found?)
}

pub(crate) fn archive(
    transaction: &Transaction<'_>,
    budget: BudgetId,
    before: Month,
    candidates: &[SubmissionId],
) -> Result<Archived, Fault> {
    known_head(transaction, budget)?;
    let mut cells = Summary::default();
    // Also when all of them have gone meanwhile, there may be more behind them.
    let mut archived = Archived { last: candidates.last().copied(), ..Archived::default() };
    let mut remove = transaction.prepare_cached("DELETE FROM submission WHERE id = ?1")?;
    for id in candidates {
        let Some(row) = delete::find(transaction, *id)? else { continue };
        match (row.counted, row.participant) {
            (true, Some(_)) => continue,
            (true, None) => {
                cells.count(&row.entry(), 1);
                archived.counted += 1;
            }
            (false, _) => archived.superseded += 1,
        }
        remove.execute([row.id.as_bytes().as_slice()])?;
    }
    cells::ARCHIVED.add(transaction, budget, &cells)?;
    transaction
        .prepare_cached("UPDATE budget SET archived = ?2 WHERE id = ?1 AND archived < ?2")?
        .execute(params![budget.0, before.start().as_millis()])?;
    if archived.counted + archived.superseded > 0 {
        outbox::leave_for(transaction, budget, Job::verify)?;
    }
    Ok(archived)
}

/// The next ids before this month. Read beside the writer: a small budget's are found among all those of a large one.
pub(crate) fn candidates(
    connection: &Connection,
    budget: BudgetId,
    before: Month,
    after: Option<SubmissionId>,
    limit: u32,
) -> Result<Vec<SubmissionId>, Fault> {
    let mut select = connection
        .prepare_cached("SELECT id FROM submission WHERE budget = ?1 AND id > ?2 AND id < ?3 ORDER BY id LIMIT ?4")?;
    let after = after.map_or([0; 16], |id| *id.as_bytes());
    let mut rows = select.query(params![budget.0, after.as_slice(), bound(before).as_bytes().as_slice(), limit])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(codec::id(row.get_ref(0)?.as_blob().map_err(|_| Fault::damaged("an id is not bytes"))?)?);
    }
    Ok(found)
}

/// All that is archived of a budget.
pub(crate) fn part(connection: &Connection, budget: BudgetId) -> Result<ArchivedPart, Fault> {
    Ok(ArchivedPart { before: before(connection, budget)?, cells: cells::ARCHIVED.all(connection, budget)? })
}

/// From when on nothing of a budget is archived.
pub(crate) fn before(connection: &Connection, budget: BudgetId) -> Result<Timestamp, Fault> {
    let mut select = connection.prepare_cached("SELECT archived FROM budget WHERE id = ?1")?;
    Ok(select.query_row([budget.0], |row| row.get(0).map(Timestamp::from_millis))?)
}

/// Puts another part in the place of all that was archived of a budget; answers what the cells have more than before.
pub(crate) fn replace(transaction: &Transaction<'_>, budget: BudgetId, part: &ArchivedPart) -> Result<Summary, Fault> {
    let more = part.cells.difference(&cells::ARCHIVED.all(transaction, budget)?);
    cells::ARCHIVED.add(transaction, budget, &more)?;
    transaction
        .prepare_cached("UPDATE budget SET archived = ?2 WHERE id = ?1")?
        .execute(params![budget.0, part.before.as_millis()])?;
    Ok(more)
}

/// Refuses ids of which nobody can tell any more whether they are known.
pub(crate) fn refuse_archived(
    transaction: &Transaction<'_>,
    budget: BudgetId,
    ids: impl Iterator<Item = SubmissionId>,
) -> Result<(), Fault> {
    let Some(oldest) = ids.min() else { return Ok(()) };
    let archived = before(transaction, budget)?;
    if oldest.time() < archived {
        let before = Month::of(archived.day());
        return Err(Fault::Refused(format!(
            "what was submitted before {before} is archived, and {oldest} is from then"
        )));
    }
    Ok(())
}
