//! What the handlers share.

use crate::{config::Secret, metrics::Metrics};
use service::Allot;
use std::{sync::Arc, time::Duration};
use tokio::sync::{Semaphore, watch};

/// One per server.
pub(crate) struct Shared {
    /// The use cases.
    pub(crate) allot: Arc<Allot>,
    /// What this server shares with others, if it does.
    pub(crate) redis: Option<Arc<shared_redis::Shared>>,
    /// Whether cookies are for HTTPS only.
    pub(crate) secure_cookies: bool,
    /// Counts for `/metrics`.
    pub(crate) metrics: Metrics,
    /// Who shows it may use the operations routes.
    pub(crate) ops_token: Option<Secret>,
    /// Places for streams of live aggregates.
    pub(crate) live_places: Arc<Semaphore>,
    /// Becomes true when the server stops, so that what would go on for ever ends.
    pub(crate) stopping: watch::Sender<bool>,
    /// Until a body must have arrived.
    pub(crate) body_patience: Duration,
}
