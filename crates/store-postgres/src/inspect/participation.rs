//! Who takes part, and submissions of a span of time.

use super::{count, reading};
use crate::{
    codec::{self, submission_columns},
    error::Fault,
    session::Sessions,
};
use domain::{SubmissionId, Timestamp};
use service::port::{Between, BudgetId, Participation, StoredSubmission};

pub(super) async fn of(sessions: &Sessions, budget: BudgetId) -> Result<Participation, Fault> {
    let mut session = reading(sessions).await?;
    session.allow(sessions.options().scan_timeout).await?;
    let (submissions, without): (i64, i64) = sqlx::query_as(
        "SELECT count(*), count(*) FILTER (WHERE participant IS NULL) FROM submission WHERE budget = $1",
    )
    .bind(budget.0)
    .fetch_one(&mut *session)
    .await?;
    let (participants, returning): (i64, i64) = sqlx::query_as(
        "SELECT count(*), count(*) FILTER (WHERE times > 1) FROM
            (SELECT count(*) AS times FROM submission
             WHERE participant IS NOT NULL AND budget = $1 GROUP BY participant) AS each",
    )
    .bind(budget.0)
    .fetch_one(&mut *session)
    .await?;
    session.end().await?;
    Ok(Participation {
        submissions: count(submissions),
        without_participant: count(without),
        participants: count(participants),
        returning: count(returning),
    })
}

/// Ids begin with their time, so this reads the months of the span only.
pub(super) async fn between(sessions: &Sessions, span: &Between) -> Result<Vec<StoredSubmission>, Fault> {
    let bound = |time: Timestamp| codec::uuid(SubmissionId::from_parts(time.max(Timestamp::from_millis(0)), [0; 10]));
    let mut session = sessions.get().await?;
    let rows = sqlx::query(concat!(
        "SELECT ",
        submission_columns!(),
        " FROM submission s WHERE id >= $1 AND id < $2 AND ($3::integer IS NULL OR budget = $3) ORDER BY id LIMIT $4"
    ))
    .bind(bound(span.from))
    .bind(bound(span.to))
    .bind(span.budget.map(|budget| budget.0))
    .bind(i64::from(span.limit))
    .fetch_all(&mut *session)
    .await?;
    session.done();
    rows.iter().map(codec::read_submission).collect()
}
