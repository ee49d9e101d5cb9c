//! What takes how much room.

use super::{count, reading};
use crate::{error::Fault, session::Sessions};
use service::port::{Finding, TableSize, Told};

/// Dead rows that are worth a word: a share of the table, and a number.
const DEAD_PERCENT: u64 = 20;
const DEAD_ROWS: u64 = 10_000;

type Table = (String, i64, i64, i64, i64, Option<String>);

pub(super) async fn tables(sessions: &Sessions) -> Result<Told<TableSize>, Fault> {
    let mut session = reading(sessions).await?;
    let rows: Vec<Table> = sqlx::query_as(
        "SELECT s.relname::text, greatest(s.n_live_tup, c.reltuples::bigint, 0), s.n_dead_tup, pg_table_size(c.oid),
            pg_indexes_size(c.oid),
            to_char(greatest(s.last_vacuum, s.last_autovacuum) AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI')
         FROM pg_stat_user_tables s JOIN pg_class c ON c.oid = s.relid
         WHERE s.schemaname = current_schema() ORDER BY pg_total_relation_size(c.oid) DESC, 1",
    )
    .fetch_all(&mut *session)
    .await?;
    session.end().await?;
    let mut told = Told::default();
    for (table, live, dead, bytes, index_bytes, cleaned) in rows {
        let (live, dead) = (count(live), count(dead));
        let waste = (dead * 100).checked_div(live + dead).unwrap_or_default();
        if dead > DEAD_ROWS && waste > DEAD_PERCENT {
            told.findings.push(Finding::warn(
                format!("{waste} % of the rows of {table} are dead"),
                format!("`VACUUM (ANALYZE) {table}`; if it comes back, see whether a transaction stays open for long"),
            ));
        }
        told.rows.push(TableSize {
            table,
            rows: Some(live),
            bytes: Some(count(bytes)),
            index_bytes: Some(count(index_bytes)),
            waste_percent: Some(waste),
            cleaned,
        });
    }
    told.untold.push(
        "room within a table that is free for new rows; the extension pgstattuple tells (`SELECT * FROM \
         pgstattuple_approx('submission_2026_05')`), and `VACUUM (FULL)` gives it back"
            .into(),
    );
    Ok(told)
}
