//! Heads, cells and deltas.

use crate::{cells, error::Fault, outbox};
use domain::{
    Timestamp,
    summary::{Delta, Entry, Summary},
};
use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};
use service::{
    counting::Readable,
    jobs::Job,
    port::{BudgetId, Correction, Version},
};

/// Appends what a commit changed; nothing when no total moves.
pub(crate) fn append_delta(
    connection: &Connection,
    budget: BudgetId,
    version: Version,
    delta: &Delta,
) -> Result<(), Fault> {
    if delta.is_empty() {
        return Ok(());
    }
    let mut insert = connection
        .prepare_cached("INSERT INTO summary_delta (budget, version, plus, minus) VALUES (?1, ?2, ?3, ?4)")?;
    insert.execute(params![
        budget.0,
        version.0,
        Entry::encode_all(delta.plus.iter()),
        Entry::encode_all(delta.minus.iter())
    ])?;
    Ok(())
}

/// Appends a whole summary to add.
pub(crate) fn append_correction(
    connection: &Connection,
    budget: BudgetId,
    version: Version,
    correction: &Summary,
) -> Result<(), Fault> {
    let mut insert = connection.prepare_cached(
        "INSERT INTO summary_delta (budget, version, plus, minus, correction) VALUES (?1, ?2, x'', x'', ?3)",
    )?;
    insert.execute(params![budget.0, version.0, correction.encode()])?;
    Ok(())
}

/// See [`service::port::Store::correct`].
pub(crate) fn correct(
    transaction: &Transaction<'_>,
    budget: BudgetId,
    difference: &Summary,
    audited: Version,
    now: Timestamp,
) -> Result<Correction, Fault> {
    let head = known_head(transaction, budget)?;
    let found = readable(transaction, budget)?;
    if difference.is_empty() && found.unreadable() == 0 {
        return Ok(Correction::Applied { version: head });
    }
    let corrected = transaction
        .prepare_cached("SELECT corrected FROM budget WHERE id = ?1")?
        .query_row([budget.0], |row| Ok(Version(row.get(0)?)))?;
    if corrected > audited {
        return Ok(Correction::Stale);
    }
    cells::SUMMARY.remove(transaction, budget, &found.cells)?;
    for delta in &found.deltas {
        transaction.prepare_cached("DELETE FROM summary_delta WHERE seq = ?1")?.execute([delta])?;
    }
    let version = head.next(now);
    append_correction(transaction, budget, version, difference)?;
    transaction
        .prepare_cached("UPDATE budget SET head = ?2, corrected = ?2 WHERE id = ?1")?
        .execute(params![budget.0, version.0])?;
    outbox::leave_for(transaction, budget, Job::warm)?;
    Ok(Correction::Applied { version })
}

pub(crate) fn head(connection: &Connection, budget: BudgetId) -> Result<Option<Version>, Fault> {
    let mut select = connection.prepare_cached("SELECT head FROM budget WHERE id = ?1")?;
    Ok(select.query_row([budget.0], |row| Ok(Version(row.get(0)?))).optional()?)
}

/// The head, and how many categories the budget has.
pub(crate) fn head_and_categories(
    connection: &Connection,
    budget: BudgetId,
) -> Result<Option<(Version, usize)>, Fault> {
    let mut select = connection
        .prepare_cached("SELECT head, json_array_length(definition, '$.categories') FROM budget WHERE id = ?1")?;
    let found = select.query_row([budget.0], |row| Ok((Version(row.get(0)?), row.get::<_, u16>(1)?)));
    Ok(found.optional()?.map(|(version, categories)| (version, categories.into())))
}

/// The head of a budget that must be there.
pub(crate) fn known_head(connection: &Connection, budget: BudgetId) -> Result<Version, Fault> {
    head(connection, budget)?.ok_or_else(|| Fault::Refused(format!("there is no budget {}", budget.0)))
}

pub(crate) fn set_head(connection: &Connection, budget: BudgetId, version: Version) -> Result<(), Fault> {
    connection.prepare_cached("UPDATE budget SET head = ?2 WHERE id = ?1")?.execute(params![budget.0, version.0])?;
    Ok(())
}

pub(crate) fn damaged(error: domain::summary::CodecError) -> Fault {
    Fault::damaged(error.to_string())
}

/// `plus, minus` from column `at` on.
pub(crate) fn delta(row: &Row<'_>, at: usize) -> Result<Delta, Fault> {
    let entries = |at| {
        let bytes = row.get_ref(at)?.as_blob().map_err(|_| Fault::damaged("a delta is not bytes"))?;
        Entry::decode_all(bytes).map_err(damaged)
    };
    Ok(Delta { plus: entries(at)?, minus: entries(at + 1)? })
}

pub(crate) fn correction(row: &Row<'_>, at: usize) -> Result<Option<Summary>, Fault> {
    let bytes = row.get_ref(at)?.as_blob_or_null().map_err(|_| Fault::damaged("a correction is not bytes"))?;
    bytes.map(|bytes| Summary::decode(bytes).map_err(damaged)).transpose()
}

/// One delta row: `plus, minus, correction` from column `at` on.
pub(crate) fn apply_row(row: &Row<'_>, at: usize, summary: &mut Summary) -> Result<(), Fault> {
    summary.apply(&delta(row, at)?);
    if let Some(correction) = correction(row, at + 2)? {
        summary.merge(&correction, 1);
    }
    Ok(())
}

/// The same as [`whole`] without what can't be read.
pub(crate) fn readable(connection: &Connection, budget: BudgetId) -> Result<Readable, Fault> {
    let (mut summary, cells) = cells::SUMMARY.readable(connection, budget)?;
    let mut deltas = Vec::new();
    let mut select =
        connection.prepare_cached("SELECT plus, minus, correction, seq FROM summary_delta WHERE budget = ?1")?;
    let mut rows = select.query([budget.0])?;
    while let Some(row) = rows.next()? {
        let mut one = Summary::default();
        match apply_row(row, 0, &mut one) {
            Ok(()) => summary.merge(&one, 1),
            Err(_) => deltas.push(row.get(3)?),
        }
    }
    Ok(Readable { summary, cells, deltas })
}

/// All cells, base plus deltas; the caller holds one read snapshot.
pub(crate) fn whole(connection: &Connection, budget: BudgetId) -> Result<Summary, Fault> {
    let mut summary = cells::SUMMARY.all(connection, budget)?;
    let mut select =
        connection.prepare_cached("SELECT plus, minus, correction FROM summary_delta WHERE budget = ?1")?;
    let mut rows = select.query([budget.0])?;
    while let Some(row) = rows.next()? {
        apply_row(row, 0, &mut summary)?;
    }
    Ok(summary)
}
