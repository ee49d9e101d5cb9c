//! Reading single submissions.

use crate::{
    codec::{self, submission_columns},
    error::Fault,
    session::Sessions,
};
use domain::{Day, SubmissionId, Timestamp};
use service::port::{Attendance, BudgetId, LegacyKey, Lookup, Participant, StoredSubmission};
use sqlx::{Row, types::Uuid};

/// Each id is looked up by itself, so that it touches the partition of its month and no other.
macro_rules! lookup {
    ($before:literal) => {
        concat!(
            $before,
            "SELECT ",
            submission_columns!(),
            ", EXISTS (SELECT FROM tombstone t WHERE t.id = k.id) AS deleted
             FROM unnest($1::uuid[]) WITH ORDINALITY AS k(id, place)
             LEFT JOIN LATERAL (SELECT * FROM submission WHERE id = k.id LIMIT 1) AS s ON true
             ORDER BY k.place"
        )
    };
}

pub(crate) async fn lookup(sessions: &Sessions, ids: &[SubmissionId]) -> Result<Vec<Option<Lookup>>, Fault> {
    let keys: Vec<Uuid> = ids.iter().map(|id| codec::uuid(*id)).collect();
    let mut session = sessions.get().await?;
    let rows = sqlx::query(lookup!("")).bind(keys).fetch_all(&mut *session).await?;
    session.done();
    rows.iter()
        .map(|row| {
            if row.try_get::<Option<Uuid>, _>("id")?.is_some() {
                return Ok(Some(Lookup::Found(Box::new(codec::read_submission(row)?))));
            }
            Ok(row.try_get::<bool, _>("deleted")?.then_some(Lookup::Deleted))
        })
        .collect()
}

/// Where results of another application are now.
pub(crate) async fn legacy_results(
    sessions: &Sessions,
    keys: &[LegacyKey],
) -> Result<Vec<Option<SubmissionId>>, Fault> {
    let mut session = sessions.get().await?;
    let ids: Vec<Option<Uuid>> = sqlx::query_scalar(
        "SELECT l.id FROM unnest($1::uuid[]) WITH ORDINALITY AS k(key, place)
         LEFT JOIN legacy_result l ON l.key = k.key ORDER BY k.place",
    )
    .bind(keys.iter().map(|key| Uuid::from_bytes(key.0)).collect::<Vec<_>>())
    .fetch_all(&mut *session)
    .await?;
    session.done();
    ids.into_iter().map(|id| id.map(codec::id).transpose()).collect()
}

/// The plan, after running it.
pub(crate) async fn explain(sessions: &Sessions, ids: &[SubmissionId]) -> Result<String, Fault> {
    let keys: Vec<Uuid> = ids.iter().map(|id| codec::uuid(*id)).collect();
    let mut session = sessions.get().await?;
    let lines: Vec<String> =
        sqlx::query_scalar(lookup!("EXPLAIN (ANALYZE, TIMING off) ")).bind(keys).fetch_all(&mut *session).await?;
    session.done();
    Ok(lines.join("\n"))
}

/// Newest first by what decides which one counts.
pub(crate) async fn history(
    sessions: &Sessions,
    participant: Participant,
    limit: u32,
) -> Result<Vec<StoredSubmission>, Fault> {
    let mut session = sessions.get().await?;
    let rows = sqlx::query(concat!(
        "SELECT ",
        submission_columns!(),
        " FROM submission s WHERE participant = $1
         ORDER BY coalesce(effective_ms, id_ms(id)) DESC, version DESC, id DESC LIMIT $2"
    ))
    .bind(codec::participant(participant))
    .bind(i64::from(limit))
    .fetch_all(&mut *session)
    .await?;
    session.done();
    rows.iter().map(codec::read_submission).collect()
}

/// One statement; each half has an index of its own.
pub(crate) async fn attendance(
    sessions: &Sessions,
    participant: Participant,
    budget: BudgetId,
) -> Result<Attendance, Fault> {
    let mut session = sessions.get().await?;
    let row = sqlx::query(concat!(
        "SELECT a.submissions, ",
        submission_columns!(),
        " FROM (SELECT count(*) AS submissions FROM submission WHERE participant = $1) AS a
         LEFT JOIN LATERAL (
             SELECT * FROM submission WHERE participant = $1 AND budget = $2 AND standing < 'a' LIMIT 1
         ) AS s ON true"
    ))
    .bind(codec::participant(participant))
    .bind(budget.0)
    .fetch_one(&mut *session)
    .await?;
    session.done();
    let is_there = row.try_get::<Option<Uuid>, _>("id")?.is_some();
    Ok(Attendance {
        submissions: row.try_get::<i64, _>("submissions")?.unsigned_abs(),
        counted: is_there.then(|| codec::read_submission(&row)).transpose()?,
    })
}

/// Submissions of the newest `days` days that have any, counted or not. Ids begin with their time, so this
/// reads the newest partitions only; what was sent with a future id is on the day of its commit.
pub(crate) async fn per_day(sessions: &Sessions, budget: BudgetId, days: u32) -> Result<Vec<(Day, u64)>, Fault> {
    let mut session = sessions.get().await?;
    let newest: Option<Uuid> =
        sqlx::query_scalar("SELECT id FROM submission ORDER BY id DESC LIMIT 1").fetch_optional(&mut *session).await?;
    let Some(newest) = newest else {
        session.done();
        return Ok(Vec::new());
    };
    let from = codec::id(newest)?.time().plus_days(-i64::from(days)).max(Timestamp::from_millis(0));
    let mut rows: Vec<(i32, i64)> = sqlx::query_as(
        "SELECT (coalesce(effective_ms, id_ms(id)) / 86400000)::integer, count(*) FROM submission
         WHERE id >= $1 AND budget = $2 GROUP BY 1 ORDER BY 1 DESC LIMIT $3",
    )
    .bind(codec::uuid(SubmissionId::from_parts(from, [0; 10])))
    .bind(budget.0)
    .bind(i64::from(days))
    .fetch_all(&mut *session)
    .await?;
    session.done();
    rows.reverse();
    Ok(rows.into_iter().map(|(day, count)| (Day(day), count.unsigned_abs())).collect())
}
