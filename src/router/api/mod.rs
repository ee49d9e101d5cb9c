//! `/api/v1`: one file per endpoint. Every error is `application/problem+json`.

mod batch;
mod body;
mod budgets;
mod caller;
mod deletion;
mod live;
mod openapi;
mod participant;
mod places;
pub(crate) mod responses;
pub(crate) mod schema;
mod submission;
mod submit;
mod submit_body;

use super::{
    Shared, aggregate,
    problem::{Kind, Problem},
};
use axum::{
    Extension, Router,
    routing::{delete, get, post},
};
use std::sync::Arc;

pub(crate) use batch::read as read_batch;
pub(crate) use body::whole as whole_body;
pub(crate) use live::{LAST_EVENT_ID, seen as last_event};
pub(crate) use places::Places;
pub(crate) use submit::outcome_of;
pub(crate) use submit_body::read as read_submission;

/// Where several reads are sent at once.
pub(crate) const BATCH: &str = "/api/v1/batch";

/// Reads whose answers end: alone or within a batch.
fn reads() -> Router<Arc<Shared>> {
    Router::new()
        .route("/budgets", get(budgets::list))
        .route("/budgets/{budget}", get(budgets::one))
        .route("/budgets/{budget}/aggregate", get(aggregate::get))
        .route("/submissions/{id}", get(submission::get))
        .route("/openapi.json", get(openapi::get))
}

/// To be nested under `/api`.
pub(super) fn routes(shared: &Arc<Shared>) -> Router<Arc<Shared>> {
    let alone = reads()
        .method_not_allowed_fallback(async || Problem::from(Kind::MethodNotAllowed))
        .fallback(async || Problem::from(Kind::NotFound));
    let readable = batch::Readable(alone.with_state(Arc::clone(shared)));
    let v1 = reads()
        .route("/batch", post(batch::post).layer(Extension(readable)))
        .route("/budgets/{budget}/live", get(live::get))
        .route("/budgets/{budget}/submissions", post(submit::post))
        .route("/submissions/{id}", delete(deletion::delete))
        .route("/participant", post(participant::post).delete(participant::delete))
        .method_not_allowed_fallback(async || Problem::from(Kind::MethodNotAllowed));
    Router::new().nest("/v1", v1).fallback(async || Problem::from(Kind::NotFound))
}
