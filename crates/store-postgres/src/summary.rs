//! Cells and deltas.

use crate::{cells, error::Fault, frames, head, outbox, session::Sessions};
use domain::{
    Timestamp,
    summary::{CodecError, Delta, Summary},
};
use service::{
    counting::Readable,
    jobs::Job,
    port::{BudgetId, Correction, StoredSubmission, Version},
};
use sqlx::PgConnection;

pub(crate) fn damaged(error: CodecError) -> Fault {
    Fault::damaged(error.to_string())
}

fn frame(row: &StoredSubmission) -> Vec<u8> {
    let mut bytes = Vec::new();
    frames::put(&mut bytes, row.effective.day(), &row.segments, &row.allocation.to_bytes());
    bytes
}

/// Appends that one submission counts and another one no longer does.
pub(crate) async fn append_delta(
    connection: &mut PgConnection,
    budget: BudgetId,
    version: Version,
    plus: Option<&StoredSubmission>,
    minus: &StoredSubmission,
) -> Result<(), Fault> {
    sqlx::query("INSERT INTO summary_delta (budget, version, plus, minus) VALUES ($1, $2, $3, $4)")
        .bind(budget.0)
        .bind(version.0)
        .bind(plus.map(frame).unwrap_or_default())
        .bind(frame(minus))
        .execute(connection)
        .await?;
    Ok(())
}

/// Appends a whole summary to add.
pub(crate) async fn append_correction(
    connection: &mut PgConnection,
    budget: BudgetId,
    version: Version,
    correction: &Summary,
) -> Result<(), Fault> {
    sqlx::query("INSERT INTO summary_delta (budget, version, plus, minus, correction) VALUES ($1, $2, '', '', $3)")
        .bind(budget.0)
        .bind(version.0)
        .bind(correction.encode())
        .execute(connection)
        .await?;
    Ok(())
}

pub(crate) async fn correct(
    sessions: &Sessions,
    budget: BudgetId,
    difference: &Summary,
    audited: Version,
    now: Timestamp,
) -> Result<Correction, Fault> {
    let mut session = sessions.get().await?;
    session.begin().await?;
    let head = head::lock_known(&mut session, budget).await?;
    let mut version = head.version;
    let found = readable(&mut session, budget).await?;
    let correction = if difference.is_empty() && found.unreadable() == 0 {
        Correction::Applied { version }
    } else if head.corrected > audited {
        Correction::Stale
    } else {
        cells::SUMMARY.remove(&mut session, budget, found.cells.iter().copied()).await?;
        sqlx::query("DELETE FROM summary_delta WHERE budget = $1 AND version = ANY ($2)")
            .bind(budget.0)
            .bind(&found.deltas)
            .execute(&mut *session)
            .await?;
        version = head::advance(&mut session, budget, version, now).await?;
        append_correction(&mut session, budget, version, difference).await?;
        sqlx::query("UPDATE head SET corrected = version WHERE budget = $1")
            .bind(budget.0)
            .execute(&mut *session)
            .await?;
        outbox::leave_for(&mut session, budget, Job::warm).await?;
        Correction::Applied { version }
    };
    session.commit().await?;
    Ok(correction)
}

/// `plus`, `minus`, `correction` of one delta.
pub(crate) type DeltaRow = (Vec<u8>, Vec<u8>, Option<Vec<u8>>);

/// The same after its version.
type VersionedRow = (i64, Vec<u8>, Vec<u8>, Option<Vec<u8>>);

pub(crate) fn delta(plus: &[u8], minus: &[u8]) -> Result<Delta, Fault> {
    Ok(Delta { plus: frames::entries(plus)?, minus: frames::entries(minus)? })
}

pub(crate) fn correction(bytes: Option<&Vec<u8>>) -> Result<Option<Summary>, Fault> {
    bytes.map(|bytes| Summary::decode(bytes).map_err(damaged)).transpose()
}

pub(crate) fn apply(summary: &mut Summary, row: &DeltaRow) -> Result<(), Fault> {
    summary.apply(&delta(&row.0, &row.1)?);
    if let Some(correction) = correction(row.2.as_ref())? {
        summary.merge(&correction, 1);
    }
    Ok(())
}

/// The same as [`whole`] without what can't be read.
pub(crate) async fn readable(snapshot: &mut PgConnection, budget: BudgetId) -> Result<Readable, Fault> {
    let (mut summary, cells) = cells::SUMMARY.readable(snapshot, budget).await?;
    let rows: Vec<VersionedRow> =
        sqlx::query_as("SELECT version, plus, minus, correction FROM summary_delta WHERE budget = $1")
            .bind(budget.0)
            .fetch_all(snapshot)
            .await?;
    let mut deltas = Vec::new();
    for (version, plus, minus, correction) in rows {
        let mut one = Summary::default();
        match apply(&mut one, &(plus, minus, correction)) {
            Ok(()) => summary.merge(&one, 1),
            Err(_) => deltas.push(version),
        }
    }
    Ok(Readable { summary, cells, deltas })
}

/// All cells, base plus deltas; the caller holds one read snapshot.
pub(crate) async fn whole(snapshot: &mut PgConnection, budget: BudgetId) -> Result<Summary, Fault> {
    let mut summary = cells::SUMMARY.all(snapshot, budget).await?;
    let deltas: Vec<DeltaRow> = sqlx::query_as("SELECT plus, minus, correction FROM summary_delta WHERE budget = $1")
        .bind(budget.0)
        .fetch_all(snapshot)
        .await?;
    for row in &deltas {
        apply(&mut summary, row)?;
    }
    Ok(summary)
}

/// All cells at one version.
pub(crate) async fn at_version(sessions: &Sessions, budget: BudgetId) -> Result<Option<(Version, Summary)>, Fault> {
    let mut session = sessions.get().await?;
    session.begin_snapshot().await?;
    let found = match head::find(&mut session, budget).await? {
        Some(head) => Some((head.version, whole(&mut session, budget).await?)),
        None => None,
    };
    session.end().await?;
    Ok(found)
}
