//! The bulk path: many submissions that nobody waits for, in one transaction each.

use crate::{
    bulk_rows,
    codec::{self, submission_columns},
    error::Fault,
    head,
    newest::rank,
    partitions,
    session::Sessions,
    summary::append_correction,
};
use domain::{Allocation, Timestamp, summary::Summary};
use service::port::{BudgetId, BulkSubmission, Participant, StoredSubmission, Version};
use sqlx::{PgConnection, types::Uuid};
use std::collections::{HashMap, hash_map::Entry};

pub(crate) async fn insert(
    sessions: &Sessions,
    budget: BudgetId,
    batch: Vec<BulkSubmission>,
    now: Timestamp,
) -> Result<Version, Fault> {
    let mut session = sessions.get().await?;
    let known = head::find(&mut session, budget).await?;
    let Some(known) = known else { return Err(Fault::Refused(format!("there is no budget {}", budget.0))) };
    if batch.is_empty() {
        session.done();
        return Ok(known.version);
    }
    partitions::ensure_for(&mut session, batch.iter().map(|new| new.id)).await?;
    session.begin().await?;
    session.allow(sessions.options().scan_timeout).await?;
    let head = head::lock_known(&mut session, budget).await?;
    let version = head::advance(&mut session, budget, head.version, now).await?;
    let rows: Result<Vec<_>, _> = batch.into_iter().map(|new| row(budget, version, new, head.categories)).collect();
    let mut rows = rows?;
    refuse_deleted(&mut session, &rows).await?;
    let uncounted = settle(&mut session, budget, &mut rows).await?;
    bulk_rows::copy(&mut session, &rows).await?;
    uncount(&mut session, &uncounted).await?;
    let mut change = Summary::default();
    uncounted.iter().for_each(|row| change.count(&codec::entry(row), -1));
    rows.iter().filter(|row| row.counted).for_each(|row| change.count(&codec::entry(row), 1));
    append_correction(&mut session, budget, version, &change).await?;
    session.commit().await?;
    Ok(version)
}

fn row(budget: BudgetId, version: Version, new: BulkSubmission, categories: usize) -> Result<StoredSubmission, Fault> {
    let allocation = Allocation::from_points(&new.points, categories)
        .map_err(|error| Fault::Refused(format!("{}: {} {}", new.id, error.field, error.message)))?;
    Ok(StoredSubmission {
        id: new.id,
        budget,
        participant: new.participant,
        effective: new.id.time(),
        version,
        allocation,
        segments: new.segments,
        counted: true,
    })
}

/// A deleted id is known too. Mostly there are no tombstones at all.
async fn refuse_deleted(connection: &mut PgConnection, rows: &[StoredSubmission]) -> Result<(), Fault> {
    let any: bool = sqlx::query_scalar("SELECT EXISTS (SELECT FROM tombstone)").fetch_one(&mut *connection).await?;
    if !any {
        return Ok(());
    }
    let ids: Vec<Uuid> = rows.iter().map(|row| codec::uuid(row.id)).collect();
    let deleted: Option<Uuid> = sqlx::query_scalar("SELECT id FROM tombstone WHERE id = ANY ($1) LIMIT 1")
        .bind(ids)
        .fetch_optional(connection)
        .await?;
    deleted.map_or(Ok(()), |id| Err(Fault::Refused(format!("{id} was deleted"))))
}

/// Marks who counts among the rows; answers the rows from before that no longer do.
async fn settle(
    connection: &mut PgConnection,
    budget: BudgetId,
    rows: &mut [StoredSubmission],
) -> Result<Vec<StoredSubmission>, Fault> {
    let newest = newest_of_each(rows);
    let participants: Vec<i64> = newest.keys().map(|participant| codec::participant(*participant)).collect();
    let mut uncounted = Vec::new();
    for before in counted(connection, budget, participants).await? {
        let Some(&at) = before.participant.as_ref().and_then(|participant| newest.get(participant)) else { continue };
        if rank(&before) > rank(&rows[at]) {
            rows[at].counted = false;
        } else {
            uncounted.push(before);
        }
    }
    Ok(uncounted)
}

/// Within the batch, where all others stop counting.
fn newest_of_each(rows: &mut [StoredSubmission]) -> HashMap<Participant, usize> {
    let mut newest: HashMap<Participant, usize> = HashMap::new();
    for at in 0..rows.len() {
        let Some(participant) = rows[at].participant else { continue };
        match newest.entry(participant) {
            Entry::Vacant(first) => {
                first.insert(at);
            }
            Entry::Occupied(mut other) => {
                let (older, newer) =
                    if rank(&rows[*other.get()]) > rank(&rows[at]) { (at, *other.get()) } else { (*other.get(), at) };
                rows[older].counted = false;
                other.insert(newer);
            }
        }
    }
    newest
}

/// The counted submissions of these participants.
async fn counted(
    connection: &mut PgConnection,
    budget: BudgetId,
    participants: Vec<i64>,
) -> Result<Vec<StoredSubmission>, Fault> {
    let rows = sqlx::query(concat!(
        "SELECT ",
        submission_columns!(),
        " FROM unnest($2::bigint[]) AS p(participant)
         CROSS JOIN LATERAL (
            SELECT * FROM submission WHERE participant = p.participant AND budget = $1 AND counted OFFSET 0) AS s"
    ))
    .bind(budget.0)
    .bind(participants)
    .fetch_all(connection)
    .await?;
    rows.iter().map(codec::read_submission).collect()
}

async fn uncount(connection: &mut PgConnection, rows: &[StoredSubmission]) -> Result<(), Fault> {
    if rows.is_empty() {
        return Ok(());
    }
    let ids: Vec<Uuid> = rows.iter().map(|row| codec::uuid(row.id)).collect();
    sqlx::query("UPDATE submission s SET counted = false FROM unnest($1::uuid[]) AS k(id) WHERE s.id = k.id")
        .bind(ids)
        .execute(connection)
        .await?;
    Ok(())
}
