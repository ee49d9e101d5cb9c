//! `/api/v1`: one file per endpoint. Every error is `application/problem+json`.

mod body;
mod budgets;
mod caller;
mod deletion;
mod live;
mod openapi;
mod participant;
pub(crate) mod responses;
pub(crate) mod schema;
mod submission;
mod submit;
mod submit_body;

use super::{
    Shared, aggregate,
    problem::{Kind, Problem},
};
use axum::{Router, routing::get};
use std::sync::Arc;

/// To be nested under `/api`.
pub(super) fn routes() -> Router<Arc<Shared>> {
    let v1 = Router::new()
        .route("/budgets", get(budgets::list))
        .route("/budgets/{budget}", get(budgets::one))
        .route("/budgets/{budget}/aggregate", get(aggregate::get))
        .route("/budgets/{budget}/live", get(live::get))
        .route("/budgets/{budget}/submissions", axum::routing::post(submit::post))
        .route("/submissions/{id}", get(submission::get).delete(deletion::delete))
        .route("/participant", axum::routing::post(participant::post).delete(participant::delete))
        .route("/openapi.json", get(openapi::get))
        .method_not_allowed_fallback(async || Problem::from(Kind::MethodNotAllowed));
    Router::new().nest("/v1", v1).fallback(async || Problem::from(Kind::NotFound))
}
