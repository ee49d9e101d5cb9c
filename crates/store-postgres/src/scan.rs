//! The audit: every submission of a budget, streamed as binary `COPY`, and what was archived, against the summary.

use crate::{
    cells,
    codec::{self, submission_columns},
    copy::{Fields, Rows},
    error::Fault,
    head,
    session::{Session, Sessions},
    summary,
};
use domain::Timestamp;
use futures_util::TryStreamExt;
use service::{
    counting::{Participants, Points, Tally, is_right},
    port::{Audit, BudgetId, Participant},
};
use sqlx::PgConnection;

/// Rows between two reports of progress.
const REPORT: u64 = 100_000;

/// Runs a `SELECT` and hands over its rows.
pub(crate) async fn stream(
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
    let found = summary::readable(&mut session, budget).await?;
    let mut scan = Scan::default();
    let mut read = 0;
    let select = format!(
        "SELECT id, standing < 'a', participant, effective_ms, points, segments FROM submission
         WHERE budget = {} AND (standing < 'a' OR participant IS NOT NULL)",
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
    let wrong_participants = wrong(&mut session, budget, &scan.participants).await?;
    let mut raw = scan.tally.finish();
    raw.merge(&cells::ARCHIVED.all(&mut session, budget).await?, 1);
    session.end().await?;
    let unreadable = found.unreadable();
    Ok(Some(Audit { version: head.version, summary: found.summary, unreadable, raw, wrong_participants }))
}

#[derive(Default)]
struct Scan {
    tally: Tally,
    participants: Participants,
}

impl Scan {
    fn take(&mut self, mut row: Fields<'_>) -> Result<(), Fault> {
        let id = codec::id_from(row.bytes()?)?;
        let counts = row.flag()?;
        let participant = row.number()?;
        let effective = row.number()?.map_or(id.time(), Timestamp::from_millis);
        if let Some(participant) = participant {
            self.participants.meet(Participant(participant.cast_unsigned()), effective, counts);
        }
        if counts {
            let points = points(row.bytes()?)?;
            self.tally.count(effective.day(), row.next()?.unwrap_or_default(), points.values());
        }
        Ok(())
    }
}

pub(crate) fn points(bytes: &[u8]) -> Result<Points, Fault> {
    Points::read(bytes).ok_or_else(|| Fault::damaged("points have a wrong length"))
}

/// How many participants are wrong; those whom their times don't decide are looked up one by one.
async fn wrong(snapshot: &mut PgConnection, budget: BudgetId, participants: &Participants) -> Result<u64, Fault> {
    let mut wrong = participants.wrong();
    for participant in participants.ties() {
        let rows = sqlx::query(concat!(
            "SELECT ",
            submission_columns!(),
            " FROM submission s WHERE participant = $1 AND budget = $2"
        ))
        .bind(codec::participant(participant))
        .bind(budget.0)
        .fetch_all(&mut *snapshot)
        .await?;
        let rows: Result<Vec<_>, _> = rows.iter().map(codec::read_submission).collect();
        wrong += u64::from(!is_right(rows?));
    }
    Ok(wrong)
}
