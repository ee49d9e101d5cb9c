//! `GET /aggregate`, `GET /b/{budget}/aggregate`

use crate::{
    api::{self, Listed},
    pages::{self, failure::Failure},
    server::{AppState, render::Caching},
};
use axum::{
    extract::{Path, State},
    response::Response,
};
use http::StatusCode;

pub(super) async fn first(State(state): State<AppState>) -> Response {
    let listed = api::default_budget(&state.allot);
    respond(&state, listed).await
}

pub(super) async fn show(State(state): State<AppState>, Path(slug): Path<String>) -> Response {
    let listed = api::budget(&state.allot, &slug);
    respond(&state, listed).await
}

async fn respond(state: &AppState, listed: Option<Listed>) -> Response {
    let Some(listed) = listed else { return state.failure(Failure::NotFound) };
    match api::everyone(&state.allot, &listed.budget.slug, None).await {
        Ok(Some(everyone)) => {
            let head = pages::aggregate::head(&listed);
            state.page(StatusCode::OK, Caching::Everyone, head, || pages::aggregate::view(listed, everyone))
        }
        Ok(None) => state.failure(Failure::NotFound),
        Err(error) => state.store_failure(&error),
    }
}
