//! Whether the server keeps what it acknowledged, and is kept up itself.

use super::{reading, setting};
use crate::{error::Fault, session::Sessions};
use service::port::Finding;
use sqlx::PgConnection;

/// The oldest version that Allot is tested with.
const OLDEST: i32 = 150_000;
/// Transactions since rows were last frozen: PostgreSQL stops at two thousand million.
const AGE_WARN: i64 = 500_000_000;
const AGE_FAIL: i64 = 1_500_000_000;
/// Seconds of a transaction that keeps dead rows from being cleaned up.
const LONG: i64 = 900;
/// Deltas that a running server would have folded long ago.
const UNFOLDED: i64 = 10_000;
/// Bytes of the log that are kept for a replica that does not come.
const KEPT_LOG: i64 = 1 << 30;

pub(super) async fn findings(sessions: &Sessions) -> Result<Vec<Finding>, Fault> {
    let mut session = reading(sessions).await?;
    let mut found = Vec::new();
    let replica: bool = sqlx::query_scalar("SELECT pg_is_in_recovery()").fetch_one(&mut *session).await?;
    if replica {
        let what = "this server is a replica, which takes no submissions";
        found.push(Finding::fail(what, "name the primary in DATABASE_URL, and this one in DATABASE_READ_URL"));
    }
    version(&mut session, &mut found).await?;
    safety(&mut session, &mut found).await?;
    age(&mut session, &mut found).await?;
    if !replica {
        slots(&mut session, &mut found).await?;
    }
    ours(&mut session, &mut found).await?;
    session.end().await?;
    Ok(found)
}

async fn version(connection: &mut PgConnection, found: &mut Vec<Finding>) -> Result<(), Fault> {
    let (number, text): (i32, String) =
        sqlx::query_as("SELECT current_setting('server_version_num')::integer, current_setting('server_version')")
            .fetch_one(connection)
            .await?;
    let what = format!("PostgreSQL {text}");
    found.push(if number < OLDEST { Finding::fail(what, "Allot needs 15 or newer") } else { Finding::ok(what) });
    Ok(())
}

async fn safety(connection: &mut PgConnection, found: &mut Vec<Finding>) -> Result<(), Fault> {
    let lost = "an acknowledged submission could be lost with the power: set it to on";
    for name in ["fsync", "full_page_writes", "synchronous_commit"] {
        let value = setting(connection, name).await?;
        let what = format!("{name} is {value}");
        found.push(if value == "off" { Finding::fail(what, lost) } else { Finding::ok(what) });
    }
    let kept_up = "dead rows are not cleaned up, and in the end the server stops: set it to on";
    for name in ["autovacuum", "track_counts"] {
        let value = setting(connection, name).await?;
        let what = format!("{name} is {value}");
        found.push(if value == "off" { Finding::warn(what, kept_up) } else { Finding::ok(what) });
    }
    let checksums = setting(connection, "data_checksums").await?;
    let more =
        if checksums == "off" { " (`pg_checksums --enable` on a stopped server lets damage be noticed)" } else { "" };
    found.push(Finding::ok(format!("data_checksums is {checksums}{more}")));
    Ok(())
}

async fn age(connection: &mut PgConnection, found: &mut Vec<Finding>) -> Result<(), Fault> {
    let (age, longest, prepared): (i64, i64, i64) = sqlx::query_as(
        "SELECT (SELECT age(datfrozenxid)::bigint FROM pg_database WHERE datname = current_database()),
            (SELECT coalesce(max(extract(epoch FROM clock_timestamp() - xact_start)), 0)::bigint FROM pg_stat_activity
             WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()),
            (SELECT count(*) FROM pg_prepared_xacts)",
    )
    .fetch_one(connection)
    .await?;
    let what = format!("{age} transactions since all rows were last frozen");
    let freeze = "see why autovacuum does not keep up, and run `VACUUM (FREEZE)` in a quiet hour";
    found.push(match age {
        age if age <= AGE_WARN => Finding::ok(what),
        age if age <= AGE_FAIL => Finding::warn(what, freeze),
        _ => Finding::fail(what, freeze),
    });
    if longest > LONG {
        let what = format!("a transaction has been open for {longest} s");
        found.push(Finding::warn(
            what,
            "nothing that it may still see can be cleaned up: `allot db analyze --mode pool`",
        ));
    }
    if prepared > 0 {
        let what = format!("{prepared} prepared transactions wait for their end");
        found.push(Finding::warn(what, "Allot makes none: `SELECT * FROM pg_prepared_xacts`, and roll them back"));
    }
    Ok(())
}

/// Replicas that are away make the primary keep its log.
async fn slots(connection: &mut PgConnection, found: &mut Vec<Finding>) -> Result<(), Fault> {
    let slots: Vec<(String, i64)> = sqlx::query_as(
        "SELECT slot_name::text, coalesce(pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn), 0)::bigint
         FROM pg_replication_slots WHERE NOT active ORDER BY 1",
    )
    .fetch_all(connection)
    .await?;
    for (slot, bytes) in slots {
        let what = format!("nobody reads the replication slot {slot}, for which {} MiB of log are kept", bytes >> 20);
        let advice =
            format!("start its replica, or `SELECT pg_drop_replication_slot('{slot}')`: the disk fills otherwise");
        found.push(if bytes > KEPT_LOG { Finding::fail(what, advice) } else { Finding::warn(what, advice) });
    }
    Ok(())
}

/// Of Allot's own tables.
async fn ours(connection: &mut PgConnection, found: &mut Vec<Finding>) -> Result<(), Fault> {
    let is_there: bool =
        sqlx::query_scalar("SELECT to_regclass('submission') IS NOT NULL AND to_regclass('summary_delta') IS NOT NULL")
            .fetch_one(&mut *connection)
            .await?;
    if !is_there {
        found.push(Finding::fail("Allot's tables are not there", "`allot migrate` makes them"));
        return Ok(());
    }
    let (unfolded, this_month, next_month): (i64, bool, bool) = sqlx::query_as(
        "SELECT (SELECT count(*) FROM summary_delta),
            to_regclass(to_char(now() AT TIME ZONE 'UTC', '\"submission_\"YYYY_MM')) IS NOT NULL,
            to_regclass(to_char((now() AT TIME ZONE 'UTC') + interval '1 month', '\"submission_\"YYYY_MM')) IS NOT NULL",
    )
    .fetch_one(connection)
    .await?;
    let what = format!("{unfolded} deltas are not folded into the summary");
    found.push(if unfolded > UNFOLDED {
        Finding::warn(what, "a running server folds them every second, and so does `allot cache warm`")
    } else {
        Finding::ok(what)
    });
    let make = "every running server makes months ahead of time; `allot migrate` makes them now";
    found.push(match (this_month, next_month) {
        (true, true) => Finding::ok("the months to come have their partitions"),
        (true, false) => Finding::warn("the next month has no partition yet", make),
        (false, _) => Finding::fail("this month has no partition: submissions can't be stored", make),
    });
    Ok(())
}
