//! The routes: `/api/v1`, operations, and what explains problems. Pages come from `app`.

pub(crate) mod aggregate;
pub(crate) mod api;
pub(crate) mod ops;
pub(crate) mod problem;
mod problem_page;
pub(crate) mod representation;
mod shared;
mod vitals;

pub(crate) use shared::Shared;
pub(crate) use vitals::Vitals;

use axum::{
    Router,
    routing::{get, post},
};
use problem::{Kind, Problem};
use std::sync::Arc;

/// Everything that is not a page and not a file. `metrics_are_public` when there is no address for operators alone.
pub(crate) fn routes(shared: Arc<Shared>, metrics_are_public: bool) -> Router {
    Router::new()
        .nest("/api", api::routes(&shared))
        .merge(ops::public(metrics_are_public))
        .route("/problems/{kind}", get(problem_page::show))
        .route("/vitals", post(vitals::post).fallback(async || Problem::from(Kind::MethodNotAllowed)))
        .with_state(shared)
}
