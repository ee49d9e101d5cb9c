//! What keeps the server busy: statements, connections, reads from the disk.

use super::{count, reading, setting};
use crate::{error::Fault, session::Sessions};
use service::port::{CacheUse, ConnectionUse, Finding, StatementCost, Told};
use std::time::Duration;

/// Statements that are listed.
const STATEMENTS: i64 = 20;
/// Characters of a statement that are shown.
const CHARACTERS: i32 = 200;
/// Connections in use, in percent of those that there may be, that leave too few.
const CROWDED_PERCENT: i64 = 80;
/// Seconds after which an open transaction that does nothing is forgotten by somebody.
const FORGOTTEN: u64 = 60;
/// Blocks read before a share of hits says anything, and the share below which memory is short.
const ENOUGH_BLOCKS: u64 = 100_000;
const HITS_PERCENT: u64 = 95;

const SWITCH_ON: &str = "statements are not counted: set shared_preload_libraries = 'pg_stat_statements' in \
    postgresql.conf, restart PostgreSQL, and run `CREATE EXTENSION pg_stat_statements` in this database as a superuser";
const ALLOW: &str = "statements of other users are not shown: `GRANT pg_read_all_stats` to the user of DATABASE_URL";

type Statement = (String, i64, f64, f64, f64);

/// From `pg_stat_statements`, whose texts have no values in them.
pub(super) async fn statements(sessions: &Sessions, at_least: Duration) -> Result<Told<StatementCost>, Fault> {
    let mut session = reading(sessions).await?;
    let is_there: bool = sqlx::query_scalar(
        "SELECT to_regclass('pg_stat_statements') IS NOT NULL
            AND current_setting('pg_stat_statements.max', true) IS NOT NULL",
    )
    .fetch_one(&mut *session)
    .await?;
    if !is_there {
        session.end().await?;
        return Ok(Told { untold: vec![SWITCH_ON.into()], ..Told::default() });
    }
    let rows: Vec<Statement> = sqlx::query_as(
        "SELECT left(regexp_replace(query, '\\s+', ' ', 'g'), $3), calls, mean_exec_time, max_exec_time, total_exec_time
         FROM pg_stat_statements
         WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database()) AND mean_exec_time >= $1
         ORDER BY total_exec_time DESC LIMIT $2",
    )
    .bind(at_least.as_secs_f64() * 1e3)
    .bind(STATEMENTS)
    .bind(CHARACTERS)
    .fetch_all(&mut *session)
    .await?;
    session.end().await?;
    let hidden = rows.iter().any(|(statement, ..)| statement.contains("<insufficient privilege>"));
    let row = |(statement, calls, mean, max, total): Statement| StatementCost {
        statement,
        calls: Some(count(calls)),
        mean_ms: Some(mean),
        max_ms: Some(max),
        total_ms: Some(total),
        plan: None,
    };
    Ok(Told {
        rows: rows.into_iter().map(row).collect(),
        findings: Vec::new(),
        untold: hidden.then(|| ALLOW.to_owned()).into_iter().collect(),
    })
}

pub(super) async fn connections(sessions: &Sessions) -> Result<Told<ConnectionUse>, Fault> {
    let mut session = reading(sessions).await?;
    let rows: Vec<(String, String, i64, i64, i64)> = sqlx::query_as(
        "SELECT coalesce(nullif(application_name, ''), '(no name)'), coalesce(state, backend_type, 'hidden'), count(*),
            count(*) FILTER (WHERE wait_event_type = 'Lock'),
            coalesce(max(extract(epoch FROM clock_timestamp() - state_change)), 0)::bigint
         FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
         GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2",
    )
    .fetch_all(&mut *session)
    .await?;
    let (used, most): (i64, i64) = sqlx::query_as(
        "SELECT (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'),
            current_setting('max_connections')::bigint",
    )
    .fetch_one(&mut *session)
    .await?;
    session.end().await?;
    let mut told = Told::default();
    let share = format!("{used} of {most} connections are in use, over all databases of this server");
    told.findings.push(if used * 100 > most * CROWDED_PERCENT {
        Finding::warn(share, "raise max_connections, or lower ALLOT_DATABASE_POOL of the processes")
    } else {
        Finding::ok(share)
    });
    for (program, state, connections, waiting, longest) in rows {
        let row = ConnectionUse {
            program,
            state,
            connections: count(connections),
            waiting: count(waiting),
            longest_s: count(longest),
        };
        if row.state.starts_with("idle in transaction") && row.longest_s > FORGOTTEN {
            told.findings.push(Finding::warn(
                format!("{} has a transaction open and does nothing, for {} s", row.program, row.longest_s),
                "end it: rows that it may still see can't be cleaned up, and what it locks stays locked",
            ));
        }
        if row.waiting > 0 {
            told.findings.push(Finding::warn(
                format!("{} connections of {} wait for a lock", row.waiting, row.program),
                "short waits for a budget's head are normal; if it lasts, `SELECT pid, pg_blocking_pids(pid) FROM \
                 pg_stat_activity` names who holds it",
            ));
        }
        told.rows.push(row);
    }
    told.untold.push("what each process's own pool does, only that process knows: its `GET /ops/performance`".into());
    Ok(told)
}

pub(super) async fn caches(sessions: &Sessions) -> Result<Told<CacheUse>, Fault> {
    let mut session = reading(sessions).await?;
    let rows: Vec<(String, i64, i64)> = sqlx::query_as(
        "SELECT 'tables', coalesce(sum(heap_blks_hit), 0)::bigint, coalesce(sum(heap_blks_read), 0)::bigint
         FROM pg_statio_user_tables
         UNION ALL
         SELECT 'indexes', coalesce(sum(idx_blks_hit), 0)::bigint, coalesce(sum(idx_blks_read), 0)::bigint
         FROM pg_statio_user_tables
         UNION ALL
         SELECT 'all of this database', blks_hit, blks_read FROM pg_stat_database WHERE datname = current_database()",
    )
    .fetch_all(&mut *session)
    .await?;
    let buffers = setting(&mut session, "shared_buffers").await?;
    session.end().await?;
    let mut told = Told::default();
    for (what, hits, misses) in rows {
        let row = CacheUse { what, hits: count(hits), misses: count(misses) };
        let all = row.hits + row.misses;
        if all > ENOUGH_BLOCKS && row.hits * 100 < all * HITS_PERCENT {
            told.findings.push(Finding::warn(
                format!("{} % of the blocks of {} were in memory", row.hits * 100 / all, row.what),
                format!("raise shared_buffers (now {buffers}), to about a quarter of the machine's memory"),
            ));
        }
        told.rows.push(row);
    }
    if told.findings.is_empty() {
        told.findings.push(Finding::ok(format!("memory serves (shared_buffers is {buffers})")));
    }
    told.untold.push("whether a block that was read came from the disk or from the system's own cache".into());
    Ok(told)
}
