//! Connections of the pool, and the limits of their work.

use crate::{Options, error::Fault};
use sqlx::{
    Connection, Executor, PgConnection, Postgres,
    pool::PoolConnection,
    postgres::{PgConnectOptions, PgPool, PgPoolOptions},
};
use std::{
    ops::{Deref, DerefMut},
    str::FromStr,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

/// A connection that goes back to the pool only when its work ended well. Dropped before `done` (an error, a
/// limit, a request that went away) it is closed, and the database rolls back what was open.
pub(crate) struct Session {
    connection: PoolConnection<Postgres>,
    trouble: Arc<Trouble>,
    done: bool,
}

/// When work last ended badly. Connections that have rested since before are asked before they are used: a
/// database that went away took all of them along.
struct Trouble {
    started: Instant,
    /// Microseconds after the start; 0 = never.
    last: AtomicU64,
}

impl Trouble {
    fn micros(&self) -> u64 {
        u64::try_from(self.started.elapsed().as_micros()).unwrap_or(u64::MAX)
    }

    fn note(&self) {
        self.last.fetch_max(self.micros(), Ordering::Relaxed);
    }

    fn came_within(&self, rest: Duration) -> bool {
        let last = self.last.load(Ordering::Relaxed);
        last > 0 && u128::from(self.micros().saturating_sub(last)) <= rest.as_micros()
    }
}

impl Session {
    /// Every statement after a lock must see all that was committed before it, so never at a higher level.
    pub(crate) async fn begin(&mut self) -> Result<(), Fault> {
        self.execute("BEGIN ISOLATION LEVEL READ COMMITTED").await?;
        Ok(())
    }

    /// All statements read one snapshot.
    pub(crate) async fn begin_snapshot(&mut self) -> Result<(), Fault> {
        self.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?;
        Ok(())
    }

    /// Statements of the open transaction may take this long.
    pub(crate) async fn allow(&mut self, limit: Duration) -> Result<(), Fault> {
        let limit = format!("{}ms", limit.as_millis());
        sqlx::query("SELECT set_config('statement_timeout', $1, true)").bind(limit).execute(&mut **self).await?;
        Ok(())
    }

    /// Commits the open transaction and gives the connection back.
    pub(crate) async fn commit(mut self) -> Result<(), Fault> {
        self.execute("COMMIT").await?;
        self.done();
        Ok(())
    }

    /// Gives the connection back; no transaction may be open.
    pub(crate) fn done(mut self) {
        self.done = true;
    }
}

impl Deref for Session {
    type Target = PgConnection;

    fn deref(&self) -> &PgConnection {
        &self.connection
    }
}

impl DerefMut for Session {
    fn deref_mut(&mut self) -> &mut PgConnection {
        &mut self.connection
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        if !self.done {
            self.trouble.note();
            self.connection.close_on_drop();
        }
    }
}

pub(crate) struct Sessions {
    pool: PgPool,
    trouble: Arc<Trouble>,
    options: Options,
}

impl Sessions {
    /// Connects when somebody asks for a connection.
    pub(crate) fn new(url: &str, options: Options) -> Result<Self, Fault> {
        let millis = |limit: Duration| limit.as_millis().to_string();
        // Queries here are short and known; compiling them costs more than it saves.
        let connect = PgConnectOptions::from_str(url)?.application_name("allot").options([
            ("statement_timeout", millis(options.statement_timeout)),
            ("lock_timeout", millis(options.lock_timeout)),
            ("idle_in_transaction_session_timeout", millis(options.statement_timeout)),
            ("jit", "off".to_owned()),
        ]);
        let trouble = Arc::new(Trouble { started: Instant::now(), last: AtomicU64::new(0) });
        let (check_after, lately) = (options.check_after_idle, Arc::clone(&trouble));
        let pool = PgPoolOptions::new()
            .max_connections(options.max_connections)
            .min_connections(options.min_connections)
            .max_lifetime(options.max_lifetime)
            .idle_timeout(options.idle_timeout)
            .acquire_timeout(options.acquire_timeout)
            .test_before_acquire(false)
            .before_acquire(move |connection, about| {
                let doubtful = about.idle_for >= check_after || lately.came_within(about.idle_for);
                Box::pin(async move {
                    if doubtful {
                        connection.ping().await?;
                    }
                    Ok(true)
                })
            })
            .connect_lazy_with(connect);
        Ok(Self { pool, trouble, options })
    }

    pub(crate) fn options(&self) -> &Options {
        &self.options
    }

    pub(crate) async fn get(&self) -> Result<Session, Fault> {
        match self.pool.acquire().await {
            Ok(connection) => Ok(Session { connection, trouble: Arc::clone(&self.trouble), done: false }),
            Err(error) => Err(Fault::Unreachable(error)),
        }
    }

    /// Limits a whole operation, so that a database that stopped answering can't hold anybody.
    pub(crate) async fn within<T>(&self, work: impl Future<Output = Result<T, Fault>>) -> Result<T, Fault> {
        limited(self.options.acquire_timeout + self.options.statement_timeout * 2, work).await
    }

    /// The same for work on many rows.
    pub(crate) async fn within_scan<T>(&self, work: impl Future<Output = Result<T, Fault>>) -> Result<T, Fault> {
        limited(self.options.acquire_timeout + self.options.scan_timeout, work).await
    }
}

async fn limited<T>(limit: Duration, work: impl Future<Output = Result<T, Fault>>) -> Result<T, Fault> {
    tokio::time::timeout(limit, work).await.unwrap_or(Err(Fault::TimedOut))
}
