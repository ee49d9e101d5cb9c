//! `GET /offline`: what a device keeps by itself. The page is the same for everyone.

use crate::{
    pages,
    server::{AppState, Asked, kept::Stamp},
};
use axum::{extract::State, response::Response};
use http::HeaderMap;

pub(super) async fn show(State(state): State<AppState>, asked: Asked, headers: HeaderMap) -> Response {
    let stamp = Stamp { catalogue: state.allot.catalogue(), snapshot: None, origin: asked.origin.clone() };
    state.kept.answer("offline".to_owned(), &asked, stamp, &headers, |asked| {
        let script = state.assets.device.clone();
        state.html(asked, pages::offline::head(asked.locale), || pages::offline::view(script))
    })
}
