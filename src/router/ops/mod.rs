//! For those who run the server: health and metrics, and on an address of their own what only they may use.

mod board;
mod cache;
mod health;
mod limits;
mod metrics;
mod performance;
mod samples;
mod token;

pub(crate) use cache::stay_warm;
pub(super) use health::{__path_health, __path_live, __path_ready, health, live, ready};

use super::{
    Shared,
    problem::{Kind, Problem},
};
use axum::{
    Router, middleware,
    routing::{get, post},
};
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
        // How a page looks is no secret, and browsers don't show the token with every file.
        .route("/ops/board.css", get(board::style))
        .nest("/ops", guarded)
        .merge(health_routes())
        .route("/metrics", get(metrics::get))
        .fallback(not_found)
        .with_state(shared)
}

/// What is under `/ops` and needs `ALLOT_OPS_TOKEN`: add such routes here.
fn guarded() -> Router<Arc<Shared>> {
    Router::new()
        .route("/cache/warm", post(cache::warm))
        .route("/cache/stats", get(cache::stats))
        .route("/limits/clear", post(limits::clear))
        .route("/performance", get(performance::show))
        .route("/jobs", get(board::show))
        .route("/jobs/{id}/retry", post(board::retry))
        .route("/jobs/{id}/cancel", post(board::cancel))
}

async fn not_found() -> Problem {
    Kind::NotFound.into()
}

fn health_routes() -> Router<Arc<Shared>> {
    Router::new().route("/health", get(health)).route("/health/live", get(live)).route("/health/ready", get(ready))
}
