//! The queue of background jobs: apalis on connections of its own, so that jobs never take those of submissions.
//!
//! apalis takes jobs, keeps the heartbeats and takes over from the dead; the statements here are what it has no call for.
//! Each operation here has a limit on this side, too; what apalis asks has the server's, and of a host that vanished it
//! hears when the system gives its connection up.

use crate::{
    Options,
    error::Fault,
    session::{limited, open_at_the_limit, sign_of_life},
};
use apalis_postgres::{Config, PostgresStorage};
use async_trait::async_trait;
use domain::Timestamp;
use service::{
    jobs::{Job, Kind},
    port::{Enqueued, JobFilter, JobQueue, JobRecord, JobState, JobStats, StoreResult},
};
use sqlx::{
    AssertSqlSafe, Error, PgConnection, Row,
    postgres::{PgConnectOptions, PgPool, PgPoolOptions, PgRow},
};
use std::{str::FromStr, time::Duration};
use ulid::Ulid;

/// All jobs are in one queue.
const QUEUE: &str = "allot";
/// A heartbeat, the taking of a job, a look by an operator.
const CONNECTIONS: u32 = 3;
/// The longest wait for a connection, connecting included.
const ACQUIRE: Duration = Duration::from_secs(10);
/// The longest that a statement may run; a whole operation gets twice as long.
const STATEMENT: Duration = Duration::from_secs(10);
/// What the keys of jobs from the outbox begin with.
const OUTBOX: &str = "outbox:";

/// The states, from what apalis writes.
const STATE: &str = "CASE
    WHEN j.status = 'Done' THEN 'done'
    WHEN j.status IN ('Queued', 'Running') THEN 'running'
    WHEN j.status = 'Pending' THEN 'waiting'
    WHEN j.status = 'Failed' AND j.attempts < j.max_attempts THEN 'retrying'
    WHEN n.cancelled THEN 'cancelled'
    ELSE 'dead' END";
const JOBS: &str = "apalis.jobs j LEFT JOIN job_note n ON n.job = j.id";

/// The queue in one PostgreSQL database. Any number of processes may use the same.
pub struct PgQueue {
    pool: PgPool,
    /// The longest that an operation may take, waiting for a connection included.
    limit: Duration,
}

impl PgQueue {
    /// Connects when it is first asked for something. The schema must be there.
    ///
    /// # Errors
    /// When the URL is not understood.
    pub fn lazy(url: &str, options: &Options) -> StoreResult<Self> {
        let millis = |limit: Duration| limit.as_millis().to_string();
        let connect = PgConnectOptions::from_str(url).map_err(Fault::from)?.application_name("allot-jobs").options([
            ("statement_timeout", millis(STATEMENT)),
            ("lock_timeout", millis(options.lock_timeout)),
            ("idle_in_transaction_session_timeout", millis(STATEMENT)),
            ("jit", "off".to_owned()),
        ]);
        let pool = PgPoolOptions::new()
            .max_connections(CONNECTIONS)
            .max_lifetime(options.max_lifetime)
            .idle_timeout(options.idle_timeout)
            .acquire_timeout(ACQUIRE)
            // Whatever was given up in the middle must not keep one of the few connections.
            .after_release(|connection, _| {
                Box::pin(async move {
                    sign_of_life(connection).await?;
                    Ok(true)
                })
            })
            .connect_lazy_with(connect);
        Ok(Self { pool, limit: ACQUIRE + STATEMENT * 2 })
    }

    /// Limits a whole operation, so that a database that stopped answering can't hold anybody.
    async fn within<T>(&self, work: impl Future<Output = Result<T, Error>>) -> Result<T, Fault> {
        limited(self.limit, async { Ok(work.await?) }).await
    }

    /// The same for a change.
    async fn change<T>(&self, work: impl Future<Output = Result<T, Error>>) -> Result<T, Fault> {
        open_at_the_limit(self.within(work).await)
    }

    /// Where a worker takes its jobs from. Jobs of a worker that is silent for `lease` go to another.
    #[must_use]
    pub fn storage(&self, lease: Duration) -> PostgresStorage<serde_json::Value> {
        let config = Config::default()
            .queue(QUEUE)
            // One at a time: those that wait in a worker's hand neither beat nor go to another.
            .batch_size(1)
            .heartbeat_interval(lease / 3)
            .missed_heartbeats(3);
        PostgresStorage::new(&self.pool).with_config(config)
    }
}

fn record(row: &PgRow) -> Result<JobRecord, Error> {
    let time = |column| Ok::<_, Error>(row.try_get::<Option<i64>, _>(column)?.map(Timestamp::from_millis));
    let state: String = row.try_get("state")?;
    let count = |column| Ok::<_, Error>(u32::try_from(row.try_get::<i32, _>(column)?).unwrap_or_default());
    Ok(JobRecord {
        id: row.try_get("id")?,
        job: row.try_get("job")?,
        state: JobState::parse(&state).unwrap_or(JobState::Dead),
        attempts: count("attempts")?,
        max_attempts: count("max_attempts")?,
        run_at: time("run_at")?.unwrap_or(Timestamp::from_millis(0)),
        started: time("lock_at")?,
        finished: time("done_at")?,
        worker: row.try_get("lock_by")?,
        result: row.try_get("last_result")?,
        progress: row.try_get("progress")?,
        key: row.try_get("idempotency_key")?,
    })
}

async fn insert(
    connection: &mut PgConnection,
    job: &str,
    key: Option<&str>,
    attempts: u32,
    now: Timestamp,
) -> Result<Enqueued, Error> {
    let id = Ulid::generate().to_string();
    let inserted = sqlx::query(
        "INSERT INTO apalis.jobs (job, id, job_type, max_attempts, run_at, idempotency_key)
         SELECT convert_to($1, 'UTF8'), $2, $3, $4, to_timestamp($5::float8 / 1000), $6
         WHERE $7 OR NOT EXISTS (
             SELECT FROM apalis.jobs
             WHERE job_type = $3 AND status = 'Pending' AND job = convert_to($1, 'UTF8'))
         ON CONFLICT DO NOTHING",
    )
    .bind(job)
    .bind(&id)
    .bind(QUEUE)
    .bind(i32::try_from(attempts).unwrap_or(1))
    .bind(now.as_millis() as f64)
    .bind(key)
    .bind(key.is_some_and(|key| !key.starts_with(OUTBOX)))
    .execute(connection)
    .await?;
    Ok(if inserted.rows_affected() > 0 { Enqueued::Added(id) } else { Enqueued::Known })
}

/// The job's state, if it is there, with its row locked.
async fn locked(connection: &mut PgConnection, id: &str) -> Result<Option<JobState>, Error> {
    let state: Option<String> =
        sqlx::query_scalar(AssertSqlSafe(format!("SELECT {STATE} FROM {JOBS} WHERE j.id = $1 FOR UPDATE OF j")))
            .bind(id)
            .fetch_optional(connection)
            .await?;
    Ok(state.map(|state| JobState::parse(&state).unwrap_or(JobState::Dead)))
}

impl PgQueue {
    async fn list_rows(&self, id: Option<&str>, filter: JobFilter) -> Result<Vec<JobRecord>, Error> {
        let millis = |column: &str| format!("(extract(epoch FROM j.{column}) * 1000)::bigint AS {column}");
        let query = format!(
            "SELECT * FROM (
                SELECT convert_from(j.job, 'UTF8') AS job, j.id, j.attempts, j.max_attempts, {}, {}, {}, j.lock_by,
                    j.last_result::text AS last_result, n.progress, j.idempotency_key, {STATE} AS state,
                    convert_from(j.job, 'UTF8')::jsonb ->> 'kind' AS kind
                FROM {JOBS} WHERE j.job_type = $1 AND ($2::text IS NULL OR j.id = $2)) AS jobs
             WHERE ($3::text IS NULL OR kind = $3) AND ($4::text IS NULL OR state = $4)
             ORDER BY id DESC LIMIT $5",
            millis("run_at"),
            millis("lock_at"),
            millis("done_at")
        );
        let rows = sqlx::query(AssertSqlSafe(query))
            .bind(QUEUE)
            .bind(id)
            .bind(filter.kind.map(Kind::as_str))
            .bind(filter.state.map(JobState::as_str))
            .bind(i64::from(filter.limit))
            .fetch_all(&self.pool)
            .await?;
        rows.iter().map(record).collect()
    }

    async fn move_outbox(&self, limit: u32, now: Timestamp) -> Result<u64, Error> {
        let mut transaction = self.pool.begin().await?;
        let rows: Vec<(i64, String)> =
            sqlx::query_as("SELECT seq, job FROM job_outbox ORDER BY seq LIMIT $1 FOR UPDATE SKIP LOCKED")
                .bind(i64::from(limit))
                .fetch_all(&mut *transaction)
                .await?;
        for (seq, job) in &rows {
            insert(&mut transaction, job, Some(&format!("{OUTBOX}{seq}")), Job::attempts_of(job), now).await?;
        }
        let moved: Vec<i64> = rows.into_iter().map(|(seq, _)| seq).collect();
        if !moved.is_empty() {
            sqlx::query("DELETE FROM job_outbox WHERE seq = ANY ($1)").bind(&moved).execute(&mut *transaction).await?;
        }
        transaction.commit().await?;
        Ok(moved.len() as u64)
    }

    async fn run_again(&self, id: &str, now: Timestamp) -> Result<Option<JobState>, Error> {
        let mut transaction = self.pool.begin().await?;
        let before = locked(&mut transaction, id).await?;
        if let Some(JobState::Dead | JobState::Cancelled | JobState::Waiting | JobState::Retrying) = before {
            sqlx::query(
                "UPDATE apalis.jobs SET status = 'Pending', attempts = 0, run_at = to_timestamp($2::float8 / 1000),
                    lock_by = NULL, lock_at = NULL, done_at = NULL, last_result = NULL WHERE id = $1",
            )
            .bind(id)
            .bind(now.as_millis() as f64)
            .execute(&mut *transaction)
            .await?;
            sqlx::query("DELETE FROM job_note WHERE job = $1").bind(id).execute(&mut *transaction).await?;
        }
        transaction.commit().await?;
        Ok(before)
    }

    async fn stop(&self, id: &str, now: Timestamp) -> Result<Option<JobState>, Error> {
        let mut transaction = self.pool.begin().await?;
        let before = locked(&mut transaction, id).await?;
        if let Some(JobState::Waiting | JobState::Retrying | JobState::Running) = before {
            sqlx::query(
                "INSERT INTO job_note (job, cancelled) VALUES ($1, true)
                 ON CONFLICT (job) DO UPDATE SET cancelled = true",
            )
            .bind(id)
            .execute(&mut *transaction)
            .await?;
            sqlx::query(
                "UPDATE apalis.jobs SET status = 'Killed', done_at = to_timestamp($2::float8 / 1000),
                    last_result = '{\"Err\": \"cancelled\"}'
                 WHERE id = $1 AND status IN ('Pending', 'Failed')",
            )
            .bind(id)
            .bind(now.as_millis() as f64)
            .execute(&mut *transaction)
            .await?;
        }
        transaction.commit().await?;
        Ok(before)
    }

    async fn forget_before(&self, before: Timestamp) -> Result<u64, Error> {
        let forgotten = sqlx::query(
            "DELETE FROM apalis.jobs WHERE job_type = $1 AND done_at < to_timestamp($2::float8 / 1000)
                AND (status = 'Done' OR (status = 'Killed' AND id IN (SELECT job FROM job_note WHERE cancelled)))",
        )
        .bind(QUEUE)
        .bind(before.as_millis() as f64)
        .execute(&self.pool)
        .await?;
        for statement in [
            "DELETE FROM job_note n WHERE NOT EXISTS (SELECT FROM apalis.jobs j WHERE j.id = n.job)",
            "DELETE FROM apalis.workers w WHERE last_seen < now() - interval '1 day'
                AND NOT EXISTS (SELECT FROM apalis.jobs j WHERE j.lock_by = w.id)",
        ] {
            sqlx::query(statement).execute(&self.pool).await?;
        }
        Ok(forgotten.rows_affected())
    }

    async fn count(&self, now: Timestamp) -> Result<JobStats, Error> {
        let counts: Vec<(Option<String>, String, i64)> = sqlx::query_as(AssertSqlSafe(format!(
            "SELECT convert_from(j.job, 'UTF8')::jsonb ->> 'kind', {STATE}, count(*)
             FROM {JOBS} WHERE j.job_type = '{QUEUE}' GROUP BY 1, 2"
        )))
        .fetch_all(&self.pool)
        .await?;
        let (oldest, outbox, workers): (Option<i64>, i64, i64) = sqlx::query_as(
            "SELECT (SELECT (extract(epoch FROM min(run_at)) * 1000)::bigint FROM apalis.jobs
                     WHERE job_type = $1 AND run_at <= to_timestamp($2::float8 / 1000)
                        AND (status = 'Pending' OR (status = 'Failed' AND attempts < max_attempts))),
                (SELECT count(*) FROM job_outbox),
                (SELECT count(*) FROM apalis.workers WHERE last_seen >= now() - interval '2 minutes')",
        )
        .bind(QUEUE)
        .bind(now.as_millis() as f64)
        .fetch_one(&self.pool)
        .await?;
        let counts = counts.into_iter().map(|(kind, state, jobs)| {
            let state = JobState::parse(&state).unwrap_or(JobState::Dead);
            (kind.unwrap_or_else(|| "?".into()), state, jobs.unsigned_abs())
        });
        Ok(JobStats {
            counts: counts.collect(),
            oldest_waiting: oldest.map(Timestamp::from_millis),
            outbox: outbox.unsigned_abs(),
            workers: workers.unsigned_abs(),
        })
    }
}

#[async_trait]
impl JobQueue for PgQueue {
    async fn enqueue(&self, job: &Job, key: Option<&str>, now: Timestamp) -> StoreResult<Enqueued> {
        let add = async {
            let mut connection = self.pool.acquire().await?;
            insert(&mut connection, &job.to_json(), key, job.kind().policy().attempts, now).await
        };
        Ok(self.change(add).await?)
    }

    async fn relay(&self, limit: u32, now: Timestamp) -> StoreResult<u64> {
        Ok(self.change(self.move_outbox(limit, now)).await?)
    }

    async fn list(&self, filter: JobFilter) -> StoreResult<Vec<JobRecord>> {
        Ok(self.within(self.list_rows(None, filter)).await?)
    }

    async fn find(&self, id: &str) -> StoreResult<Option<JobRecord>> {
        let filter = JobFilter { limit: 1, ..JobFilter::default() };
        Ok(self.within(self.list_rows(Some(id), filter)).await?.pop())
    }

    async fn retry(&self, id: &str, now: Timestamp) -> StoreResult<Option<JobState>> {
        Ok(self.change(self.run_again(id, now)).await?)
    }

    async fn cancel(&self, id: &str, now: Timestamp) -> StoreResult<Option<JobState>> {
        Ok(self.change(self.stop(id, now)).await?)
    }

    async fn postpone(&self, id: &str, until: Timestamp) -> StoreResult<()> {
        let postpone = async {
            sqlx::query(
                "UPDATE apalis.jobs SET run_at = to_timestamp($2::float8 / 1000)
                 WHERE id = $1 AND status IN ('Queued', 'Running')",
            )
            .bind(id)
            .bind(until.as_millis() as f64)
            .execute(&self.pool)
            .await
        };
        self.change(postpone).await?;
        Ok(())
    }

    async fn hand_back(&self, id: &str, worker: &str, until: Timestamp) -> StoreResult<()> {
        sqlx::query(
            "UPDATE apalis.jobs SET status = 'Pending', lock_by = NULL, lock_at = NULL,
                run_at = to_timestamp($3::float8 / 1000)
             WHERE id = $1 AND lock_by = $2 AND status IN ('Queued', 'Running')",
        )
        .bind(id)
        .bind(worker)
        .bind(until.as_millis() as f64)
        .execute(&self.pool)
        .await
        .map_err(Fault::from)?;
        Ok(())
    }

    async fn note(&self, id: &str, progress: Option<&str>) -> StoreResult<bool> {
        let note = async {
            if let Some(progress) = progress {
                let upsert = "INSERT INTO job_note (job, progress) VALUES ($1, $2)
                              ON CONFLICT (job) DO UPDATE SET progress = excluded.progress";
                sqlx::query(upsert).bind(id).bind(progress).execute(&self.pool).await?;
            }
            let cancelled = sqlx::query_scalar("SELECT cancelled FROM job_note WHERE job = $1").bind(id);
            cancelled.fetch_optional(&self.pool).await
        };
        let cancelled: Option<bool> = self.change(note).await?;
        Ok(cancelled.unwrap_or(false))
    }

    async fn forget(&self, before: Timestamp) -> StoreResult<u64> {
        Ok(self.change(self.forget_before(before)).await?)
    }

    async fn stats(&self, now: Timestamp) -> StoreResult<JobStats> {
        Ok(self.within(self.count(now)).await?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use service::port::StoreError;
    use std::{fmt::Debug, net::TcpListener};

    /// Gave up at the limit of the operation, not at that of connecting.
    fn gave_up<T: Debug>(told: StoreResult<T>, is_change: bool) {
        match &told {
            Err(StoreError::OutcomeUnknown(why)) if is_change => assert_eq!(why, "no answer in time"),
            Err(StoreError::Unavailable(why)) if !is_change => assert_eq!(why, "no answer in time"),
            _ => panic!("{told:?}"),
        }
    }

    #[tokio::test]
    async fn no_operation_outlasts_its_limit_when_the_server_says_nothing() {
        // The system takes the connections; nobody reads them.
        let silent = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("postgres://allot@{}/allot?sslmode=disable", silent.local_addr().unwrap());
        let lazy = PgQueue::lazy(&url, &Options::default()).unwrap();
        let queue = PgQueue { limit: Duration::from_millis(20), ..lazy };
        let now = Timestamp::from_millis(0);
        gave_up(queue.list(JobFilter::default()).await, false);
        gave_up(queue.find("1").await, false);
        gave_up(queue.stats(now).await, false);
        gave_up(queue.enqueue(&Job::Upkeep, None, now).await, true);
        gave_up(queue.relay(1, now).await, true);
        gave_up(queue.retry("1", now).await, true);
        gave_up(queue.cancel("1", now).await, true);
        gave_up(queue.postpone("1", now).await, true);
        gave_up(queue.note("1", Some("half")).await, true);
        gave_up(queue.forget(now).await, true);
    }
}
