//! What the processes over one database share beside it. Nothing here is the truth: whatever these ports answer
//! or fail to answer, the use cases stay correct and only get slower.

use super::{BudgetId, Head, Version};
use async_trait::async_trait;
use std::{sync::Arc, time::Duration};

/// Why a shared part can't be used now. For the log; no client ever sees it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct SharedError(pub String);

/// What a shared part answers.
pub type SharedResult<T> = Result<T, SharedError>;

/// The snapshots that one process computed and all can use: the tier `redis`.
///
/// Every method answers or fails within a short time of its own, and at once while the cache is known to be away.
#[async_trait]
pub trait SnapshotCache: Send + Sync + 'static {
    /// The newest that is kept for a budget. Its bytes may be anything: who reads them checks them.
    async fn get(&self, budget: BudgetId) -> SharedResult<Option<(Version, Vec<u8>)>>;

    /// Keeps the bytes and tells the other processes, unless what is kept is as new; answers whether it did.
    async fn put_if_newer(&self, budget: BudgetId, version: Version, bytes: &[u8]) -> SharedResult<bool>;

    /// Removes what is kept if it still has this version: it proved wrong.
    async fn discard(&self, budget: BudgetId, version: Version) -> SharedResult<()>;

    /// Waits until other processes have told of newer snapshots; the newest of each budget since the last call.
    /// For one caller. Some may be missed while the cache is away.
    async fn news(&self) -> Vec<Head>;
}

/// One limit that a submission counts against.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LimitCharge {
    /// Whose limit.
    pub key: LimitKey,
    /// Microseconds of the theoretical arrival time that it costs; the hour holds as many as are allowed.
    pub cost: i64,
}

/// Keyed hashes: nobody can be recognised by them without the server's secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LimitKey {
    /// Of a participant.
    Participant(u64),
    /// Of a network, good for one day.
    Address(u64),
}

/// The rate limits of all processes together.
#[async_trait]
pub trait SharedLimits: Send + Sync + 'static {
    /// Charges all or none; `Err` inside = the time until all of them allow one again. The time is that of what is
    /// shared: the clocks of the processes differ.
    async fn charge(&self, charges: &[LimitCharge]) -> SharedResult<Result<(), Duration>>;

    /// Gives one charge of each back.
    async fn refund(&self, charges: &[LimitCharge]) -> SharedResult<()>;
}

/// The shared parts that there are; a process alone needs none.
#[derive(Clone, Default)]
pub struct SharedParts {
    /// The tier `redis`.
    pub snapshots: Option<Arc<dyn SnapshotCache>>,
    /// Limits over all processes; without them each process has its own.
    pub limits: Option<Arc<dyn SharedLimits>>,
}
