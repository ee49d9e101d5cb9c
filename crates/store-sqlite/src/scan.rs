//! The raw computation: every submission of a budget, stepped over without a copy of each.

use crate::{codec, error::Fault, standing::Participants, summary};
use domain::{
    Day, Timestamp,
    summary::{Cell, CellKey, Summary},
};
use rusqlite::{Connection, Row, types::ValueRef};
use service::port::{Audit, BudgetId, TotalAt};
use std::collections::BTreeMap;

/// Rows between two reports of progress.
const REPORT: u64 = 100_000;

/// Points of a row, on the stack.
struct Points {
    values: [u16; domain::budget::MAX_CATEGORIES],
    len: usize,
}

fn points(value: ValueRef<'_>) -> Result<Points, Fault> {
    let bytes = value.as_blob().map_err(|_| Fault::damaged("points are not bytes"))?;
    let mut points = Points { values: [0; domain::budget::MAX_CATEGORIES], len: bytes.len() / 2 };
    if points.len > points.values.len() || bytes.len() % 2 != 0 {
        return Err(Fault::damaged("points have a wrong length"));
    }
    for (value, pair) in points.values.iter_mut().zip(bytes.chunks_exact(2)) {
        *value = u16::from_be_bytes([pair[0], pair[1]]);
    }
    Ok(points)
}

pub(crate) fn raw_total(connection: &mut Connection, budget: BudgetId) -> Result<Option<TotalAt>, Fault> {
    let snapshot = connection.transaction()?;
    let Some((version, categories)) = summary::head_and_categories(&snapshot, budget)? else { return Ok(None) };
    let mut total = Cell::empty(categories);
    let mut select = snapshot.prepare_cached("SELECT points FROM submission WHERE budget = ?1 AND counted = 1")?;
    let mut rows = select.query([budget.0])?;
    while let Some(row) = rows.next()? {
        let points = points(row.get_ref(0)?)?;
        total.count(&points.values[..points.len], 1);
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
    let summary = summary::whole(&snapshot, budget)?;
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
    let wrong_participants = std::mem::take(&mut scan.participants).wrong(&snapshot, budget)?;
    Ok(Some(Audit { version, summary, raw: scan.finish(), wrong_participants }))
}

#[derive(Default)]
struct Scan {
    /// Rows come in the order of their ids, so mostly of one day after the other.
    day: Option<(Day, Cell)>,
    answers: BTreeMap<CellKey, Cell>,
    raw: Summary,
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
            self.participants.meet(participant, effective, counts);
        }
        if counts {
            let points = points(row.get_ref(4)?)?;
            let points = &points.values[..points.len];
            self.count(effective.day(), points);
            if let ValueRef::Blob(answers) = row.get_ref(5)? {
                self.count_answers(answers, points);
            }
        }
        Ok(())
    }

    fn count(&mut self, day: Day, points: &[u16]) {
        match &mut self.day {
            Some((today, cell)) if *today == day => cell.count(points, 1),
            _ => {
                self.flush();
                let mut cell = Cell::empty(points.len());
                cell.count(points, 1);
                self.day = Some((day, cell));
            }
        }
    }

    fn count_answers(&mut self, answers: &[u8], points: &[u16]) {
        for (segment, &answer) in (0..=u8::MAX).zip(answers).filter(|(_, answer)| **answer != 0) {
            let cell = self.answers.entry(CellKey::Segment(segment, answer));
            cell.or_insert_with(|| Cell::empty(points.len())).count(points, 1);
        }
    }

    /// Everybody has exactly one day, so the days make the total.
    fn flush(&mut self) {
        if let Some((day, cell)) = self.day.take() {
            self.raw.merge_cell(CellKey::Total, &cell, 1);
            self.raw.merge_cell(CellKey::Day(day), &cell, 1);
        }
    }

    fn finish(mut self) -> Summary {
        self.flush();
        for (key, cell) in &self.answers {
            self.raw.merge_cell(*key, cell, 1);
        }
        self.raw
    }
}

fn effective(row: &Row<'_>) -> Result<Timestamp, Fault> {
    let own = row.get_ref(3)?.as_i64_or_null().map_err(|_| Fault::damaged("a time is not a number"))?;
    match own {
        Some(millis) => Ok(Timestamp::from_millis(millis)),
        None => Ok(codec::id(row.get_ref(0)?.as_blob().map_err(|_| Fault::damaged("an id is not bytes"))?)?.time()),
    }
}
