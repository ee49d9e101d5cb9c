//! `DELETE /api/v1/submissions/{id}`: take a submission back.

use super::{responses, submission::read_id};
use crate::router::{
    Shared,
    problem::{Kind, Problem},
};
use app::server::participant_of;
use axum::{
    extract::{Path, State, rejection::PathRejection},
    http::{HeaderMap, StatusCode, header},
};
use domain::SubmissionId;
use service::{Authority, DeleteError};
use std::sync::Arc;

/// Delete a submission.
///
/// Allowed with the participant's cookie, or with the `manage` token of its receipt. The id alone, which people share, does
/// not suffice. But the address that people share shows the points too, and whoever submits exactly these again under the
/// same id gets the first answer again, with the token in it. Self-declared segments, which it does not show, must be the
/// same as well.
#[utoipa::path(
    delete,
    path = "/api/v1/submissions/{id}",
    tag = "submissions",
    operation_id = "deleteSubmission",
    params(("id" = inline(super::schema::Id), Path, description = "Its id")),
    security(("manage" = []), ("participant" = [])),
    responses(
        (status = 204, description = "Deleted: it no longer counts, and its id can't be used again"),
        responses::Forbidden,
        responses::NotFound,
        responses::Gone,
        responses::Unavailable,
    ),
)]
pub(super) async fn delete(
    State(shared): State<Arc<Shared>>,
    id: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
) -> Result<StatusCode, Problem> {
    let id = read_id(id)?;
    match shared.allot.delete(id, &authority(&shared, id, &headers)).await {
        Ok(_) => Ok(StatusCode::NO_CONTENT),
        Err(DeleteError::Unknown) => Err(Kind::NotFound.into()),
        Err(DeleteError::AlreadyDeleted) => Err(Kind::Deleted.into()),
        Err(DeleteError::Forbidden) => Err(Kind::Forbidden.into()),
        Err(DeleteError::Store(error)) => {
            tracing::error!(%error, "a submission can't be deleted");
            Err(Kind::Unavailable.into())
        }
    }
}

/// The token if it is right, else the cookie: a page may send both.
fn authority(shared: &Shared, id: SubmissionId, headers: &HeaderMap) -> Authority {
    let keys = shared.allot.keys();
    let token = bearer(headers).unwrap_or_default();
    match participant_of(headers, keys, shared.secure_cookies) {
        Some(participant) if !keys.verify_manage(id, token) => Authority::Participant(participant),
        _ => Authority::Manage(token.to_owned()),
    }
}

/// The token of `Authorization: Bearer <token>`.
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}
