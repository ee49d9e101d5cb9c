//! `GET /history`

use crate::{
    api, pages,
    server::{AppState, render::Caching, visit::Visit},
};
use axum::{extract::State, response::Response};
use http::StatusCode;

pub(super) async fn show(State(state): State<AppState>, visit: Visit) -> Response {
    let history = match visit.participant {
        None => None,
        Some(participant) => match api::history(&state.allot, participant).await {
            Ok(history) => Some(history),
            Err(error) => return state.store_failure(&error),
        },
    };
    state.page(StatusCode::OK, Caching::Personal, pages::history::head(), || pages::history::view(history))
}
