//! The raw computation of a total: the points of every submission, in one piece for every few blocks of a table.
//!
//! Handing rows over one by one would be most of the work, and a connection does it with one processor. So the database
//! joins the points, and a second connection helps where there is one to be had: both see one snapshot, and take the next
//! blocks from one list.

use crate::{
    cells,
    error::Fault,
    head, scan,
    session::{Session, Sessions},
};
use domain::summary::{Cell, CellKey};
use service::port::{BudgetId, TotalAt};
use sqlx::Executor;
use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

/// Blocks that are read at once: 2 MB, of some twenty thousand rows.
const BLOCKS: usize = 256;
/// A second connection that takes longer to come is done without.
const HELP: Duration = Duration::from_millis(200);

/// Blocks of a table in which there may be submissions, as what follows a `SELECT` of them.
struct Part(String);

/// What is still to be read.
struct Rest(Mutex<Vec<Part>>);

impl Rest {
    fn take(&self) -> Option<Part> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).pop()
    }
}

pub(crate) async fn raw_total(sessions: &Sessions, budget: BudgetId) -> Result<Option<TotalAt>, Fault> {
    let mut session = sessions.get().await?;
    session.begin_snapshot().await?;
    // Before the snapshot: whatever it sees is in the partitions that there are now, and in the blocks that they have.
    session.execute("LOCK TABLE submission IN ACCESS SHARE MODE").await?;
    session.allow(sessions.options().scan_timeout).await?;
    let Some(head) = head::find(&mut session, budget).await? else {
        session.end().await?;
        return Ok(None);
    };
    let parts = parts(&mut session, budget).await?;
    let snapshot = match parts.len() {
        0 | 1 => None,
        _ => Some(sqlx::query_scalar("SELECT pg_export_snapshot()").fetch_one(&mut *session).await?),
    };
    let rest = Rest(Mutex::new(parts));
    let (mut total, mut other) = (Cell::empty(head.categories), Cell::empty(head.categories));
    let helping = help(sessions, snapshot, &rest, &mut other);
    let (done, helped) = tokio::join!(count(&mut session, &rest, &mut total), helping);
    done?;
    helped?;
    total.merge(&other, 1);
    let archived = cells::ARCHIVED.some(&mut session, budget, std::iter::once(CellKey::Total)).await?;
    archived.values().for_each(|cell| total.merge(cell, 1));
    session.end().await?;
    Ok(Some(TotalAt { version: head.version, total }))
}

/// What is to be read of each table that holds submissions.
async fn parts(session: &mut Session, budget: BudgetId) -> Result<Vec<Part>, Fault> {
    let tables: Vec<(String, i64)> = sqlx::query_as(
        "SELECT relid::text, pg_relation_size(relid) / current_setting('block_size')::bigint
         FROM pg_partition_tree('submission') WHERE isleaf",
    )
    .fetch_all(&mut **session)
    .await?;
    let parts = tables.iter().flat_map(|(table, blocks)| {
        (0..*blocks).step_by(BLOCKS).map(move |first| {
            Part(format!(
                "FROM {table} WHERE budget = {} AND standing < 'a' AND ctid >= '({first},0)' AND ctid < '({},0)'",
                budget.0,
                first + BLOCKS as i64
            ))
        })
    });
    Ok(parts.collect())
}

/// Counts what a second connection reads, if there is one.
async fn help(sessions: &Sessions, snapshot: Option<String>, rest: &Rest, total: &mut Cell) -> Result<(), Fault> {
    let Some(snapshot) = snapshot else { return Ok(()) };
    let Ok(Ok(mut session)) = tokio::time::timeout(HELP, sessions.get()).await else { return Ok(()) };
    session.begin_snapshot().await?;
    // The server's own name for it: digits and dashes.
    session.execute(sqlx::AssertSqlSafe(format!("SET TRANSACTION SNAPSHOT '{snapshot}'"))).await?;
    session.allow(sessions.options().scan_timeout).await?;
    count(&mut session, rest, total).await?;
    session.end().await
}

async fn count(session: &mut Session, rest: &Rest, total: &mut Cell) -> Result<(), Fault> {
    let width = 2 * total.categories().len();
    while let Some(Part(part)) = rest.take() {
        let mut alike = true;
        let joined = format!("SELECT bool_and(octet_length(points) = {width}), string_agg(points, '') {part}");
        scan::stream(session, joined, |mut row| {
            match row.next()? {
                // Nobody.
                None => {}
                Some([1]) if width > 0 => {
                    for points in row.bytes()?.chunks_exact(width) {
                        total.count(scan::points(points)?.values(), 1);
                    }
                }
                Some(_) => alike = false,
            }
            Ok(())
        })
        .await?;
        if !alike {
            scan::stream(session, format!("SELECT points {part}"), |mut row| {
                total.count(scan::points(row.bytes()?)?.values(), 1);
                Ok(())
            })
            .await?;
        }
    }
    Ok(())
}
