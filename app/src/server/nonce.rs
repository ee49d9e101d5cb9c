//! The nonce of the one inline script, which only pages have that `cargo leptos` serves.

use super::Nonce;
use crate::shell::NONCE;
use axum::{
    body::{Body, to_bytes},
    extract::Request,
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{StatusCode, header::CONTENT_LENGTH};

/// Fills the nonce of the answer into its page.
pub(crate) async fn fill_in(request: Request, next: Next) -> Response {
    let nonce = request.extensions().get::<Nonce>().cloned();
    let (mut parts, body) = next.run(request).await.into_parts();
    let Ok(body) = to_bytes(body, usize::MAX).await else { return StatusCode::INTERNAL_SERVER_ERROR.into_response() };
    let body = match (nonce, std::str::from_utf8(&body)) {
        (Some(Nonce(nonce)), Ok(html)) => Body::from(html.replace(NONCE, &nonce)),
        _ => Body::from(body),
    };
    parts.headers.remove(CONTENT_LENGTH);
    Response::from_parts(parts, body)
}
