//! For those who run the server: health and metrics, and on an address of their own what only they may use.

mod health;
mod metrics;
mod token;

pub(super) use health::{__path_health, __path_live, __path_ready, health, live, ready};

use super::{
    Shared,
    problem::{Kind, Problem},
};
use axum::{Router, middleware, routing::get};
use std::sync::Arc;

/// What the public address has of it.
pub(super) fn public(metrics_are_public: bool) -> Router<Arc<Shared>> {
    if metrics_are_public { health_routes().route("/metrics", get(metrics::get)) } else { health_routes() }
}

/// What the operations address has.
pub(crate) fn private(shared: Arc<Shared>) -> Router {
    // Also what is not there needs the token.
    let guarded = guarded().fallback(not_found);
    let guarded = guarded.layer(middleware::from_fn_with_state(Arc::clone(&shared), token::required));
    Router::new()
        .nest("/ops", guarded)
        .merge(health_routes())
        .route("/metrics", get(metrics::get))
        .fallback(not_found)
        .with_state(shared)
}

/// What is under `/ops` and needs `ALLOT_OPS_TOKEN`: add such routes here.
fn guarded() -> Router<Arc<Shared>> {
    Router::new()
}

async fn not_found() -> Problem {
    Kind::NotFound.into()
}

fn health_routes() -> Router<Arc<Shared>> {
    Router::new().route("/health", get(health)).route("/health/live", get(live)).route("/health/ready", get(ready))
}
