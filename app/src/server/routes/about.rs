//! `GET /about`

use crate::{
    api, pages,
    server::{AppState, render::Caching},
};
use axum::{extract::State, response::Response};
use http::StatusCode;

pub(super) async fn show(State(state): State<AppState>) -> Response {
    let budgets = api::budgets(&state.allot);
    state.page(StatusCode::OK, Caching::Everyone, pages::about::head(), || pages::about::view(budgets))
}
