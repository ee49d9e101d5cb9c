//! `GET /about`

use crate::{
    api, pages,
    server::{AppState, Asked, kept::Stamp},
};
use axum::{extract::State, response::Response};
use http::HeaderMap;

pub(super) async fn show(State(state): State<AppState>, asked: Asked, headers: HeaderMap) -> Response {
    let stamp = Stamp { catalogue: state.allot.catalogue(), snapshot: None, origin: asked.origin.clone() };
    state.kept.answer("about".to_owned(), &asked, stamp, &headers, |asked| {
        let budgets = api::budgets(&state.allot, asked.locale.language());
        let measured = state.assets.vitals.as_ref().map(|measuring| measuring.percent);
        let recent = state.allot.replica_is_used().is_some();
        state.html(asked, pages::about::head(asked.locale), || pages::about::view(budgets, measured, recent))
    })
}
