//! Group commit: one batch, one call of `commit_batch` in the database, one round trip.

use crate::{
    codec,
    distinct::{Answer, Distinct},
    error::Fault,
    frames, partitions,
    session::Sessions,
};
use domain::Timestamp;
use service::port::{NewSubmission, Outcome, Version};
use sqlx::{PgConnection, types::Uuid};

pub(crate) async fn commit(
    sessions: &Sessions,
    batch: &[NewSubmission],
    now: Timestamp,
) -> Result<Vec<Outcome>, Fault> {
    if batch.is_empty() {
        return Ok(Vec::new());
    }
    let distinct = Distinct::of(batch);
    let columns = Columns::of(&distinct, now);
    let answers = match attempt(sessions, &columns, now).await {
        Err(fault) if fault.is_missing_partition() => {
            make_partitions(sessions, batch, now).await?;
            attempt(sessions, &columns, now).await
        }
        answers => answers,
    };
    Ok(distinct.outcomes(&answers?))
}

/// The month was not made ahead of time: the clock is ahead, or the job that makes them is late.
async fn make_partitions(sessions: &Sessions, batch: &[NewSubmission], now: Timestamp) -> Result<(), Fault> {
    let mut session = sessions.get().await?;
    let acceptable = batch.iter().map(|new| new.id).filter(|id| id.is_acceptable_at(now));
    partitions::ensure_for(&mut session, acceptable).await.map_err(unsent)?;
    session.done();
    Ok(())
}

/// The batch itself was rolled back, so whatever fails here leaves nothing.
fn unsent(fault: Fault) -> Fault {
    match fault {
        Fault::Sql(error) => Fault::Unreachable(error),
        fault => fault,
    }
}

/// The arguments, one array a column.
#[derive(Default)]
struct Columns<'b> {
    ids: Vec<Uuid>,
    budgets: Vec<i32>,
    participants: Vec<Option<i64>>,
    owns: Vec<Option<i64>>,
    times: Vec<i64>,
    acceptables: Vec<bool>,
    points: Vec<Vec<u8>>,
    segments: Vec<Option<&'b [u8]>>,
    frames: Vec<Vec<u8>>,
}

impl<'b> Columns<'b> {
    fn of(distinct: &Distinct<'b>, now: Timestamp) -> Self {
        let mut columns = Self::default();
        for new in distinct.sent() {
            let effective = new.id.effective_time(now);
            let points = new.allocation.to_bytes();
            let mut frame = Vec::with_capacity(6 + new.segments.len() + points.len());
            frames::put(&mut frame, effective.day(), &new.segments, &points);
            columns.ids.push(codec::uuid(new.id));
            columns.budgets.push(new.budget.0);
            columns.participants.push(new.participant.map(codec::participant));
            columns.owns.push(codec::own_time(new.id, effective));
            columns.times.push(effective.as_millis());
            columns.acceptables.push(new.id.is_acceptable_at(now));
            columns.points.push(points);
            columns.segments.push(codec::segments(&new.segments));
            columns.frames.push(frame);
        }
        columns
    }
}

type Line = (i64, i16, i64, bool);

async fn call(connection: &mut PgConnection, columns: &Columns<'_>, now: Timestamp) -> Result<Vec<Line>, sqlx::Error> {
    sqlx::query_as(
        "SELECT place, outcome, at_version, was_counted
         FROM commit_batch($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    )
    .bind(now.as_micros())
    .bind(&columns.ids)
    .bind(&columns.budgets)
    .bind(&columns.participants)
    .bind(&columns.owns)
    .bind(&columns.times)
    .bind(&columns.acceptables)
    .bind(&columns.points)
    .bind(&columns.segments)
    .bind(&columns.frames)
    .fetch_all(connection)
    .await
}

async fn attempt(sessions: &Sessions, columns: &Columns<'_>, now: Timestamp) -> Result<Vec<Answer>, Fault> {
    let mut session = sessions.get().await?;
    let lines = match call(&mut session, columns, now).await {
        Ok(lines) => lines,
        Err(error) => {
            let fault = Fault::from(error);
            if fault.leaves_the_connection() {
                session.done();
            }
            return Err(fault);
        }
    };
    session.done();
    let mut answers = vec![None; columns.ids.len()];
    for (place, outcome, version, counted) in lines {
        let slot = usize::try_from(place - 1).ok().and_then(|place| answers.get_mut(place));
        if let Some(slot) = slot {
            *slot = answer(outcome, Version(version), counted);
        }
    }
    // Can't be, but if it were, the batch would be committed all the same.
    let whole: Option<Vec<Answer>> = answers.into_iter().collect();
    whole.ok_or_else(|| Fault::Sql(sqlx::Error::Protocol("a batch was answered in part".into())))
}

/// By the codes of `commit_batch`.
fn answer(outcome: i16, version: Version, counted: bool) -> Option<Answer> {
    Some(match outcome {
        0 => Answer::Added { version, counted },
        1 => Answer::Other(Outcome::Replayed { version, counted }),
        2 => Answer::Other(Outcome::Conflict),
        3 => Answer::Other(Outcome::Deleted),
        4 => Answer::Other(Outcome::Closed),
        5 => Answer::Other(Outcome::UnknownBudget),
        6 => Answer::Other(Outcome::IdOutOfRange),
        _ => return None,
    })
}
