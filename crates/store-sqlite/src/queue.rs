//! The queue of background jobs: apalis on connections of its own, so that jobs never wait for the writer's thread.
//!
//! apalis takes jobs, keeps the heartbeats and takes over from the dead; the statements here are what it has no call for.
//! Its commits do not wait for the disk (`synchronous=NORMAL`): after a power cut the file is whole, and a job whose last
//! change was lost is done once more. What a submission is acknowledged by is the writer's, which does wait.

use crate::{location, migrate::failed};
use apalis_sqlite::{Config, SqliteStorage};
use async_trait::async_trait;
use domain::Timestamp;
use service::{
    jobs::{Job, Kind},
    port::{Enqueued, JobFilter, JobQueue, JobRecord, JobState, JobStats, StoreResult},
};
use sqlx::{
    AssertSqlSafe, Connection, Error, Row, Sqlite, SqliteConnection, Transaction,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteRow, SqliteSynchronous},
};
use std::time::Duration;
use ulid::Ulid;

/// All jobs are in one queue.
const QUEUE: &str = "allot";
/// A heartbeat, the taking of a job, a look by an operator.
const CONNECTIONS: u32 = 3;
/// How long to wait for another connection's write lock. SQLite asks only ten times a second, and a worker that does not
/// get it gives up with everything that it runs: longer than any load keeps the lock from who asks so seldom.
const BUSY: Duration = Duration::from_secs(60);
/// A worker that was silent for longer does not count as one.
const ALIVE: i64 = 120;

/// The states, from what apalis writes.
const STATE: &str = "CASE
    WHEN j.status = 'Done' THEN 'done'
    WHEN j.status IN ('Queued', 'Running') THEN 'running'
    WHEN j.status = 'Pending' THEN 'waiting'
    WHEN j.status = 'Failed' AND j.attempts < j.max_attempts THEN 'retrying'
    WHEN n.cancelled THEN 'cancelled'
    ELSE 'dead' END";

/// The queue in one SQLite file. Any number of processes may open the same.
pub struct SqliteQueue {
    pool: SqlitePool,
}

impl SqliteQueue {
    /// Opens a file as [`crate::SqliteStore::open`] does, when it is first asked for something. The schema must be there.
    ///
    /// # Errors
    /// When the URL names no plain file.
    pub fn open(url: &str) -> StoreResult<Self> {
        let options = SqliteConnectOptions::new()
            .filename(location::file(url)?)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Normal)
            .busy_timeout(BUSY)
            // The checkpoint thread does that.
            .pragma("wal_autocheckpoint", "0");
        let pool = SqlitePoolOptions::new()
            .max_connections(CONNECTIONS)
            // All connections may be waiting for the lock.
            .acquire_timeout(BUSY * 2)
            .after_release(|connection, _| Box::pin(is_at_rest(connection)))
            .connect_lazy_with(options);
        Ok(Self { pool })
    }

    /// Where a worker takes its jobs from. Jobs of a worker that is silent for `lease` go to another.
    #[must_use]
    pub fn storage(&self, lease: Duration) -> SqliteStorage<serde_json::Value> {
        let config = Config::default()
            .queue(QUEUE)
            // One at a time: those that wait in a worker's hand neither beat nor go to another.
            .batch_size(1)
            .heartbeat_interval(lease / 3)
            .missed_heartbeats(3);
        SqliteStorage::new(&self.pool).with_config(config)
    }

    /// Who writes takes the lock first: a transaction that starts with reading can't get it later.
    async fn begin(&self) -> Result<Transaction<'static, Sqlite>, Error> {
        self.pool.begin_with("BEGIN IMMEDIATE").await
    }
}

/// Whether a connection that nobody uses any more is outside of a transaction. On a full disk SQLite ends the transaction by
/// itself; sqlx then rolls back in vain, goes on believing in it, and makes savepoints where it should begin: a later one
/// would be left open, and keep the write lock from everybody. Such a connection is closed.
async fn is_at_rest(connection: &mut SqliteConnection) -> Result<bool, Error> {
    // A transaction that was dropped is rolled back by now.
    connection.ping().await?;
    Ok(!connection.is_in_transaction())
}

fn seconds(at: Timestamp) -> i64 {
    at.as_millis().div_euclid(1000)
}

fn time(row: &SqliteRow, column: &str) -> Result<Option<Timestamp>, Error> {
    Ok(row.try_get::<Option<i64>, _>(column)?.map(|seconds| Timestamp::from_millis(seconds.saturating_mul(1000))))
}

fn record(row: &SqliteRow) -> Result<JobRecord, Error> {
    let state: String = row.try_get("state")?;
    Ok(JobRecord {
        id: row.try_get("id")?,
        job: row.try_get("job")?,
        state: JobState::parse(&state).unwrap_or(JobState::Dead),
        attempts: row.try_get("attempts")?,
        max_attempts: row.try_get("max_attempts")?,
        run_at: time(row, "run_at")?.unwrap_or(Timestamp::from_millis(0)),
        started: time(row, "lock_at")?,
        finished: time(row, "done_at")?,
        worker: row.try_get("lock_by")?,
        result: row.try_get("last_result")?,
        progress: row.try_get("progress")?,
        key: row.try_get("idempotency_key")?,
    })
}

async fn insert(
    connection: &mut SqliteConnection,
    job: &str,
    key: Option<&str>,
    attempts: u32,
    now: Timestamp,
) -> Result<Enqueued, Error> {
    let id = Ulid::generate().to_string();
    let inserted = sqlx::query(
        "INSERT INTO Jobs (job, id, job_type, max_attempts, run_at, idempotency_key)
         SELECT CAST(?1 AS BLOB), ?2, ?3, ?4, ?5, ?6
         WHERE ?7 OR NOT EXISTS (
             SELECT 1 FROM Jobs WHERE job_type = ?3 AND status = 'Pending' AND job = CAST(?1 AS BLOB))
         ON CONFLICT DO NOTHING",
    )
    .bind(job)
    .bind(&id)
    .bind(QUEUE)
    .bind(attempts)
    .bind(seconds(now))
    .bind(key)
    .bind(key.is_some_and(|key| !key.starts_with(OUTBOX)))
    .execute(connection)
    .await?;
    Ok(if inserted.rows_affected() > 0 { Enqueued::Added(id) } else { Enqueued::Known })
}

/// What the keys of jobs from the outbox begin with.
const OUTBOX: &str = "outbox:";

/// The job's state, if it is there.
async fn state(connection: &mut SqliteConnection, id: &str) -> Result<Option<JobState>, Error> {
    let query = format!("SELECT {STATE} FROM Jobs j LEFT JOIN job_note n ON n.job = j.id WHERE j.id = ?1");
    let state: Option<String> = sqlx::query_scalar(AssertSqlSafe(query)).bind(id).fetch_optional(connection).await?;
    Ok(state.map(|state| JobState::parse(&state).unwrap_or(JobState::Dead)))
}

impl SqliteQueue {
    async fn list_rows(&self, id: Option<&str>, filter: JobFilter) -> Result<Vec<JobRecord>, Error> {
        let query = format!(
            "SELECT * FROM (
                SELECT CAST(j.job AS TEXT) AS job, j.id, j.attempts, j.max_attempts, j.run_at, j.lock_at, j.done_at,
                    j.lock_by, j.last_result, n.progress, j.idempotency_key, {STATE} AS state,
                    CAST(j.job AS TEXT) ->> '$.kind' AS kind
                FROM Jobs j LEFT JOIN job_note n ON n.job = j.id
                WHERE j.job_type = ?1 AND (?2 IS NULL OR j.id = ?2))
             WHERE (?3 IS NULL OR kind = ?3) AND (?4 IS NULL OR state = ?4)
             ORDER BY id DESC LIMIT ?5"
        );
        let rows = sqlx::query(AssertSqlSafe(query))
            .bind(QUEUE)
            .bind(id)
            .bind(filter.kind.map(Kind::as_str))
            .bind(filter.state.map(JobState::as_str))
            .bind(filter.limit)
            .fetch_all(&self.pool)
            .await?;
        rows.iter().map(record).collect()
    }

    async fn move_outbox(&self, limit: u32, now: Timestamp) -> Result<u64, Error> {
        // Asking first keeps the write lock free while there is nothing to move.
        let waiting: bool =
            sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM job_outbox)").fetch_one(&self.pool).await?;
        if !waiting {
            return Ok(0);
        }
        let mut transaction = self.begin().await?;
        let rows: Vec<(i64, String)> = sqlx::query_as("SELECT seq, job FROM job_outbox ORDER BY seq LIMIT ?1")
            .bind(limit)
            .fetch_all(&mut *transaction)
            .await?;
        for (seq, job) in &rows {
            insert(&mut transaction, job, Some(&format!("{OUTBOX}{seq}")), Job::attempts_of(job), now).await?;
            sqlx::query("DELETE FROM job_outbox WHERE seq = ?1").bind(seq).execute(&mut *transaction).await?;
        }
        transaction.commit().await?;
        Ok(rows.len() as u64)
    }

    async fn run_again(&self, id: &str, now: Timestamp) -> Result<Option<JobState>, Error> {
        let mut transaction = self.begin().await?;
        let before = state(&mut transaction, id).await?;
        if let Some(JobState::Dead | JobState::Cancelled | JobState::Waiting | JobState::Retrying) = before {
            sqlx::query(
                "UPDATE Jobs SET status = 'Pending', attempts = 0, run_at = ?2, lock_by = NULL, lock_at = NULL,
                    done_at = NULL, last_result = NULL WHERE id = ?1",
            )
            .bind(id)
            .bind(seconds(now))
            .execute(&mut *transaction)
            .await?;
            sqlx::query("DELETE FROM job_note WHERE job = ?1").bind(id).execute(&mut *transaction).await?;
        }
        transaction.commit().await?;
        Ok(before)
    }

    async fn stop(&self, id: &str, now: Timestamp) -> Result<Option<JobState>, Error> {
        let mut transaction = self.begin().await?;
        let before = state(&mut transaction, id).await?;
        if let Some(JobState::Waiting | JobState::Retrying | JobState::Running) = before {
            sqlx::query(
                "INSERT INTO job_note (job, cancelled) VALUES (?1, 1) ON CONFLICT (job) DO UPDATE SET cancelled = 1",
            )
            .bind(id)
            .execute(&mut *transaction)
            .await?;
            sqlx::query(
                "UPDATE Jobs SET status = 'Killed', done_at = ?2, last_result = '{\"Err\":\"cancelled\"}'
                 WHERE id = ?1 AND status IN ('Pending', 'Failed')",
            )
            .bind(id)
            .bind(seconds(now))
            .execute(&mut *transaction)
            .await?;
        }
        transaction.commit().await?;
        Ok(before)
    }

    async fn forget_before(&self, before: Timestamp) -> Result<u64, Error> {
        let mut transaction = self.begin().await?;
        let forgotten = sqlx::query(
            "DELETE FROM Jobs WHERE job_type = ?1 AND done_at < ?2 AND (status = 'Done'
                OR (status = 'Killed' AND id IN (SELECT job FROM job_note WHERE cancelled)))",
        )
        .bind(QUEUE)
        .bind(seconds(before))
        .execute(&mut *transaction)
        .await?;
        for statement in [
            "DELETE FROM job_note WHERE job NOT IN (SELECT id FROM Jobs)",
            "DELETE FROM Workers WHERE last_seen < strftime('%s', 'now') - 86400
                AND id NOT IN (SELECT lock_by FROM Jobs WHERE lock_by IS NOT NULL)",
        ] {
            sqlx::query(statement).execute(&mut *transaction).await?;
        }
        transaction.commit().await?;
        Ok(forgotten.rows_affected())
    }

    async fn count(&self, now: Timestamp) -> Result<JobStats, Error> {
        let counts: Vec<(Option<String>, String, i64)> = sqlx::query_as(AssertSqlSafe(format!(
            "SELECT CAST(j.job AS TEXT) ->> '$.kind' AS kind, {STATE} AS state, count(*)
             FROM Jobs j LEFT JOIN job_note n ON n.job = j.id WHERE j.job_type = '{QUEUE}' GROUP BY 1, 2"
        )))
        .fetch_all(&self.pool)
        .await?;
        let oldest: Option<i64> = sqlx::query_scalar(
            "SELECT min(run_at) FROM Jobs WHERE job_type = ?1 AND run_at <= ?2
                AND (status = 'Pending' OR (status = 'Failed' AND attempts < max_attempts))",
        )
        .bind(QUEUE)
        .bind(seconds(now))
        .fetch_one(&self.pool)
        .await?;
        let outbox: i64 = sqlx::query_scalar("SELECT count(*) FROM job_outbox").fetch_one(&self.pool).await?;
        let workers: i64 = sqlx::query_scalar("SELECT count(*) FROM Workers WHERE last_seen >= ?1")
            .bind(seconds(now) - ALIVE)
            .fetch_one(&self.pool)
            .await?;
        let counts = counts.into_iter().map(|(kind, state, jobs)| {
            let state = JobState::parse(&state).unwrap_or(JobState::Dead);
            (kind.unwrap_or_else(|| "?".into()), state, jobs.unsigned_abs())
        });
        Ok(JobStats {
            counts: counts.collect(),
            oldest_waiting: oldest.map(|seconds| Timestamp::from_millis(seconds.saturating_mul(1000))),
            outbox: outbox.unsigned_abs(),
            workers: workers.unsigned_abs(),
        })
    }
}

#[async_trait]
impl JobQueue for SqliteQueue {
    async fn enqueue(&self, job: &Job, key: Option<&str>, now: Timestamp) -> StoreResult<Enqueued> {
        let add = async {
            let mut transaction = self.begin().await?;
            let attempts = job.kind().policy().attempts;
            let added = insert(&mut transaction, &job.to_json(), key, attempts, now).await?;
            transaction.commit().await?;
            Ok(added)
        };
        add.await.map_err(|error| failed(&error))
    }

    async fn relay(&self, limit: u32, now: Timestamp) -> StoreResult<u64> {
        self.move_outbox(limit, now).await.map_err(|error| failed(&error))
    }

    async fn list(&self, filter: JobFilter) -> StoreResult<Vec<JobRecord>> {
        self.list_rows(None, filter).await.map_err(|error| failed(&error))
    }

    async fn find(&self, id: &str) -> StoreResult<Option<JobRecord>> {
        let filter = JobFilter { limit: 1, ..JobFilter::default() };
        Ok(self.list_rows(Some(id), filter).await.map_err(|error| failed(&error))?.pop())
    }

    async fn retry(&self, id: &str, now: Timestamp) -> StoreResult<Option<JobState>> {
        self.run_again(id, now).await.map_err(|error| failed(&error))
    }

    async fn cancel(&self, id: &str, now: Timestamp) -> StoreResult<Option<JobState>> {
        self.stop(id, now).await.map_err(|error| failed(&error))
    }

    async fn postpone(&self, id: &str, until: Timestamp) -> StoreResult<()> {
        let update = sqlx::query("UPDATE Jobs SET run_at = ?2 WHERE id = ?1 AND status IN ('Queued', 'Running')");
        // Rounded up: never too early.
        update.bind(id).bind(seconds(until) + 1).execute(&self.pool).await.map_err(|error| failed(&error))?;
        Ok(())
    }

    async fn hand_back(&self, id: &str, worker: &str, until: Timestamp) -> StoreResult<()> {
        let update = sqlx::query(
            "UPDATE Jobs SET status = 'Pending', lock_by = NULL, lock_at = NULL, run_at = ?3
             WHERE id = ?1 AND lock_by = ?2 AND status IN ('Queued', 'Running')",
        );
        let update = update.bind(id).bind(worker).bind(seconds(until) + 1);
        update.execute(&self.pool).await.map_err(|error| failed(&error))?;
        Ok(())
    }

    async fn note(&self, id: &str, progress: Option<&str>) -> StoreResult<bool> {
        let note = async {
            if let Some(progress) = progress {
                let upsert = "INSERT INTO job_note (job, progress) VALUES (?1, ?2)
                              ON CONFLICT (job) DO UPDATE SET progress = excluded.progress";
                sqlx::query(upsert).bind(id).bind(progress).execute(&self.pool).await?;
            }
            let cancelled = sqlx::query_scalar("SELECT cancelled FROM job_note WHERE job = ?1").bind(id);
            cancelled.fetch_optional(&self.pool).await
        };
        let cancelled: Option<bool> = note.await.map_err(|error: Error| failed(&error))?;
        Ok(cancelled.unwrap_or(false))
    }

    async fn forget(&self, before: Timestamp) -> StoreResult<u64> {
        self.forget_before(before).await.map_err(|error| failed(&error))
    }

    async fn stats(&self, now: Timestamp) -> StoreResult<JobStats> {
        self.count(now).await.map_err(|error| failed(&error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use service::port::{Clock, Store, SystemClock};

    #[tokio::test(flavor = "multi_thread")]
    async fn a_full_disk_leaves_no_connection_that_believes_in_a_transaction() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("allot.sqlite");
        let url = format!("sqlite:{}", file.display());
        crate::SqliteStore::open(&url).unwrap().migrate().await.unwrap();
        let queue = SqliteQueue::open(&url).unwrap();
        let mut all = Vec::new();
        for _ in 0..CONNECTIONS {
            let mut connection = queue.pool.acquire().await.unwrap();
            // As many pages as there are, and not one more.
            sqlx::query("PRAGMA max_page_count = 1").execute(&mut *connection).await.unwrap();
            let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await.unwrap();
            let full = sqlx::query("INSERT INTO job_outbox (job) VALUES (hex(zeroblob(100000)))");
            assert!(full.execute(&mut *transaction).await.unwrap_err().to_string().contains("full"));
            drop(transaction);
            sqlx::query("PRAGMA max_page_count = 1000000").execute(&mut *connection).await.unwrap();
            all.push(connection);
        }
        drop(all);
        for n in 0..10 {
            let job = Job::Rebuild { budget: None };
            queue.enqueue(&job, Some(&n.to_string()), SystemClock.now()).await.unwrap();
        }
        let other = rusqlite::Connection::open(file).unwrap();
        other.busy_timeout(Duration::ZERO).unwrap();
        other.execute_batch("BEGIN IMMEDIATE; ROLLBACK").unwrap();
    }
}
