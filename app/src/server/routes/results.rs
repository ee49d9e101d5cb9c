//! `GET /results/{id}`

use super::legacy;
use crate::{
    api::{self, Found},
    pages::{self, failure::Failure},
    server::{AppState, Asked, cookies, render::Caching, visit::Visit},
};
use axum::{
    extract::{Path, State},
    response::Response,
};
use domain::SubmissionId;
use http::{HeaderMap, StatusCode};

/// Shareable: whoever has the address may look. The manage token shows only if the receipt's cookie brings it.
pub(super) async fn show(
    State(state): State<AppState>,
    asked: Asked,
    Path(id): Path<String>,
    visit: Visit,
    headers: HeaderMap,
) -> Response {
    let Ok(id) = id.parse::<SubmissionId>() else { return legacy::find(&state, &asked, &id).await };
    match api::comparison(&state.allot, asked.locale.language(), id, visit.participant).await {
        Ok(Found::Submission(comparison)) => {
            let token = cookies::receipt_token(&headers).filter(|token| state.allot.keys().verify_manage(id, token));
            let token = token.map(str::to_owned);
            let caching = if token.is_some() { Caching::Nobody } else { Caching::Personal };
            let head = pages::results::head(asked.locale, &comparison);
            let origin = state.site.public_url.as_deref().unwrap_or_default().trim_end_matches('/').to_owned();
            state.page(&asked, StatusCode::OK, caching, head, || pages::results::view(*comparison, token, origin))
        }
        Ok(Found::Deleted) => state.failure(&asked, Failure::Gone),
        Ok(Found::Nothing) => state.failure(&asked, Failure::NoSuchSubmission),
        Err(error) => state.store_failure(&asked, &error),
    }
}
