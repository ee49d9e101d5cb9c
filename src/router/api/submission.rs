//! `GET /api/v1/submissions/{id}`: one submission, for whoever has its address.

use super::responses;
use crate::router::{
    Shared,
    problem::{Kind, Problem},
};
use axum::{
    Extension, Json,
    extract::{Path, State, rejection::PathRejection},
    http::header,
    response::IntoResponse,
};
use domain::{SubmissionId, dto::SubmissionView};
use service::port::Lookup;
use std::{collections::HashMap, sync::Arc};

/// What a batch has asked the database about all of its submissions at once.
#[derive(Clone)]
pub(super) struct LookedUp {
    /// `None` = the database could not be asked.
    found: Option<Arc<HashMap<SubmissionId, Option<Lookup>>>>,
}

impl LookedUp {
    pub(super) async fn all(shared: &Shared, ids: &[SubmissionId]) -> Self {
        if ids.is_empty() {
            return Self { found: Some(Arc::default()) };
        }
        match shared.allot.submissions(ids).await {
            Ok(found) => Self { found: Some(Arc::new(ids.iter().copied().zip(found).collect())) },
            Err(error) => {
                tracing::error!(%error, "the submissions of a batch can't be read");
                Self { found: None }
            }
        }
    }
}

/// What is known of an id, from the batch where that has asked already.
async fn known(shared: &Shared, id: SubmissionId, batch: Option<LookedUp>) -> Result<Option<Lookup>, Problem> {
    if let Some(LookedUp { found }) = batch
        && let Some(known) = found.ok_or(Kind::Unavailable)?.get(&id)
    {
        return Ok(known.clone());
    }
    Ok(shared.allot.submission(id).await.map_err(|error| {
        tracing::error!(%error, "a submission can't be read");
        Kind::Unavailable
    })?)
}

/// The id of a path that this route answers.
pub(super) fn id_of(path: &str) -> Option<SubmissionId> {
    path.strip_prefix("/api/v1/submissions/")?.parse().ok()
}

/// Read a submission.
#[utoipa::path(
    get,
    path = "/api/v1/submissions/{id}",
    tag = "submissions",
    operation_id = "getSubmission",
    params(
        ("id" = inline(super::schema::Id), Path, description = "Its id"),
        ("If-None-Match" = Option<String>, Header, description = "Entity tags that the reader has"),
    ),
    responses(
        (
            status = 200, description = "The submission", body = SubmissionView,
            headers(
                ("ETag" = inline(super::schema::EntityTag), description = "Names content and content coding"),
                ("Cache-Control" = String, description = "`private, no-cache`"),
            ),
        ),
        responses::NotModified,
        responses::NotFound,
        responses::Gone,
        responses::Unavailable,
    ),
)]
pub(super) async fn get(
    State(shared): State<Arc<Shared>>,
    id: Result<Path<String>, PathRejection>,
    batch: Option<Extension<LookedUp>>,
) -> Result<impl IntoResponse, Problem> {
    let id = read_id(id)?;
    let view = match known(&shared, id, batch.map(|Extension(batch)| batch)).await? {
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
