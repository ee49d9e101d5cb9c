//! One partition a month of the submissions' ids, made ahead of time.

use crate::{error::Fault, session::Sessions};
use domain::{SubmissionId, Timestamp};
use sqlx::PgConnection;
use std::collections::BTreeMap;

/// How far ahead: weeks of failing upkeep leave no month without a partition. Not further, because every look-up by
/// participant asks every partition, also an empty one.
const DAYS_AHEAD: i64 = 92;

/// The months from `now` on; answers how many were made.
pub(crate) async fn ensure_ahead(sessions: &Sessions, now: Timestamp) -> Result<u64, Fault> {
    let mut session = sessions.get().await?;
    let made: i64 = sqlx::query_scalar("SELECT ensure_partitions($1, $2)")
        .bind(now.as_millis())
        .bind(now.plus_days(DAYS_AHEAD).as_millis())
        .fetch_one(&mut *session)
        .await
        .map_err(Fault::of_a_change)?;
    session.done();
    Ok(made.unsigned_abs())
}

/// From four months back, for ids that were made long ago, to two months ahead.
pub(crate) async fn ensure_around_now(connection: &mut PgConnection) -> Result<(), Fault> {
    sqlx::query(
        "SELECT ensure_partitions((extract(epoch FROM now() - interval '4 months') * 1000)::bigint,
                                  (extract(epoch FROM now() + interval '2 months') * 1000)::bigint)",
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// The months of these ids, and no others.
pub(crate) async fn ensure_for(
    connection: &mut PgConnection,
    ids: impl Iterator<Item = SubmissionId>,
) -> Result<(), Fault> {
    let mut months = BTreeMap::new();
    for id in ids {
        let (year, month, _) = id.time().day().to_civil();
        months.insert((year, month), id.time().as_millis());
    }
    let times: Vec<i64> = months.into_values().collect();
    sqlx::query("SELECT ensure_partition(ms) FROM unnest($1::bigint[]) AS ms").bind(times).execute(connection).await?;
    Ok(())
}
