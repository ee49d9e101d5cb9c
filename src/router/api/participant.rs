//! `/api/v1/participant`: consent to the participant's cookie, and withdrawing it.

use super::responses;
use crate::router::{Shared, problem::Kind, problem::Problem};
use app::server::{forget, participant_of, remember};
use axum::{
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::IntoResponse,
};
use std::sync::Arc;

/// Give consent.
///
/// Sets a signed cookie with 64 random bits. Whoever has one keeps it, with its time renewed.
#[utoipa::path(
    post,
    path = "/api/v1/participant",
    tag = "participant",
    operation_id = "giveConsent",
    responses(
        (
            status = 204, description = "The cookie is set",
            headers(("Set-Cookie" = String, description = "The participant's cookie: signed, HttpOnly, SameSite=Lax")),
        ),
        responses::CrossOrigin,
    ),
)]
pub(super) async fn post(State(shared): State<Arc<Shared>>, headers: HeaderMap) -> Result<impl IntoResponse, Problem> {
    let keys = shared.allot.keys();
    let participant = participant_of(&headers, keys, shared.secure_cookies);
    let participant = participant.unwrap_or_else(|| shared.allot.new_participant());
    answer(remember(keys, participant, shared.secure_cookies))
}

/// Withdraw consent.
///
/// Expires the cookie. Submissions stay counted; each can be deleted with its `manage` token.
#[utoipa::path(
    delete,
    path = "/api/v1/participant",
    tag = "participant",
    operation_id = "withdrawConsent",
    responses(
        (
            status = 204, description = "The cookie is expired",
            headers(("Set-Cookie" = String, description = "The participant's cookie, expired")),
        ),
        responses::CrossOrigin,
    ),
)]
pub(super) async fn delete(State(shared): State<Arc<Shared>>) -> Result<impl IntoResponse, Problem> {
    answer(forget(shared.secure_cookies))
}

fn answer(cookie: Option<HeaderValue>) -> Result<impl IntoResponse, Problem> {
    let cookie = cookie.ok_or(Kind::Internal)?;
    let headers = [(header::SET_COOKIE, cookie), (header::CACHE_CONTROL, HeaderValue::from_static("no-store"))];
    Ok((StatusCode::NO_CONTENT, headers))
}
