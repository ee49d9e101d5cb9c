//! The application: what the pages, the API and the command line call.

use crate::{
    aggregates::Aggregates,
    background,
    catalogue::Catalogue,
    keys::Keys,
    limits::SubmissionLimits,
    port::{Clock, Participant, SharedParts, Store, StoreResult},
    replica::Replica,
    writer::{WriterMeter, Writers},
};
use arc_swap::ArcSwap;
use domain::{SubmissionId, Timestamp};
use std::{
    sync::{Arc, OnceLock},
    time::Duration,
};
use tokio::sync::Mutex;

/// What an operator may set.
#[derive(Clone)]
pub struct Settings {
    /// Signs cookies and tokens, keys hashes.
    pub secret: Vec<u8>,
    /// Per participant; 0 = no limit.
    pub submissions_per_hour: u32,
    /// Per IPv4 address or IPv6 /64; 0 = no limit.
    pub address_submissions_per_hour: u32,
}

/// All use cases. Share it as `Arc<Allot>`.
pub struct Allot {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    keys: Keys,
    catalogue: ArcSwap<Catalogue>,
    reloading: Mutex<()>,
    aggregates: Arc<Aggregates>,
    writers: Writers,
    limits: Arc<SubmissionLimits>,
    replica: OnceLock<Replica>,
}

impl Allot {
    /// Loads the catalogue and starts the background work, which ends with the last reference.
    ///
    /// # Errors
    /// What the store says.
    pub async fn start(store: Arc<dyn Store>, clock: Arc<dyn Clock>, settings: Settings) -> StoreResult<Arc<Self>> {
        Self::start_beside(store, clock, SharedParts::default(), settings).await
    }

    /// The same beside other processes that share these parts.
    ///
    /// # Errors
    /// What the store says.
    pub async fn start_beside(
        store: Arc<dyn Store>,
        clock: Arc<dyn Clock>,
        shared: SharedParts,
        settings: Settings,
    ) -> StoreResult<Arc<Self>> {
        let allot = Self::load_beside(store, clock, shared, settings).await?;
        background::start(&allot);
        Ok(allot)
    }

    /// Without background work: for commands that run once.
    ///
    /// # Errors
    /// What the store says.
    pub async fn load(store: Arc<dyn Store>, clock: Arc<dyn Clock>, settings: Settings) -> StoreResult<Arc<Self>> {
        Self::load_beside(store, clock, SharedParts::default(), settings).await
    }

    /// Without background work, beside other processes that share these parts.
    ///
    /// # Errors
    /// What the store says.
    pub async fn load_beside(
        store: Arc<dyn Store>,
        clock: Arc<dyn Clock>,
        shared: SharedParts,
        settings: Settings,
    ) -> StoreResult<Arc<Self>> {
        let keys = Keys::new(&settings.secret);
        let aggregates = Arc::new(Aggregates::new(Arc::clone(&store), shared.snapshots, &keys));
        let acknowledged = Arc::clone(&aggregates);
        let writers = Writers::new(
            Arc::clone(&store),
            Arc::clone(&clock),
            Arc::new(move |budget, version| acknowledged.require(budget, version)),
        );
        let limits = Arc::new(SubmissionLimits::new(
            settings.submissions_per_hour,
            settings.address_submissions_per_hour,
            shared.limits,
            &keys,
        ));
        let allot = Arc::new(Self {
            store,
            clock,
            keys,
            catalogue: ArcSwap::default(),
            reloading: Mutex::default(),
            aggregates,
            writers,
            limits,
            replica: OnceLock::new(),
        });
        allot.reload_catalogue().await?;
        Ok(allot)
    }

    /// Reads the budgets anew, after an operator changed them. The catalogue stays the same value as long as
    /// only submissions came in.
    ///
    /// # Errors
    /// What the store says.
    pub async fn reload_catalogue(&self) -> StoreResult<()> {
        // One after the other, or an older reading might replace a newer one.
        let _turn = self.reloading.lock().await;
        let catalogue = Catalogue::new(self.store.budgets().await?);
        if !catalogue.says_the_same(&self.catalogue.load()) {
            self.aggregates.follow(&catalogue);
            self.catalogue.store(Arc::new(catalogue));
        }
        Ok(())
    }

    /// Takes no more submissions, commits and answers those that were accepted.
    pub async fn shutdown(&self) {
        self.writers.shutdown().await;
    }

    /// Cookie signatures, manage tokens, address keys.
    #[must_use]
    pub fn keys(&self) -> &Keys {
        &self.keys
    }

    /// The budgets as last read.
    #[must_use]
    pub fn catalogue(&self) -> Arc<Catalogue> {
        self.catalogue.load_full()
    }

    /// The port, for what has no use case of its own.
    #[must_use]
    pub fn store(&self) -> &dyn Store {
        &*self.store
    }

    /// The time by the clock port.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Submissions that wait for a writer now.
    #[must_use]
    pub fn queued(&self) -> usize {
        self.writers.queued()
    }

    /// Forgets the limits that this process keeps, so that everybody may submit again; what is shared stays.
    pub fn forget_own_limits(&self) {
        self.limits.forget_own();
    }

    /// How long the oldest of them has waited; zero = none waits.
    #[must_use]
    pub fn oldest_queued(&self) -> Duration {
        self.writers.oldest()
    }

    /// What was measured of writing.
    #[must_use]
    pub fn writer_meter(&self) -> &WriterMeter {
        self.writers.meter()
    }

    /// A new id of this moment.
    #[must_use]
    pub fn new_id(&self) -> SubmissionId {
        SubmissionId::from_parts(self.now(), random())
    }

    /// A new participant: 64 random bits that say nothing about anybody.
    #[must_use]
    pub fn new_participant(&self) -> Participant {
        Participant(u64::from_be_bytes(random()))
    }

    pub(crate) fn replica(&self) -> Option<&Replica> {
        self.replica.get()
    }

    /// `false` when there is one already.
    pub(crate) fn set_replica(&self, replica: Replica) -> bool {
        self.replica.set(replica).is_ok()
    }

    pub(crate) fn aggregates(&self) -> &Aggregates {
        &self.aggregates
    }

    pub(crate) fn writers(&self) -> &Writers {
        &self.writers
    }

    pub(crate) fn limits(&self) -> &Arc<SubmissionLimits> {
        &self.limits
    }
}

#[expect(clippy::expect_used, reason = "without the system's randomness nothing that we sign is safe: better to stop")]
fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the system gives random bytes");
    bytes
}
