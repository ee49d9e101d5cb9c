//! The routes: `/api/v1`, operations, and what explains problems. Pages come from `app`.

pub(crate) mod aggregate;
pub(crate) mod api;
pub(crate) mod ops;
pub(crate) mod problem;
mod problem_page;
mod shared;

pub(crate) use shared::Shared;

use axum::{Router, routing::get};
use std::sync::Arc;

/// Everything that is not a page and not a file. `metrics_are_public` when there is no address for operators alone.
pub(crate) fn routes(shared: Arc<Shared>, metrics_are_public: bool) -> Router {
    Router::new()
        .nest("/api", api::routes())
        .merge(ops::public(metrics_are_public))
        .route("/problems/{kind}", get(problem_page::show))
        .with_state(shared)
}
