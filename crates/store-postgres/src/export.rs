//! Everything of the database at one moment, page by page.
//!
//! One read-only transaction; cursors, so that every round trip is short however long the receiver takes. Each has a
//! limit; the whole has none, because the receiver sets the pace.

use crate::{
    archive, budgets,
    codec::{self, submission_columns},
    error::Fault,
    session::{Session, Sessions},
    summary,
};
use domain::Timestamp;
use service::port::{ExactSubmission, LegacyKey, LegacyResult, Overview, Part, Tombstone};
use sqlx::{Executor, Row, postgres::PgRow, types::Uuid};
use tokio::sync::mpsc;

/// Rows of one part.
const PAGE: usize = 5000;
const FETCH: &str = "FETCH 5000 FROM page";

const TOMBSTONES: &str = "DECLARE page NO SCROLL CURSOR FOR SELECT id, deleted_ms FROM tombstone ORDER BY id";
const SUBMISSIONS: &str = concat!(
    "DECLARE page NO SCROLL CURSOR FOR SELECT ",
    submission_columns!(),
    ", s.standing IN ('C', 'c') AS first_counted FROM submission s ORDER BY s.id"
);
const LEGACY_RESULTS: &str = "DECLARE page NO SCROLL CURSOR FOR SELECT key, id FROM legacy_result ORDER BY key";

pub(crate) async fn export(sessions: &Sessions, parts: &mpsc::Sender<Part>) -> Result<(), Fault> {
    let mut session = begin(sessions).await?;
    let overview = sessions.within_scan(overview(&mut session)).await?;
    // The index gives the order: sorting ten million rows first would be slower and need a disk.
    tell(sessions, &mut session, "SET LOCAL enable_sort = off; SET LOCAL enable_seqscan = off").await?;
    let wanted = parts.send(Part::Overview(overview)).await.is_ok()
        && pages(sessions, &mut session, TOMBSTONES, tombstone, Part::Tombstones, parts).await?
        && pages(sessions, &mut session, SUBMISSIONS, submission, Part::Submissions, parts).await?
        && pages(sessions, &mut session, LEGACY_RESULTS, legacy, Part::LegacyResults, parts).await?;
    if wanted {
        sessions.within(session.end()).await?;
    }
    Ok(())
}

/// One moment to read everything of. Between two pages the receiver may take its time; counting and the first page
/// may take some here.
pub(crate) async fn begin(sessions: &Sessions) -> Result<Session, Fault> {
    let begin = async {
        let mut session = sessions.get().await?;
        session.begin_snapshot().await?;
        let patience = format!("{}ms", sessions.options().scan_timeout.as_millis());
        sqlx::query(
            "SELECT set_config('idle_in_transaction_session_timeout', $1, true),
                set_config('statement_timeout', $1, true)",
        )
        .bind(patience)
        .execute(&mut *session)
        .await?;
        Ok(session)
    };
    sessions.within(begin).await
}

/// A statement without an answer.
async fn tell(sessions: &Sessions, session: &mut Session, statement: &'static str) -> Result<(), Fault> {
    let told = async {
        session.execute(statement).await?;
        Ok(())
    };
    sessions.within(told).await
}

async fn overview(session: &mut Session) -> Result<Overview, Fault> {
    let budgets = budgets::all_within(session).await?;
    let (mut summaries, mut archived) = (Vec::with_capacity(budgets.len()), Vec::with_capacity(budgets.len()));
    for record in &budgets {
        summaries.push(summary::readable(session, record.id).await?.summary);
        archived.push(archive::part(session, record.id).await?);
    }
    let submissions: i64 = sqlx::query_scalar("SELECT count(*) FROM submission").fetch_one(&mut **session).await?;
    Ok(Overview { budgets, summaries, submissions: submissions.unsigned_abs(), archived })
}

/// Sends all rows of the cursor `page`, which this declares; answers whether somebody still wants more.
pub(crate) async fn pages<T, P>(
    sessions: &Sessions,
    session: &mut Session,
    declare: &'static str,
    read: impl Fn(&PgRow) -> Result<T, Fault>,
    part: impl Fn(Vec<T>) -> P,
    parts: &mpsc::Sender<P>,
) -> Result<bool, Fault> {
    tell(sessions, session, declare).await?;
    loop {
        // What it answers changes with the cursor.
        let page = async { Ok(sqlx::query(FETCH).persistent(false).fetch_all(&mut **session).await?) };
        let rows = sessions.within_scan(page).await?;
        let full = rows.len() == PAGE;
        if !rows.is_empty() {
            let page = rows.iter().map(&read).collect::<Result<_, _>>()?;
            if parts.send(part(page)).await.is_err() {
                return Ok(false);
            }
        }
        if !full {
            tell(sessions, session, "CLOSE page").await?;
            return Ok(true);
        }
    }
}

fn tombstone(row: &PgRow) -> Result<Tombstone, Fault> {
    Ok(Tombstone { id: codec::id(row.try_get("id")?)?, deleted: Timestamp::from_millis(row.try_get("deleted_ms")?) })
}

fn submission(row: &PgRow) -> Result<ExactSubmission, Fault> {
    Ok(ExactSubmission { stored: codec::read_submission(row)?, first_counted: row.try_get("first_counted")? })
}

fn legacy(row: &PgRow) -> Result<LegacyResult, Fault> {
    let key: Uuid = row.try_get("key")?;
    Ok(LegacyResult { key: LegacyKey(*key.as_bytes()), id: codec::id(row.try_get("id")?)? })
}
