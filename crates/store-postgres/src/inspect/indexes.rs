//! Indexes that nobody uses, that are broken, or that are missed.

use super::{count, reading};
use crate::{error::Fault, session::Sessions};
use service::port::{Finding, IndexUse, Told};

/// Smaller ones cost nothing worth a word.
const BYTES: u64 = 1 << 20;
/// How often a table of this many rows may be read whole before it seems to lack an index.
const ROWS: i64 = 10_000;
const WHOLE_READS: i64 = 100;

type Row = (String, String, i64, i64, bool, bool);

pub(super) async fn all(sessions: &Sessions) -> Result<Told<IndexUse>, Fault> {
    let mut session = reading(sessions).await?;
    // Those of the months belong to the index of the partitioned table.
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT coalesce(whole_table.relname, t.relname)::text, coalesce(whole_index.relname, i.relname)::text,
            sum(pg_relation_size(i.oid))::bigint, sum(s.idx_scan)::bigint, bool_or(x.indisunique), bool_and(x.indisvalid)
         FROM pg_stat_user_indexes s
         JOIN pg_index x ON x.indexrelid = s.indexrelid
         JOIN pg_class i ON i.oid = s.indexrelid
         JOIN pg_class t ON t.oid = s.relid
         LEFT JOIN pg_inherits of_index ON of_index.inhrelid = i.oid
         LEFT JOIN pg_class whole_index ON whole_index.oid = of_index.inhparent
         LEFT JOIN pg_inherits of_table ON of_table.inhrelid = t.oid
         LEFT JOIN pg_class whole_table ON whole_table.oid = of_table.inhparent
         WHERE s.schemaname = current_schema() GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2",
    )
    .fetch_all(&mut *session)
    .await?;
    let read_whole: Vec<(String, i64, i64)> = sqlx::query_as(
        "SELECT relname::text, seq_scan, n_live_tup FROM pg_stat_user_tables
         WHERE schemaname = current_schema() AND n_live_tup > $1 AND seq_scan > $2 AND seq_scan > coalesce(idx_scan, 0)
         ORDER BY seq_tup_read DESC",
    )
    .bind(ROWS)
    .bind(WHOLE_READS)
    .fetch_all(&mut *session)
    .await?;
    let since: Option<String> = sqlx::query_scalar(
        "SELECT to_char(stats_reset AT TIME ZONE 'UTC', 'YYYY-MM-DD') FROM pg_stat_database
         WHERE datname = current_database()",
    )
    .fetch_one(&mut *session)
    .await?;
    session.end().await?;
    let since = since.map_or_else(|| "since the database was made".to_owned(), |day| format!("since {day}"));
    let mut told = Told::default();
    for (table, index, bytes, uses, unique, valid) in rows {
        let row = IndexUse { table, index, bytes: Some(count(bytes)), uses: Some(count(uses)), unique };
        if !valid {
            told.findings.push(Finding::fail(
                format!("the index {} is not valid", row.index),
                format!("`REINDEX INDEX CONCURRENTLY {}`", row.index),
            ));
        }
        if uses == 0 && !unique && row.bytes > Some(BYTES) {
            told.findings.push(Finding::warn(
                format!("nobody has used the index {} {since}", row.index),
                "if that stays so for weeks of ordinary use, report it: only a migration may drop it",
            ));
        }
        told.rows.push(row);
    }
    for (table, times, rows) in read_whole {
        told.findings.push(Finding::warn(
            format!("{table} ({rows} rows) was read whole {times} times {since}, more often than by an index"),
            "`allot db analyze --mode slow` names the statements; `aggregates verify` and `db stats` do it on purpose",
        ));
    }
    if told.findings.is_empty() {
        told.findings.push(Finding::ok("no index is missed, broken or unused"));
    }
    Ok(told)
}
