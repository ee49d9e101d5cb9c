//! `GET /robots.txt`: what crawlers may fetch.

use crate::server::Asked;
use axum::response::{IntoResponse, Response};
use http::header::CACHE_CONTROL;

/// Results are not among what is forbidden: whoever may not fetch a page never learns there that it is not to be listed,
/// and shows nothing of it beside a shared link.
pub(super) async fn show(asked: Asked) -> Response {
    let sitemap = asked.origin.map(|origin| format!("Sitemap: {origin}/sitemap.xml\n")).unwrap_or_default();
    let text = format!("User-agent: *\nDisallow: /api/\n{sitemap}");
    ([(CACHE_CONTROL, "public, max-age=3600")], text).into_response()
}
