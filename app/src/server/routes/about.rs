//! `GET /about`

use crate::{
    api, pages,
    server::{AppState, kept::Stamp},
};
use axum::{extract::State, response::Response};
use http::HeaderMap;

pub(super) async fn show(State(state): State<AppState>, headers: HeaderMap) -> Response {
    let stamp = Stamp { catalogue: state.allot.catalogue(), snapshot: None };
    state.kept.answer("about", stamp, &headers, || {
        let budgets = api::budgets(&state.allot);
        state.html(pages::about::head(), || pages::about::view(budgets))
    })
}
