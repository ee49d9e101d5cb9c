//! `GET /aggregate`, `GET /b/{budget}/aggregate`

use crate::{
    api::{self, Everyone, Listed},
    pages::{self, failure::Failure},
    server::{AppState, Asked, conditional, kept::Stamp},
};
use axum::{
    extract::{Path, State},
    response::Response,
};
use http::HeaderMap;

pub(super) async fn first(State(state): State<AppState>, asked: Asked, headers: HeaderMap) -> Response {
    let listed = api::default_budget(&state.allot, asked.locale.language());
    respond(&state, &asked, listed, &headers).await
}

pub(super) async fn show(
    State(state): State<AppState>,
    asked: Asked,
    Path(slug): Path<String>,
    headers: HeaderMap,
) -> Response {
    let listed = api::budget(&state.allot, asked.locale.language(), &slug);
    respond(&state, &asked, listed, &headers).await
}

async fn respond(state: &AppState, asked: &Asked, listed: Option<Listed>, headers: &HeaderMap) -> Response {
    // Before the snapshot: a page must not be kept under texts newer than its own.
    let catalogue = state.allot.catalogue();
    let Some(listed) = listed else { return state.failure(asked, Failure::NotFound) };
    match api::newest(&state.allot, &listed.budget.slug, conditional::seen(headers)).await {
        Ok(Some(snapshot)) => {
            let name = format!("aggregate of {}", listed.budget.slug);
            let stamp = Stamp { catalogue, snapshot: Some(snapshot.clone()) };
            state.kept.answer(name, asked, stamp, headers, |asked| {
                let head = pages::aggregate::head(asked.locale, &listed);
                state.html(asked, head, || pages::aggregate::view(listed, Everyone::from(&*snapshot)))
            })
        }
        Ok(None) => state.failure(asked, Failure::NotFound),
        Err(error) => state.store_failure(asked, &error),
    }
}
