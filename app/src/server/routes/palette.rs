//! The style sheet with a budget's colours.

use crate::{
    api,
    locale::Language,
    palette,
    server::{AppState, extract::Path},
};
use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use http::{
    StatusCode,
    header::{CACHE_CONTROL, CONTENT_TYPE},
};

/// The name carries the content's hash: what it names never changes. An old name gets the new colours, for
/// now.
pub(super) async fn show(State(state): State<AppState>, Path((slug, sheet)): Path<(String, String)>) -> Response {
    let Some(listed) = api::budget(&state.allot, Language::default(), &slug) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let css = palette::sheet(&listed.budget);
    let current = sheet.strip_suffix(".css").is_some_and(|hash| hash == palette::digest(&css));
    let caching = if current { "public, max-age=31536000, immutable" } else { "no-cache" };
    ([(CONTENT_TYPE, "text/css; charset=utf-8"), (CACHE_CONTROL, caching)], css).into_response()
}
