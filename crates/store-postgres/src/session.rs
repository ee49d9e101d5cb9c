//! Connections of the pool, and the limits of their work.

use crate::{
    Options,
    error::Fault,
    kept::{self, Kept},
};
use service::port::PoolUse;
use sqlx::{
    Connection, Error, Executor, PgConnection, Postgres,
    pool::PoolConnection,
    postgres::{PgConnectOptions, PgPool, PgPoolOptions},
};
use std::{
    io::ErrorKind,
    ops::{Deref, DerefMut},
    str::FromStr,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

/// How long one try to get a connection lasts. sqlx pauses up to a fifth of it between two attempts to connect, so
/// that short tries find a database soon that is back.
const TRY: Duration = Duration::from_secs(1);
/// The pause between two tries.
const AGAIN: Duration = Duration::from_millis(50);
/// How long a connection may take to say that it is alive: a host that vanished says nothing at all.
const SIGN_OF_LIFE: Duration = Duration::from_millis(500);

/// A connection that goes back to the pool only when its work ended well. Dropped before `done` (an error, a
/// limit, a request that went away) it is closed, and the database rolls back what was open.
pub(crate) struct Session {
    connection: PoolConnection<Postgres>,
    trouble: Arc<Trouble>,
    done: bool,
    /// When the pool gave it out.
    taken: Instant,
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
        self.execute("COMMIT").await.map_err(Fault::of_a_change)?;
        self.done();
        Ok(())
    }

    /// Ends a transaction that only read, and gives the connection back.
    pub(crate) async fn end(mut self) -> Result<(), Fault> {
        self.execute("COMMIT").await?;
        self.done();
        Ok(())
    }

    /// Undoes the open transaction and gives the connection back.
    pub(crate) async fn roll_back(mut self) -> Result<(), Fault> {
        self.execute("ROLLBACK").await?;
        self.done();
        Ok(())
    }

    /// Gives the connection back; no transaction may be open.
    pub(crate) fn done(mut self) {
        self.done = true;
    }

    /// Closes a connection that nobody uses: the pool would ask it for a sign of life first, however long that takes.
    pub(crate) fn close(mut self) {
        self.done = true;
        self.connection.close_on_drop();
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
    kept: Arc<Kept>,
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
            .acquire_timeout(options.acquire_timeout.min(TRY))
            .test_before_acquire(false)
            .before_acquire(move |connection, about| {
                let doubtful = about.idle_for >= check_after || lately.came_within(about.idle_for);
                Box::pin(async move {
                    if doubtful {
                        sign_of_life(connection).await?;
                    }
                    Ok(true)
                })
            })
            .connect_lazy_with(connect);
        Ok(Self { pool, trouble, kept: Arc::default(), options })
    }

    pub(crate) fn options(&self) -> &Options {
        &self.options
    }

    pub(crate) fn used(&self) -> PoolUse {
        let idle = self.pool.num_idle().saturating_add(self.kept.resting());
        let idle = u32::try_from(idle).unwrap_or(u32::MAX);
        PoolUse { busy: self.pool.size().saturating_sub(idle), idle, most: self.options.max_connections }
    }

    /// A connection, as soon as there is one to be had: a database that restarts refuses connections, breaks them
    /// off, or has no socket for a moment.
    pub(crate) async fn get(&self) -> Result<Session, Fault> {
        if !self.has_others()
            && let Some(kept) = self.take_kept().await
        {
            return Ok(kept);
        }
        let mut last = Error::PoolTimedOut;
        let tries = async {
            loop {
                match self.pool.acquire().await {
                    Err(error @ (Error::Io(_) | Error::PoolTimedOut)) => last = error,
                    done => return done,
                }
                tokio::time::sleep(AGAIN).await;
            }
        };
        let got = tokio::time::timeout(self.options.acquire_timeout, tries).await;
        let connection = got.unwrap_or(Err(last)).map_err(Fault::Unreachable)?;
        Ok(Session { connection, trouble: Arc::clone(&self.trouble), done: false, taken: Instant::now() })
    }

    /// The connection that was kept, else any.
    pub(crate) async fn get_kept(&self) -> Result<Session, Fault> {
        match self.take_kept().await {
            Some(kept) => Ok(kept),
            None => self.get().await,
        }
    }

    /// The connection that was kept, asked as one of the pool is; closed if it doesn't answer.
    async fn take_kept(&self) -> Option<Session> {
        let (mut session, rest) = self.kept.take()?;
        session.done = false;
        let doubtful = rest >= self.options.check_after_idle || self.trouble.came_within(rest);
        if doubtful && sign_of_life(&mut session).await.is_err() {
            return None;
        }
        Some(session)
    }

    /// Keeps the connection for [`Sessions::get_kept`], unless somebody may be waiting for one; no transaction may be
    /// open.
    pub(crate) fn keep(&self, mut session: Session) {
        session.done = true;
        if self.has_others() && session.taken.elapsed() < kept::TERM.min(self.options.max_lifetime) {
            self.kept.put(session);
        }
    }

    /// Whoever asks the pool for a connection need not wait for one that is in use or kept.
    fn has_others(&self) -> bool {
        self.pool.num_idle() > 0 || self.pool.size() < self.options.max_connections
    }

    /// Limits a whole operation, so that a database that stopped answering can't hold anybody.
    pub(crate) async fn within<T>(&self, work: impl Future<Output = Result<T, Fault>>) -> Result<T, Fault> {
        limited(self.options.acquire_timeout + self.options.statement_timeout * 2, work).await
    }

    /// The same for work on many rows.
    pub(crate) async fn within_scan<T>(&self, work: impl Future<Output = Result<T, Fault>>) -> Result<T, Fault> {
        limited(self.options.acquire_timeout + self.options.scan_timeout, work).await
    }

    /// Limits a whole read, and repeats it once when its connection was gone: a database that restarted took all of
    /// them along, and nobody needs to notice.
    pub(crate) async fn read<T, F>(&self, read: impl Fn() -> F) -> Result<T, Fault>
    where
        F: Future<Output = Result<T, Fault>>,
    {
        match self.within(read()).await {
            Err(fault) if fault.took_the_connection() => self.within(read()).await,
            done => done,
        }
    }

    /// The same for a read of many rows.
    pub(crate) async fn read_many<T, F>(&self, read: impl Fn() -> F) -> Result<T, Fault>
    where
        F: Future<Output = Result<T, Fault>>,
    {
        match self.within_scan(read()).await {
            Err(fault) if fault.took_the_connection() => self.within_scan(read()).await,
            done => done,
        }
    }

    /// The same for a change, of which nobody knows at the limit whether it was made.
    pub(crate) async fn change<T>(&self, work: impl Future<Output = Result<T, Fault>>) -> Result<T, Fault> {
        open_at_the_limit(self.within(work).await)
    }

    /// The same for a change of many rows.
    pub(crate) async fn change_many<T>(&self, work: impl Future<Output = Result<T, Fault>>) -> Result<T, Fault> {
        open_at_the_limit(self.within_scan(work).await)
    }
}

/// Asks a connection that nobody uses whether it is of use.
pub(crate) async fn sign_of_life(connection: &mut PgConnection) -> Result<(), Error> {
    let answer = tokio::time::timeout(SIGN_OF_LIFE, connection.ping()).await;
    answer.unwrap_or_else(|_| Err(std::io::Error::from(ErrorKind::TimedOut).into()))
}

/// Of a change nobody knows at the limit whether it was made.
pub(crate) fn open_at_the_limit<T>(done: Result<T, Fault>) -> Result<T, Fault> {
    done.map_err(|fault| match fault {
        Fault::TimedOut => Fault::Unknown("no answer in time".into()),
        fault => fault,
    })
}

pub(crate) async fn limited<T>(limit: Duration, work: impl Future<Output = Result<T, Fault>>) -> Result<T, Fault> {
    tokio::time::timeout(limit, work).await.unwrap_or(Err(Fault::TimedOut))
}
