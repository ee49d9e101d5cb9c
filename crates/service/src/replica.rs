//! Reading from a copy of the database that may be a little behind.
//!
//! Nobody may miss what they just did. Instead of following positions in the log, two bounds make sure of it: the copy
//! is used only while it is known to have everything that the database had five seconds ago, and whoever changed
//! something in the last minute ([`SETTLED`]) is served by the database. The transport knows who did (a cookie without any identity) and
//! says so once for a whole request ([`may_be_older`]); what it does not say is read from the database. An id that
//! the copy does not know is looked up in the database too, so that a new submission's address works at once for
//! everybody. Snapshots, and everything that decides something, never come from the copy.

use crate::{
    allot::Allot,
    port::{Head, Store, StoreError, StoreResult},
};
use std::{
    sync::{
        Arc, Mutex, PoisonError, Weak,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};
use tokio::{
    sync::OnceCell,
    time::{MissedTickBehavior, interval, sleep, timeout},
};

/// How old the proof may be that the copy had everything.
const TRUST: Duration = Duration::from_secs(5);
/// Whoever changed something reads from the database for so long; far longer than [`TRUST`].
pub const SETTLED: Duration = Duration::from_mins(1);
/// How often the copy is compared with the database.
const COMPARE: Duration = Duration::from_millis(500);
/// How long the copy may take to answer before the database does.
const PATIENCE: Duration = Duration::from_millis(500);
/// Comparisons that wait for the copy to catch up; older ones say no more than these.
const WAITING: usize = 16;

const SLOW: &str = "no answer in time";

tokio::task_local! {
    static MAY_BE_OLDER: ();
}

/// Runs the part of a request that may see the state of a moment ago, because its sender changed nothing lately.
pub async fn may_be_older<F: Future>(request: F) -> F::Output {
    MAY_BE_OLDER.scope((), request).await
}

/// How the copy is.
#[derive(Clone, Debug)]
pub struct ReplicaHealth {
    /// `Err` with what the log may say; never for clients.
    pub answer: Result<(), String>,
    /// How long it took to answer.
    pub latency: Duration,
    /// Whether it is read from now.
    pub is_used: bool,
    /// How old the newest state of the database is that it is known to have; `None` = nothing is known.
    pub lag: Option<Duration>,
}

/// Why a copy can't stand for its database now.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// It can't be asked.
    #[error("{0}")]
    Away(String),
    /// It belongs to another database.
    #[error("it is a copy of another database")]
    Foreign,
    /// It doesn't have what the database had when this was asked.
    #[error("it is behind")]
    Behind,
}

/// Waits until the copy has all that the database has now, for as long as `patience`. `Err` is why it hasn't; what the
/// database fails with is an error of its own.
pub async fn caught_up(database: &dyn Store, copy: &dyn Store, patience: Duration) -> StoreResult<Result<(), Unfit>> {
    let (instance, heads) = (database.instance().await?, database.heads().await?);
    let wait = async {
        if copy.instance().await? != instance {
            return Ok(Err(Unfit::Foreign));
        }
        while !has_all(&copy.heads().await?, &heads) {
            sleep(COMPARE).await;
        }
        Ok(Ok(()))
    };
    Ok(match timeout(patience, wait).await {
        Ok(Ok(found)) => found,
        Ok(Err(error)) => Err(Unfit::Away(StoreError::to_string(&error))),
        Err(_) => Err(Unfit::Behind),
    })
}

/// Whether a copy with these heads has everything that the database had when it had those.
fn has_all(copied: &[Head], then: &[Head]) -> bool {
    then.iter().all(|head| copied.iter().any(|copy| copy.budget == head.budget && copy.version >= head.version))
}

/// The copy, and what is known of it.
pub(crate) struct Replica {
    store: Arc<dyn Store>,
    known: Mutex<Known>,
    /// Of the database.
    instance: OnceCell<String>,
    /// It was said that it is another database's.
    told: AtomicBool,
}

#[derive(Default)]
struct Known {
    /// The copy has everything that the database had then.
    complete: Option<Instant>,
    /// The heads of the database at times that the copy has not reached yet, oldest first.
    ahead: Vec<(Instant, Vec<Head>)>,
}

impl Known {
    fn arrived(&mut self, heads: &[Head]) {
        let reached = self.ahead.iter().take_while(|(_, then)| has_all(heads, then)).count();
        if let Some((at, _)) = self.ahead.drain(..reached).next_back() {
            self.complete = Some(at);
        }
    }

    fn ask(&mut self, at: Instant, heads: Vec<Head>) {
        if self.ahead.len() < WAITING {
            self.ahead.push((at, heads));
        }
    }

    fn is_usable(&self, now: Instant) -> bool {
        self.complete.is_some_and(|at| now.duration_since(at) <= TRUST)
    }
}

impl Replica {
    fn new(store: Arc<dyn Store>) -> Self {
        Self { store, known: Mutex::default(), instance: OnceCell::new(), told: AtomicBool::new(false) }
    }

    fn is_usable(&self) -> bool {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).is_usable(Instant::now())
    }

    /// The copy, while it is known to answer.
    pub(crate) fn usable(&self) -> Option<&dyn Store> {
        self.is_usable().then_some(&*self.store)
    }

    async fn health(&self) -> ReplicaHealth {
        let asked = Instant::now();
        let answer = timeout(PATIENCE, self.store.ping()).await;
        let answer = answer.unwrap_or_else(|_| Err(StoreError::Unavailable(SLOW.into())));
        let now = Instant::now();
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        ReplicaHealth {
            answer: answer.map_err(|error| error.to_string()),
            latency: now.duration_since(asked),
            is_used: known.is_usable(now),
            lag: known.complete.map(|at| now.duration_since(at)),
        }
    }

    /// What the copy says; `None` when it can't answer in time.
    async fn ask<T>(&self, read: impl Future<Output = StoreResult<T>>) -> Option<T> {
        let failure = match timeout(PATIENCE, read).await {
            Ok(Ok(read)) => return Some(read),
            Ok(Err(error)) => error.to_string(),
            Err(_) => SLOW.to_owned(),
        };
        tracing::warn!(failure, "the replica can't be read; the database is asked instead");
        // Nobody else waits for it until a comparison has worked again.
        self.known.lock().unwrap_or_else(PoisonError::into_inner).complete = None;
        None
    }

    async fn compare(&self, database: &dyn Store) -> StoreResult<()> {
        let at = Instant::now();
        let heads = database.heads().await?;
        self.known.lock().unwrap_or_else(PoisonError::into_inner).ask(at, heads);
        let ours = self.instance.get_or_try_init(|| database.instance()).await?;
        let copied = timeout(PATIENCE, async { Ok((self.store.instance().await?, self.store.heads().await?)) }).await;
        let (theirs, copied) = copied.unwrap_or_else(|_| Err(StoreError::Unavailable(SLOW.into())))?;
        if theirs != *ours {
            if !self.told.swap(true, Ordering::Relaxed) {
                tracing::error!("DATABASE_READ_URL is no replica of DATABASE_URL; it is not read");
            }
            return Err(StoreError::Refused("a copy of another database".into()));
        }
        self.known.lock().unwrap_or_else(PoisonError::into_inner).arrived(&copied);
        Ok(())
    }
}

/// Compares the copy with the database again and again, until the last other reference is gone.
async fn watch(allot: Weak<Allot>) {
    let mut timer = interval(COMPARE);
    timer.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut used = None;
    loop {
        timer.tick().await;
        let Some(allot) = allot.upgrade() else { return };
        let Some(replica) = allot.replica() else { return };
        if let Err(error) = replica.compare(allot.store()).await {
            tracing::debug!(%error, "the replica can't be compared");
        }
        let usable = replica.is_usable();
        if used.replace(usable) != Some(usable) {
            if usable {
                tracing::info!("the replica is read from");
            } else {
                tracing::warn!("the replica is away or too far behind; the database is read instead");
            }
        }
    }
}

impl Allot {
    /// From now on reads from this copy of the database what may be a moment old.
    pub fn read_from(self: &Arc<Self>, copy: Arc<dyn Store>) {
        if self.set_replica(Replica::new(copy)) {
            tokio::spawn(watch(Arc::downgrade(self)));
        }
    }

    /// Whether the copy is read from now; `None` without one.
    #[must_use]
    pub fn replica_is_used(&self) -> Option<bool> {
        self.replica().map(Replica::is_usable)
    }

    /// Asks the copy for a sign of life; `None` without one.
    pub async fn replica_health(&self) -> Option<ReplicaHealth> {
        match self.replica() {
            Some(replica) => Some(replica.health().await),
            None => None,
        }
    }

    /// Asks the copy, if this request may see what it has. `None` = ask the database.
    pub(crate) async fn ask_replica<T, F>(&self, read: impl FnOnce(Arc<dyn Store>) -> F) -> Option<T>
    where
        F: Future<Output = StoreResult<T>>,
    {
        let may = MAY_BE_OLDER.try_with(|()| ()).is_ok();
        let replica = self.replica().filter(|replica| may && replica.is_usable())?;
        replica.ask(read(Arc::clone(&replica.store))).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::port::{BudgetId, Version};

    fn heads(versions: [i64; 2]) -> Vec<Head> {
        (1..).zip(versions).map(|(n, version)| Head { budget: BudgetId(n), version: Version(version) }).collect()
    }

    #[test]
    fn a_copy_is_trusted_only_while_it_had_everything_of_a_moment_ago() {
        let (start, mut known) = (Instant::now(), Known::default());
        let second = |n| start + Duration::from_secs(n);
        assert!(!known.is_usable(start), "nothing is known yet");
        known.ask(second(1), heads([10, 10]));
        known.arrived(&heads([10, 9]));
        assert!(!known.is_usable(second(1)), "one budget is behind");
        known.ask(second(2), heads([12, 10]));
        known.arrived(&heads([11, 10]));
        assert!(known.is_usable(second(6)), "it had everything of second one");
        assert!(!known.is_usable(second(7)), "that is too long ago");
        known.arrived(&heads([12, 10]));
        assert!(known.is_usable(second(7)));
    }

    #[test]
    fn a_copy_that_never_catches_up_is_remembered_by_its_oldest_lag_only() {
        let (start, mut known) = (Instant::now(), Known::default());
        for n in 0..1000 {
            known.ask(start + Duration::from_millis(n), heads([n as i64, 0]));
        }
        assert_eq!(known.ahead.len(), WAITING);
        known.arrived(&heads([2000, 0]));
        assert!(known.ahead.is_empty());
    }
}
