//! Everything of the database at one moment, page by page.
//!
//! One read transaction: the writer goes on, and the write-ahead log keeps what it adds until this ends.

use crate::{archive, budgets, codec, error::Fault, summary};
use domain::Timestamp;
use rusqlite::{Connection, Row};
use service::port::{BudgetRecord, ExactSubmission, LegacyKey, LegacyResult, Overview, Part, Tombstone};
use tokio::sync::mpsc;

/// Rows of one part.
const PAGE: usize = 5000;

pub(crate) fn export(connection: &mut Connection, parts: &mpsc::Sender<Part>) -> Result<(), Fault> {
    let snapshot = connection.transaction()?;
    let overview = Part::Overview(overview(&snapshot)?);
    let wanted = parts.blocking_send(overview).is_ok()
        && pages(&snapshot, "SELECT id, deleted FROM tombstone ORDER BY id", tombstone, Part::Tombstones, parts)?
        && pages(
            &snapshot,
            &format!("SELECT {}, first_counted FROM submission ORDER BY id", codec::SUBMISSION),
            submission,
            Part::Submissions,
            parts,
        )?
        && pages(&snapshot, "SELECT key, id FROM legacy_result ORDER BY key", legacy, Part::LegacyResults, parts)?;
    tracing::debug!(wanted, "an export ended");
    Ok(())
}

fn overview(snapshot: &Connection) -> Result<Overview, Fault> {
    let budgets = budgets::all(snapshot)?;
    let of = |record: &BudgetRecord| Ok::<_, Fault>(summary::readable(snapshot, record.id)?.summary);
    let summaries = budgets.iter().map(of).collect::<Result<_, _>>()?;
    let submissions: i64 = snapshot.query_row("SELECT count(*) FROM submission", [], |row| row.get(0))?;
    let archived = budgets.iter().map(|record| archive::part(snapshot, record.id)).collect::<Result<_, _>>()?;
    Ok(Overview { budgets, summaries, submissions: submissions.unsigned_abs(), archived })
}

/// Sends all rows; answers whether somebody still wants more.
pub(crate) fn pages<T, P>(
    snapshot: &Connection,
    select: &str,
    read: impl Fn(&Row<'_>) -> Result<T, Fault>,
    part: impl Fn(Vec<T>) -> P,
    parts: &mpsc::Sender<P>,
) -> Result<bool, Fault> {
    let mut select = snapshot.prepare(select)?;
    let mut rows = select.query([])?;
    let mut page = Vec::new();
    while let Some(row) = rows.next()? {
        page.push(read(row)?);
        if page.len() == PAGE && parts.blocking_send(part(std::mem::take(&mut page))).is_err() {
            return Ok(false);
        }
    }
    Ok(page.is_empty() || parts.blocking_send(part(page)).is_ok())
}

fn blob<'a>(row: &'a Row<'_>, at: usize) -> Result<&'a [u8], Fault> {
    row.get_ref(at)?.as_blob().map_err(|_| Fault::damaged("an id is not bytes"))
}

fn tombstone(row: &Row<'_>) -> Result<Tombstone, Fault> {
    Ok(Tombstone { id: codec::id(blob(row, 0)?)?, deleted: Timestamp::from_millis(row.get(1)?) })
}

fn submission(row: &Row<'_>) -> Result<ExactSubmission, Fault> {
    Ok(ExactSubmission { stored: codec::read_submission(row)?, first_counted: row.get(8)? })
}

fn legacy(row: &Row<'_>) -> Result<LegacyResult, Fault> {
    let key = blob(row, 0)?.try_into().map_err(|_| Fault::damaged("a key does not have 16 bytes"))?;
    Ok(LegacyResult { key: LegacyKey(key), id: codec::id(blob(row, 1)?)? })
}
