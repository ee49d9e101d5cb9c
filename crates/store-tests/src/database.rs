//! What a store's crate gives to the suite.

use service::port::{Inspect, JobQueue, Transfer};
use std::sync::Arc;

/// A database of one test. Dropping it takes the database away.
pub trait Database: Send + Sync + 'static {
    /// The store under test.
    type Store: Transfer + Inspect;

    /// Makes an empty database with the current schema.
    fn create() -> impl Future<Output = Self> + Send;

    /// Opens one more handle on it, independent of all others, as another process would have it.
    fn open(&self) -> impl Future<Output = Self::Store> + Send;

    /// Opens its queue of background jobs.
    fn queue(&self) -> Arc<dyn JobQueue>;
}
