//! `GET /history`

use crate::{
    api, pages,
    server::{AppState, Asked, render::Caching, visit::Visit},
};
use axum::{extract::State, response::Response};
use http::StatusCode;

pub(super) async fn show(State(state): State<AppState>, asked: Asked, visit: Visit) -> Response {
    let history = match visit.participant {
        None => None,
        Some(participant) => match api::history(&state.allot, asked.locale.language(), participant).await {
            Ok(history) => Some(history),
            Err(error) => return state.store_failure(&asked, &error),
        },
    };
    let head = pages::history::head(asked.locale);
    state.page(&asked, StatusCode::OK, Caching::Personal, head, || pages::history::view(history))
}
