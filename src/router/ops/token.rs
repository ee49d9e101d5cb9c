//! Who may use the operations routes: whoever shows `ALLOT_OPS_TOKEN` as a bearer token.
//!
//! A header, never a cookie, so that no page of another site can use them through an operator's browser.

use crate::router::{
    Shared,
    problem::{Kind, Problem},
};
use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use std::sync::Arc;
use subtle::ConstantTimeEq;

/// Refuses who does not show the token; everybody, when none is set.
pub(super) async fn required(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    let Some(token) = &shared.ops_token else {
        return Problem::from(Kind::Forbidden).detail("The operations routes need ALLOT_OPS_TOKEN.").into_response();
    };
    if shows(request.headers(), token.as_bytes()) {
        return next.run(request).await;
    }
    tracing::warn!(path = request.uri().path(), "an operations route was asked for without the right token");
    let detail = "Only the operations token allows this: send it as Authorization: Bearer.";
    Problem::from(Kind::Forbidden).detail(detail).into_response()
}

/// Takes the same time however much of a token of the right length is right.
fn shows(headers: &HeaderMap, token: &[u8]) -> bool {
    let shown = headers.get(header::AUTHORIZATION).map(HeaderValue::as_bytes).unwrap_or_default();
    let Some((scheme, shown)) = shown.split_at_checked(7) else { return false };
    scheme.eq_ignore_ascii_case(b"bearer ") && bool::from(shown.trim_ascii().ct_eq(token))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_whole_token_as_a_bearer_token_is_right() {
        let token = b"0123456789abcdef0123456789abcdef";
        let with =
            |value: &'static str| HeaderMap::from_iter([(header::AUTHORIZATION, HeaderValue::from_static(value))]);
        assert!(shows(&with("Bearer 0123456789abcdef0123456789abcdef"), token));
        assert!(shows(&with("bearer 0123456789abcdef0123456789abcdef"), token));
        for wrong in ["", "Bearer", "Bearer ", "Bearer 0", "Bearer 0123456789abcdef0123456789abcdeF"] {
            assert!(!shows(&with(wrong), token), "{wrong}");
        }
        assert!(!shows(&with("Basic 0123456789abcdef0123456789abcdef"), token));
        assert!(!shows(&HeaderMap::new(), token));
    }
}
