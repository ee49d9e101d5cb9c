//! Who may use the operations routes: whoever shows `ALLOT_OPS_TOKEN`, programs as a bearer token, browsers as the
//! password of any name. What changes something also needs an own origin (`front::OpsFront`), so that no page of another
//! site can use a browser that knows it.

use crate::router::{
    Shared,
    problem::{Kind, Problem},
};
use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use base64::{Engine, engine::general_purpose::STANDARD};
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
    let mut refusal = Problem::from(Kind::Forbidden).detail(detail).into_response();
    if wants_a_page(request.headers()) {
        // Browsers ask for it then.
        *refusal.status_mut() = StatusCode::UNAUTHORIZED;
        refusal
            .headers_mut()
            .insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Basic realm=\"Allot operations\""));
    }
    refusal
}

/// Takes the same time however much of a token of the right length is right.
fn shows(headers: &HeaderMap, token: &[u8]) -> bool {
    let shown = headers.get(header::AUTHORIZATION).map(HeaderValue::as_bytes).unwrap_or_default();
    let Some(space) = shown.iter().position(|byte| *byte == b' ') else { return false };
    let (scheme, shown) = (&shown[..space], shown[space..].trim_ascii());
    if scheme.eq_ignore_ascii_case(b"bearer") {
        return shown.ct_eq(token).into();
    }
    let Some(pair) = scheme.eq_ignore_ascii_case(b"basic").then(|| STANDARD.decode(shown).ok()).flatten() else {
        return false;
    };
    pair.splitn(2, |byte| *byte == b':').nth(1).is_some_and(|password| password.ct_eq(token).into())
}

fn wants_a_page(headers: &HeaderMap) -> bool {
    headers
        .get(header::ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .is_some_and(|accept| accept.contains("text/html"))
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
        assert!(shows(&with("Basic bWU6MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="), token));
        assert!(!shows(&with("Basic bWU6MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWU="), token));
        assert!(!shows(&HeaderMap::new(), token));
    }
}
