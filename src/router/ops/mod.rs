//! For those who run the server: health and metrics.

mod health;
mod metrics;

pub(super) use health::{__path_health, __path_live, __path_ready, health, live, ready};

use super::Shared;
use axum::{Router, routing::get};
use std::sync::Arc;

pub(super) fn routes() -> Router<Arc<Shared>> {
    Router::new()
        .route("/health", get(health))
        .route("/health/live", get(live))
        .route("/health/ready", get(ready))
        .route("/metrics", get(metrics::get))
}
