//! The raw computation of a total: the points of every submission, put together by the database block by block.
//!
//! A message for each row costs more than all the rest, so the database joins the points of some thousand rows to one
//! value. It does the next blocks while those before are counted.

use crate::{cells, error::Fault, head, session::Session, session::Sessions};
use domain::summary::{Cell, CellKey};
use service::{
    counting::Points,
    port::{BudgetId, TotalAt},
};
use sqlx::{AssertSqlSafe, Executor};
use std::ops::Range;

/// Blocks that are read at once: 2 MB, of some twenty thousand rows.
const BLOCKS: i64 = 256;

/// The points of one length, all in a row.
type Joined = (i32, Vec<u8>);

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
    let mut total = Cell::empty(head.categories);
    let mut before = Vec::new();
    for (partition, blocks) in partitions(&mut session).await? {
        let select = select(&partition);
        for first in (0..blocks).step_by(BLOCKS as usize) {
            let next = joined(&mut session, &select, budget, first..first + BLOCKS);
            // The first of both is asked first, and so the database is at work while this counts.
            let (next, counted) = tokio::join!(biased; next, async { count(&mut total, &before) });
            counted?;
            before = next?;
        }
    }
    count(&mut total, &before)?;
    let archived = cells::ARCHIVED.some(&mut session, budget, std::iter::once(CellKey::Total)).await?;
    archived.values().for_each(|cell| total.merge(cell, 1));
    session.end().await?;
    Ok(Some(TotalAt { version: head.version, total }))
}

/// The names of the tables that hold submissions, quoted, and how many blocks they have.
async fn partitions(session: &mut Session) -> Result<Vec<(String, i64)>, Fault> {
    Ok(sqlx::query_as(
        "SELECT relid::text, pg_relation_size(relid) / current_setting('block_size')::bigint
         FROM pg_partition_tree('submission') WHERE isleaf",
    )
    .fetch_all(&mut **session)
    .await?)
}

fn select(partition: &str) -> String {
    format!(
        "SELECT octet_length(points), string_agg(points, ''::bytea) FROM {partition}
         WHERE budget = $1 AND standing < 'a' AND ctid >= $2::text::tid AND ctid < $3::text::tid
         GROUP BY octet_length(points)"
    )
}

async fn joined(
    session: &mut Session,
    select: &str,
    budget: BudgetId,
    blocks: Range<i64>,
) -> Result<Vec<Joined>, Fault> {
    let start = |block| format!("({block},0)");
    Ok(sqlx::query_as(AssertSqlSafe(select))
        .bind(budget.0)
        .bind(start(blocks.start))
        .bind(start(blocks.end))
        .fetch_all(&mut **session)
        .await?)
}

fn count(total: &mut Cell, joined: &[Joined]) -> Result<(), Fault> {
    for (length, points) in joined {
        let length = usize::try_from(*length).ok().filter(|length| *length > 0).ok_or_else(wrong_length)?;
        for points in points.chunks(length) {
            total.count(Points::read(points).ok_or_else(wrong_length)?.values(), 1);
        }
    }
    Ok(())
}

fn wrong_length() -> Fault {
    Fault::damaged("points have a wrong length")
}
