//! The raw computation: every submission of a budget, stepped over without a copy of each, and what was archived.

use crate::{cells, codec, error::Fault, summary};
use domain::{
    Timestamp,
    summary::{Cell, CellKey},
};
use rusqlite::{Connection, Row, types::ValueRef};
use service::{
    counting::{Participants, Points, Tally, is_right},
    port::{Audit, BudgetId, Participant, TotalAt},
};

/// Rows between two reports of progress.
const REPORT: u64 = 100_000;

fn points(value: ValueRef<'_>) -> Result<Points, Fault> {
    let bytes = value.as_blob().map_err(|_| Fault::damaged("points are not bytes"))?;
    Points::read(bytes).ok_or_else(|| Fault::damaged("points have a wrong length"))
}

pub(crate) fn raw_total(connection: &mut Connection, budget: BudgetId) -> Result<Option<TotalAt>, Fault> {
    let snapshot = connection.transaction()?;
    let Some((version, categories)) = summary::head_and_categories(&snapshot, budget)? else { return Ok(None) };
    let mut total = Cell::empty(categories);
    let mut select = snapshot.prepare_cached("SELECT points FROM submission WHERE budget = ?1 AND counted = 1")?;
    let mut rows = select.query([budget.0])?;
    while let Some(row) = rows.next()? {
        total.count(points(row.get_ref(0)?)?.values(), 1);
    }
    if let Some(archived) = cells::ARCHIVED.one(&snapshot, budget, CellKey::Total)? {
        total.merge(&archived, 1);
    }
    Ok(Some(TotalAt { version, total }))
}

pub(crate) fn audit(
    connection: &mut Connection,
    budget: BudgetId,
    progress: &dyn Fn(u64),
) -> Result<Option<Audit>, Fault> {
    let snapshot = connection.transaction()?;
    let Some(version) = summary::head(&snapshot, budget)? else { return Ok(None) };
    let found = summary::readable(&snapshot, budget)?;
    let mut scan = Scan::default();
    let mut select = snapshot.prepare_cached(
        "SELECT id, counted, participant, effective, points, segments FROM submission WHERE budget = ?1",
    )?;
    let mut rows = select.query([budget.0])?;
    let mut read = 0;
    while let Some(row) = rows.next()? {
        scan.take(row)?;
        read += 1;
        if read % REPORT == 0 {
            progress(read);
        }
    }
    progress(read);
    let wrong_participants = wrong(&snapshot, budget, &scan.participants)?;
    let mut raw = scan.tally.finish();
    raw.merge(&cells::ARCHIVED.all(&snapshot, budget)?, 1);
    let unreadable = found.unreadable();
    Ok(Some(Audit { version, summary: found.summary, unreadable, raw, wrong_participants }))
}

#[derive(Default)]
struct Scan {
    tally: Tally,
    participants: Participants,
}

impl Scan {
    fn take(&mut self, row: &Row<'_>) -> Result<(), Fault> {
        let counts = row.get_ref(1)?.as_i64().map_err(|_| Fault::damaged("a flag is not a number"))? == 1;
        let participant = row.get_ref(2)?.as_i64_or_null().map_err(|_| Fault::damaged("a participant"))?;
        if !counts && participant.is_none() {
            return Ok(());
        }
        let effective = effective(row)?;
        if let Some(participant) = participant {
            self.participants.meet(Participant(participant.cast_unsigned()), effective, counts);
        }
        if counts {
            let points = points(row.get_ref(4)?)?;
            let answers = row.get_ref(5)?.as_blob_or_null().map_err(|_| Fault::damaged("answers are not bytes"))?;
            self.tally.count(effective.day(), answers.unwrap_or_default(), points.values());
        }
        Ok(())
    }
}

/// How many participants are wrong; those whom their times don't decide are looked up one by one.
fn wrong(snapshot: &Connection, budget: BudgetId, participants: &Participants) -> Result<u64, Fault> {
    let mut wrong = participants.wrong();
    for participant in participants.ties() {
        let rows = codec::of_participant(snapshot, budget, codec::participant(participant))?;
        wrong += u64::from(!is_right(rows));
    }
    Ok(wrong)
}

fn effective(row: &Row<'_>) -> Result<Timestamp, Fault> {
    let own = row.get_ref(3)?.as_i64_or_null().map_err(|_| Fault::damaged("a time is not a number"))?;
    match own {
        Some(millis) => Ok(Timestamp::from_millis(millis)),
        None => Ok(codec::id(row.get_ref(0)?.as_blob().map_err(|_| Fault::damaged("an id is not bytes"))?)?.time()),
    }
}
