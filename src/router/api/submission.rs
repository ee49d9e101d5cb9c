//! `GET /api/v1/submissions/{id}`: one submission, for whoever has its address.

use super::responses;
use crate::router::{
    Shared,
    problem::{Kind, Problem},
};
use axum::{
    Json,
    extract::{Path, State, rejection::PathRejection},
    http::header,
    response::IntoResponse,
};
use domain::{SubmissionId, dto::SubmissionView};
use service::port::Lookup;
use std::sync::Arc;

/// Read a submission.
#[utoipa::path(
    get,
    path = "/api/v1/submissions/{id}",
    tag = "submissions",
    operation_id = "getSubmission",
    params(("id" = inline(super::schema::Id), Path, description = "Its id")),
    responses(
        (
            status = 200, description = "The submission", body = SubmissionView,
            headers(("Cache-Control" = String, description = "`private, no-cache`")),
        ),
        responses::NotFound,
        responses::Gone,
        responses::Unavailable,
    ),
)]
pub(super) async fn get(
    State(shared): State<Arc<Shared>>,
    id: Result<Path<String>, PathRejection>,
) -> Result<impl IntoResponse, Problem> {
    let id = read_id(id)?;
    let found = shared.allot.submission(id).await.map_err(|error| {
        tracing::error!(%error, "a submission can't be read");
        Kind::Unavailable
    })?;
    let view = match found {
        None => None,
        Some(Lookup::Deleted) => return Err(Kind::Deleted.into()),
        Some(Lookup::Found(stored)) => shared.allot.submission_view(&stored),
    };
    let view = view.ok_or(Kind::NotFound)?;
    Ok(([(header::CACHE_CONTROL, "private, no-cache")], Json(view)))
}

/// What is not an id names nothing.
pub(super) fn read_id(id: Result<Path<String>, PathRejection>) -> Result<SubmissionId, Problem> {
    let Path(id) = id.map_err(|_| Kind::NotFound)?;
    Ok(id.parse().map_err(|_| Kind::NotFound)?)
}
