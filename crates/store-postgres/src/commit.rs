//! Group commit: one batch, one call of a function in the database, one round trip.

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
use std::collections::HashSet;

pub(crate) async fn commit(
    sessions: &Sessions,
    batch: &[NewSubmission],
    now: Timestamp,
) -> Result<Vec<Outcome>, Fault> {
    if batch.is_empty() {
        return Ok(Vec::new());
    }
    let distinct = Distinct::of(batch);
    let sent: Vec<&NewSubmission> = distinct.sent().collect();
    // The function inserts in this order: with one order for everybody, nobody waits for each other in a circle.
    let mut order: Vec<usize> = (0..sent.len()).collect();
    order.sort_by_key(|&place| sent[place].id);
    let columns = Columns::of(order.iter().map(|&place| sent[place]), now);
    let lines = match attempt(sessions, &columns, now).await {
        Err(fault) if fault.is_missing_partition() => {
            make_partitions(sessions, batch, now).await?;
            attempt(sessions, &columns, now).await
        }
        lines => lines,
    };
    Ok(distinct.outcomes(&answers(&lines?, &order)?))
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

/// The call of one of the functions that take a batch.
macro_rules! commit_by {
    ($function:literal) => {
        concat!(
            "SELECT place, outcome, at_version, was_counted FROM ",
            $function,
            "($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
        )
    };
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
    fn of(sent: impl Iterator<Item = &'b NewSubmission>, now: Timestamp) -> Self {
        let mut columns = Self::default();
        for new in sent {
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

    /// A budget's writer sends batches of one budget.
    fn of_one_budget(&self) -> bool {
        self.budgets.windows(2).all(|two| two[0] == two[1])
    }

    /// As far as the batch itself tells, all may be added and counted.
    fn may_be_all_new(&self) -> bool {
        let mut people = HashSet::new();
        self.of_one_budget()
            && self.acceptables.iter().all(|acceptable| *acceptable)
            && self.ids.windows(2).all(|two| two[0] != two[1])
            && self.participants.iter().flatten().all(|participant| people.insert(participant))
    }

    /// Whose function takes them.
    fn query(&self) -> &'static str {
        if self.may_be_all_new() { commit_by!("commit_new_to_one_budget") } else { self.careful_query() }
    }

    /// Whatever they are.
    fn careful_query(&self) -> &'static str {
        if self.of_one_budget() { commit_by!("commit_to_one_budget") } else { commit_by!("commit_batch") }
    }
}

/// A column in which nobody has anything is sent as null.
fn unless_empty<T>(column: &[Option<T>]) -> Option<&[Option<T>]> {
    column.iter().any(Option::is_some).then_some(column)
}

type Line = (i64, i16, i64, bool);

async fn call(connection: &mut PgConnection, columns: &Columns<'_>, now: Timestamp) -> Result<Vec<Line>, sqlx::Error> {
    match call_with(connection, columns.query(), columns, now).await {
        // Another budget's commit added one of the ids at this moment.
        Err(sqlx::Error::Database(error)) if error.is_unique_violation() => {
            call_with(connection, columns.careful_query(), columns, now).await
        }
        lines => lines,
    }
}

async fn call_with(
    connection: &mut PgConnection,
    query: &'static str,
    columns: &Columns<'_>,
    now: Timestamp,
) -> Result<Vec<Line>, sqlx::Error> {
    sqlx::query_as(query)
        .bind(now.as_micros())
        .bind(&columns.ids)
        .bind(&columns.budgets)
        .bind(unless_empty(&columns.participants))
        .bind(unless_empty(&columns.owns))
        .bind(&columns.times)
        .bind(&columns.acceptables)
        .bind(&columns.points)
        .bind(unless_empty(&columns.segments))
        .bind(&columns.frames)
        .fetch_all(connection)
        .await
}

async fn attempt(sessions: &Sessions, columns: &Columns<'_>, now: Timestamp) -> Result<Vec<Line>, Fault> {
    let mut session = sessions.get_kept().await?;
    match call(&mut session, columns, now).await {
        Ok(lines) => {
            sessions.keep(session);
            Ok(lines)
        }
        Err(error) => {
            let fault = Fault::from(error);
            if fault.leaves_the_connection() {
                session.done();
            }
            Err(fault)
        }
    }
}

/// What the database says of each that was sent, of which `order` tells the places.
fn answers(lines: &[Line], order: &[usize]) -> Result<Vec<Answer>, Fault> {
    // One line with the place 0 is for all of them.
    if let [(0, outcome, version, counted)] = *lines
        && let Some(answer) = answer(outcome, Version(version), counted)
    {
        return Ok(vec![answer; order.len()]);
    }
    let mut answers = vec![None; order.len()];
    for &(place, outcome, version, counted) in lines {
        let place = usize::try_from(place - 1).ok().and_then(|place| order.get(place));
        if let Some(slot) = place.and_then(|&place| answers.get_mut(place)) {
            *slot = answer(outcome, Version(version), counted);
        }
    }
    // Can't be, but if it were, the batch would be committed all the same.
    let whole: Option<Vec<Answer>> = answers.into_iter().collect();
    whole.ok_or_else(|| Fault::Sql(sqlx::Error::Protocol("a batch was answered in part".into())))
}

/// By the codes that `commit_batch` explains.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_go_back_to_where_they_were_asked() {
        let added = |version| Answer::Added { version: Version(version), counted: true };
        let order = [2, 0, 1];
        let lines = [(1, 0, 7, true), (2, 2, 0, false), (3, 1, 5, false)];
        let replayed = Answer::Other(Outcome::Replayed { version: Version(5), counted: false });
        let back = answers(&lines, &order).unwrap();
        assert_eq!(back, [Answer::Other(Outcome::Conflict), replayed, added(7)]);
        assert_eq!(answers(&[(0, 0, 9, true)], &order).unwrap(), [added(9); 3], "one line for all");
    }

    #[test]
    fn an_answer_that_lacks_somebody_is_an_error() {
        for lines in [&[][..], &[(1, 0, 7, true)], &[(1, 0, 7, true), (1, 0, 7, true)], &[(0, 9, 7, true)]] {
            assert!(answers(lines, &[0, 1]).is_err(), "{lines:?}");
        }
    }
}
