//! One budget's newest snapshot, and how it gets newer.

use super::{Snapshot, Sources, Tier, pace::Pace, shared_tier::SharedTier};
use crate::port::{BudgetRecord, Store, StoreError, StoreResult, TotalAt, Version};
use arc_swap::ArcSwapOption;
use std::{
    sync::{
        Arc, PoisonError, RwLock,
        atomic::{AtomicI64, Ordering},
    },
    time::{Duration, Instant},
};
use tokio::{
    sync::{Mutex, MutexGuard, watch},
    time::timeout,
};

/// How long a load from the summary may take before raw or the old snapshot has to do.
const SUMMARY_PATIENCE: Duration = Duration::from_secs(2);
/// How long the raw computation may take.
const RAW_PATIENCE: Duration = Duration::from_secs(60);
/// How long after a failed load readers are spared the next one; the background tries again sooner.
const SPARED: Duration = Duration::from_secs(3);
/// Microseconds that a shared snapshot may be behind the head for a reader who has shown nothing: as long as its
/// answer may be kept (`max-age=1`).
const SHARED_LAG: i64 = 1_000_000;

pub(super) struct Slot {
    record: Arc<BudgetRecord>,
    current: ArcSwapOption<Snapshot>,
    /// The newest version that this process has acknowledged to somebody.
    required: AtomicI64,
    /// The newest version that the database is known to have: whatever claims to be newer must prove it.
    head: AtomicI64,
    loading: Mutex<Pace>,
    /// The total that the database answered last. Neither a shared nor a raw one: what is read next goes on from it.
    read: ArcSwapOption<TotalAt>,
    /// When the last load failed, unless one has succeeded since.
    failed: RwLock<Option<Instant>>,
    changed: watch::Sender<Version>,
}

impl Slot {
    pub(super) fn new(record: Arc<BudgetRecord>) -> Self {
        Self {
            current: ArcSwapOption::empty(),
            required: AtomicI64::new(0),
            head: AtomicI64::new(record.head.0),
            loading: Mutex::new(Pace::default()),
            read: ArcSwapOption::empty(),
            failed: RwLock::new(None),
            changed: watch::Sender::new(Version::default()),
            record,
        }
    }

    pub(super) fn record(&self) -> &Arc<BudgetRecord> {
        &self.record
    }

    pub(super) fn require(&self, version: Version) {
        self.required.fetch_max(version.0, Ordering::AcqRel);
        self.saw_head(version);
    }

    /// The newest version that this process has acknowledged.
    pub(super) fn required(&self) -> Version {
        Version(self.required.load(Ordering::Acquire))
    }

    /// The database has this version.
    pub(super) fn saw_head(&self, version: Version) {
        self.head.fetch_max(version.0, Ordering::AcqRel);
    }

    /// The newest version that the database is known to have.
    pub(super) fn known_head(&self) -> Version {
        Version(self.head.load(Ordering::Acquire))
    }

    /// Tells of every newer snapshot.
    pub(super) fn changes(&self) -> watch::Receiver<Version> {
        self.changed.subscribe()
    }

    pub(super) fn version(&self) -> Option<Version> {
        self.current.load().as_ref().map(|s| s.version)
    }

    pub(super) fn is_behind(&self) -> bool {
        self.version().is_none_or(|version| version < self.required())
    }

    /// What a reader who has seen `seen` must get at the least.
    fn needed(&self, seen: Option<Version>) -> Version {
        self.required().max(seen.unwrap_or_default())
    }

    /// The current snapshot if it has all that this reader must get.
    pub(super) fn fresh(&self, seen: Option<Version>) -> Option<Arc<Snapshot>> {
        self.at_least(self.needed(seen))
    }

    fn at_least(&self, needed: Version) -> Option<Arc<Snapshot>> {
        let current = self.current.load();
        current.as_ref().filter(|s| s.version >= needed).map(Arc::clone)
    }

    /// While loads fail, the last snapshot that this reader may get: nobody should queue up before a database that is
    /// away, and nobody may get an older one than they have seen.
    pub(super) fn last_resort(&self, seen: Option<Version>) -> Option<Arc<Snapshot>> {
        let failed = *self.failed.read().unwrap_or_else(PoisonError::into_inner);
        failed.filter(|at| at.elapsed() < SPARED)?;
        self.current.load_full().filter(|snapshot| seen.is_none_or(|seen| snapshot.version >= seen))
    }

    /// Whether the last load failed.
    fn note(&self, failed: bool) {
        *self.failed.write().unwrap_or_else(PoisonError::into_inner) = failed.then(Instant::now);
    }

    /// Loads a newer snapshot for a reader; those who wait for the same load share it, also when it fails. What is
    /// acknowledged while they wait is not theirs to wait for: under a stream of submissions each of them would need a
    /// load of its own.
    pub(super) async fn catch_up(
        &self,
        from: &Sources,
        seen: Option<Version>,
    ) -> StoreResult<Option<(Arc<Snapshot>, Tier)>> {
        let (came, acknowledged) = (Instant::now(), self.required());
        let needed = self.needed(seen);
        let pace = self.loading.lock().await;
        if let Some(snapshot) = self.at_least(needed).or_else(|| self.last_resort(seen)) {
            return Ok(Some((snapshot, Tier::Memory)));
        }
        // The database was read since this reader came: a version that it did not have is nowhere. Without this,
        // readers who show made-up versions would have it read again for each of them.
        if pace.read_since(came)
            && let Some(snapshot) = self.at_least(acknowledged)
        {
            return Ok(Some((snapshot, Tier::Memory)));
        }
        self.load_at_pace(pace, from, seen).await
    }

    /// The same for nobody in particular, so also while loads fail.
    pub(super) async fn renew(&self, from: &Sources, seen: Option<Version>) -> StoreResult<()> {
        let pace = self.loading.lock().await;
        if self.fresh(seen).is_none() {
            self.load_at_pace(pace, from, seen).await?;
        }
        Ok(())
    }

    async fn load_at_pace(
        &self,
        mut pace: MutexGuard<'_, Pace>,
        from: &Sources,
        seen: Option<Version>,
    ) -> StoreResult<Option<(Arc<Snapshot>, Tier)>> {
        pace.wait().await;
        let started = Instant::now();
        let answer = self.load_and_publish(from, seen).await;
        if let Ok(Some((_, Tier::Summary | Tier::Raw))) = &answer {
            pace.read_at(started);
        }
        pace.took(started);
        answer
    }

    /// Another process says that it has shared this version. Asks the database for nothing but its head: if there
    /// is nothing to be had, polling the heads will bring it.
    pub(super) async fn hear(&self, from: &Sources, version: Version) {
        let Some(shared) = &from.shared else { return };
        let is_known = || self.version() >= Some(version);
        if is_known() {
            return;
        }
        let mut pace = self.loading.lock().await;
        if is_known() {
            return;
        }
        pace.wait().await;
        let started = Instant::now();
        match self.load_shared(shared, &*from.store, version).await {
            Ok(Some(at)) => _ = self.publish(at, Tier::Redis, from),
            Ok(None) => {}
            // Readers who waited meanwhile need not find that out once more.
            Err(_) => self.note(true),
        }
        pace.took(started);
    }

    async fn load_and_publish(
        &self,
        from: &Sources,
        seen: Option<Version>,
    ) -> StoreResult<Option<(Arc<Snapshot>, Tier)>> {
        let loaded = self.load(from, seen).await;
        self.note(loaded.is_err());
        match loaded {
            Ok(Some((at, tier))) => Ok(Some(self.publish(at, tier, from))),
            Ok(None) => Ok(None),
            // Nobody may get an older one than they have seen; everyone else is better served with the last
            // one than with an error.
            Err(error) => match self.current.load_full() {
                Some(snapshot) if seen.is_none_or(|seen| snapshot.version >= seen) => {
                    tracing::warn!(%error, budget = self.record.budget.slug, "answering with the last snapshot");
                    Ok(Some((snapshot, Tier::Memory)))
                }
                _ => Err(error),
            },
        }
    }

    fn publish(&self, at: TotalAt, tier: Tier, from: &Sources) -> (Arc<Snapshot>, Tier) {
        from.loads.count(tier);
        if let Some(current) = self.current.load_full()
            && current.version >= at.version
        {
            return (current, tier);
        }
        let snapshot = Arc::new(Snapshot::new(&self.record.budget, at));
        self.current.store(Some(Arc::clone(&snapshot)));
        self.changed.send_replace(snapshot.version);
        if tier != Tier::Redis {
            self.saw_head(snapshot.version);
            if let Some(shared) = &from.shared {
                shared.give(self.record.id, Arc::clone(&snapshot));
            }
        }
        (snapshot, tier)
    }

    async fn load(&self, from: &Sources, seen: Option<Version>) -> StoreResult<Option<(TotalAt, Tier)>> {
        let store = &*from.store;
        if let Some(shared) = &from.shared
            && let Some(at) = self.load_shared(shared, store, self.needed(seen)).await?
        {
            return Ok(Some((at, Tier::Redis)));
        }
        let summary = timeout(SUMMARY_PATIENCE, self.read_summary(store)).await;
        match summary.unwrap_or_else(|_| Err(slow("reading the summary"))) {
            Ok(at) => Ok(at.map(|at| (at, Tier::Summary))),
            Err(error @ StoreError::Unavailable(_)) => Err(error),
            // The summary can't be read, but the submissions may: they are the truth.
            Err(error) => {
                tracing::error!(%error, budget = self.record.budget.slug, "the summary is unreadable; computing from the submissions");
                let raw = timeout(RAW_PATIENCE, store.raw_total(self.record.id)).await;
                let raw = raw.unwrap_or_else(|_| Err(slow("the raw computation")))?;
                Ok(raw.map(|at| (at, Tier::Raw)))
            }
        }
    }

    /// Under a stream of submissions thousands of deltas wait for the next fold; only the newest are read, while that can
    /// be done.
    async fn read_summary(&self, store: &dyn Store) -> StoreResult<Option<TotalAt>> {
        let known = self.read.load_full().map(Arc::unwrap_or_clone);
        let after = match known {
            Some(known) => store.total_after(self.record.id, known).await?,
            None => None,
        };
        let total = match after {
            Some(total) => Some(total),
            None => store.total(self.record.id).await?,
        };
        self.read.store(total.clone().map(Arc::new));
        Ok(total)
    }

    /// The shared snapshot, if it is at least as new as `needed`, hardly older than the database and never newer. `Err`
    /// when the database is away, which therefore need not be asked for more.
    async fn load_shared(
        &self,
        shared: &SharedTier,
        store: &dyn Store,
        needed: Version,
    ) -> StoreResult<Option<TotalAt>> {
        let Some(at) = shared.get(&self.record).await else { return Ok(None) };
        if at.version < needed || self.version().is_some_and(|current| at.version <= current) {
            return Ok(None);
        }
        if at.version.0 > self.head.load(Ordering::Acquire) {
            let heads = timeout(SUMMARY_PATIENCE, store.heads()).await;
            let heads = match heads.unwrap_or_else(|_| Err(slow("reading the heads"))) {
                Ok(heads) => heads,
                Err(error @ StoreError::Unavailable(_)) => return Err(error),
                Err(_) => return Ok(None),
            };
            let Some(head) = heads.iter().find(|head| head.budget == self.record.id) else { return Ok(None) };
            self.saw_head(head.version);
            if at.version > head.version {
                // A database that was set back, or one whose last commits were lost: what it forgot is not true.
                tracing::warn!(
                    budget = self.record.budget.slug,
                    version = at.version.0,
                    head = head.version.0,
                    "a shared snapshot is newer than the database; it is discarded"
                );
                shared.discard(self.record.id, at.version).await;
                return Ok(None);
            }
        }
        Ok((self.head.load(Ordering::Acquire) - at.version.0 <= SHARED_LAG).then_some(at))
    }
}

fn slow(what: &str) -> StoreError {
    StoreError::Unavailable(format!("{what} took too long"))
}
