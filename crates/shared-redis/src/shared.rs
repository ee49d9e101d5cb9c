//! Both shared parts over one link.

use crate::{
    address::Address,
    breaker::Condition,
    limits::{CHARGE, REFUND},
    link::Link,
    meter::Meter,
    names::Names,
    snapshots::{DISCARD, PUT_IF_NEWER},
};
use service::port::{SharedError, SharedParts, SharedResult};
use std::{
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::task::JoinHandle;

/// How long a start waits for the first attempt to connect, so that a healthy Redis serves the first reader already.
const START_PATIENCE: Duration = Duration::from_millis(250);

/// What the processes over one database share. Dropping it closes the connection.
pub struct Shared {
    pub(crate) link: Arc<Link>,
    pub(crate) names: Names,
    keeper: JoinHandle<()>,
}

/// How Redis is.
#[derive(Clone, Debug)]
pub struct Health {
    /// `Err` with what the log may say; never for clients.
    pub answer: SharedResult<()>,
    /// How long it took to answer.
    pub latency: Duration,
    /// Whether it is asked at all.
    pub breaker: Condition,
}

impl Shared {
    /// Begins to connect. `instance` is the database's id, `patience` the longest that one call may take.
    ///
    /// # Errors
    /// When the address can't be used at all; a Redis that is away is none.
    pub async fn start(address: &Address, instance: &str, patience: Duration) -> Result<Arc<Self>, SharedError> {
        let names = Names::new(instance);
        let link = Link::new(address, names.clone(), patience).map_err(|error| SharedError(error.to_string()))?;
        let link = Arc::new(link);
        let keeper = tokio::spawn(Arc::clone(&link).keep());
        let shared = Self { link, names, keeper };
        let _ = tokio::time::timeout(START_PATIENCE, shared.link.attempted()).await;
        Ok(Arc::new(shared))
    }

    /// As the service takes them.
    #[must_use]
    pub fn parts(self: &Arc<Self>) -> SharedParts {
        SharedParts { snapshots: Some(Arc::clone(self) as _), limits: Some(Arc::clone(self) as _) }
    }

    /// Asks for a sign of life.
    pub async fn health(&self) -> Health {
        let started = Instant::now();
        let answer = self.link.ping().await;
        Health { answer, latency: started.elapsed(), breaker: self.link.condition() }
    }

    /// Whether Redis is asked at all.
    #[must_use]
    pub fn breaker(&self) -> Condition {
        self.link.condition()
    }

    /// What was counted.
    #[must_use]
    pub fn meter(&self) -> &Meter {
        self.link.meter()
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        self.keeper.abort();
    }
}

/// All that are ever called: loaded with every connection, so that a call is one round trip.
pub(crate) fn scripts() -> [&'static str; 4] {
    [PUT_IF_NEWER, DISCARD, CHARGE, REFUND]
}

/// A lifetime as Redis takes it.
pub(crate) fn millis(lifetime: Duration) -> u64 {
    u64::try_from(lifetime.as_millis()).unwrap_or(u64::MAX)
}
