//! The raw computation: every submission of a budget, streamed as binary `COPY`.

use crate::{
    codec,
    copy::{Fields, Rows},
    error::Fault,
    head,
    points::Points,
    session::{Session, Sessions},
    standing::Participants,
    summary,
};
use domain::{
    Day, Timestamp,
    summary::{Cell, CellKey, Summary},
};
use futures_util::TryStreamExt;
use service::port::{Audit, BudgetId, TotalAt};
use std::collections::BTreeMap;

/// Rows between two reports of progress.
const REPORT: u64 = 100_000;

/// Runs a `SELECT` and hands over its rows.
async fn stream(
    session: &mut Session,
    select: String,
    mut each: impl FnMut(Fields<'_>) -> Result<(), Fault>,
) -> Result<(), Fault> {
    let copy = format!("COPY ({select}) TO STDOUT (FORMAT binary)");
    let mut chunks = session.copy_out_raw(&copy).await?;
    let mut rows = Rows::default();
    while let Some(chunk) = chunks.try_next().await? {
        rows.feed(&chunk, &mut each)?;
    }
    Ok(())
}

pub(crate) async fn raw_total(sessions: &Sessions, budget: BudgetId) -> Result<Option<TotalAt>, Fault> {
    let mut session = sessions.get().await?;
    session.begin_snapshot().await?;
    session.allow(sessions.options().scan_timeout).await?;
    let Some(head) = head::find(&mut session, budget).await? else {
        session.end().await?;
        return Ok(None);
    };
    let mut total = Cell::empty(head.categories);
    let select = format!("SELECT points FROM submission WHERE budget = {} AND counted", budget.0);
    stream(&mut session, select, |mut row| {
        total.count(Points::read(row.bytes()?)?.values(), 1);
        Ok(())
    })
    .await?;
    session.end().await?;
    Ok(Some(TotalAt { version: head.version, total }))
}

pub(crate) async fn audit(
    sessions: &Sessions,
    budget: BudgetId,
    progress: &(dyn Fn(u64) + Sync),
) -> Result<Option<Audit>, Fault> {
    let mut session = sessions.get().await?;
    session.begin_snapshot().await?;
    session.allow(sessions.options().scan_timeout).await?;
    let Some(head) = head::find(&mut session, budget).await? else {
        session.end().await?;
        return Ok(None);
    };
    let summary = summary::whole(&mut session, budget).await?;
    let mut scan = Scan::default();
    let mut read = 0;
    let select = format!(
        "SELECT id, counted, participant, effective_ms, points, segments FROM submission
         WHERE budget = {} AND (counted OR participant IS NOT NULL)",
        budget.0
    );
    stream(&mut session, select, |row| {
        scan.take(row)?;
        read += 1;
        if read % REPORT == 0 {
            progress(read);
        }
        Ok(())
    })
    .await?;
    progress(read);
    let wrong_participants = std::mem::take(&mut scan.participants).wrong(&mut session, budget).await?;
    session.end().await?;
    Ok(Some(Audit { version: head.version, summary, raw: scan.finish(), wrong_participants }))
}

#[derive(Default)]
struct Scan {
    /// Rows come roughly in the order of their commits, so mostly of one day after the other.
    day: Option<(Day, Cell)>,
    answers: BTreeMap<CellKey, Cell>,
    raw: Summary,
    participants: Participants,
}

impl Scan {
    fn take(&mut self, mut row: Fields<'_>) -> Result<(), Fault> {
        let id = codec::id_from(row.bytes()?)?;
        let counts = row.flag()?;
        let participant = row.number()?;
        let effective = row.number()?.map_or(id.time(), Timestamp::from_millis);
        if let Some(participant) = participant {
            self.participants.meet(participant, effective, counts);
        }
        if counts {
            let points = Points::read(row.bytes()?)?;
            self.count(effective.day(), points.values());
            if let Some(answers) = row.next()? {
                self.count_answers(answers, points.values());
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
