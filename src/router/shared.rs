//! What the handlers share.

use super::{Vitals, api::Places};
use crate::{config::Secret, metrics::Metrics};
use axum::Router;
use service::{Allot, port::JobQueue};
use std::{
    sync::{Arc, OnceLock},
    time::Duration,
};
use tokio::sync::watch;

/// One per server.
pub(crate) struct Shared {
    /// The use cases.
    pub(crate) allot: Arc<Allot>,
    /// Background jobs.
    pub(crate) queue: Arc<dyn JobQueue>,
    /// What this server shares with others, if it does.
    pub(crate) redis: Option<Arc<shared_redis::Shared>>,
    /// Whether cookies are for HTTPS only.
    pub(crate) secure_cookies: bool,
    /// Counts for `/metrics`.
    pub(crate) metrics: Metrics,
    /// Who shows it may use the operations routes.
    pub(crate) ops_token: Option<Secret>,
    /// What pages measured; `None` = they are not asked.
    pub(crate) vitals: Option<Vitals>,
    /// Places for streams of live aggregates.
    pub(crate) live_places: Places,
    /// Becomes true when the server stops, so that what would go on for ever ends.
    pub(crate) stopping: watch::Sender<bool>,
    /// The pages, to be warmed; set once they are there.
    pub(crate) pages: OnceLock<Router>,
    /// Until a body must have arrived.
    pub(crate) body_patience: Duration,
}
