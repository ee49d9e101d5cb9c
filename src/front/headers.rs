//! Headers of every answer: what browsers may do with it, and the request's id.

use super::{FrontBody, area::Area};
use http::{
    HeaderMap, HeaderName, HeaderValue, Response,
    header::{
        CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY, SET_COOKIE, STRICT_TRANSPORT_SECURITY,
        X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
    },
};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const PERMISSIONS: HeaderName = HeaderName::from_static("permissions-policy");
const OPENER: HeaderName = HeaderName::from_static("cross-origin-opener-policy");

/// For what is no page: nothing in it may be run, loaded or framed.
const DATA_POLICY: HeaderValue = HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'");

/// An empty map with room for the headers of a typical answer.
pub(crate) fn api_headers() -> HeaderMap {
    HeaderMap::with_capacity(20)
}

pub(super) struct SecurityHeaders {
    tls: bool,
    /// Of pages without a nonce.
    policy: HeaderValue,
}

impl SecurityHeaders {
    /// `tls` when people use the server through TLS only.
    pub(super) fn new(tls: bool) -> Self {
        Self { tls, policy: policy_value(None) }
    }

    pub(super) fn finish(&self, response: &mut Response<FrontBody>, area: Area, id: HeaderValue, nonce: Option<&str>) {
        keep_cookies_private(response.headers_mut());
        let headers = response.headers_mut();
        headers.insert(REQUEST_ID, id);
        headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        headers.insert(X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
        // A page with a secret in its address says less.
        headers.entry(REFERRER_POLICY).or_insert(const { HeaderValue::from_static("strict-origin-when-cross-origin") });
        if self.tls {
            headers.insert(STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=63072000"));
        }
        headers.insert(
            PERMISSIONS,
            HeaderValue::from_static("camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
        );
        if !area.is_page() {
            headers.insert(CONTENT_SECURITY_POLICY, DATA_POLICY);
            return;
        }
        headers.insert(OPENER, HeaderValue::from_static("same-origin"));
        if !headers.contains_key(CONTENT_SECURITY_POLICY) {
            let nonce = nonce.filter(|_| !is_public(headers));
            let policy = nonce.map_or_else(|| self.policy.clone(), |nonce| policy_value(Some(nonce)));
            headers.insert(CONTENT_SECURITY_POLICY, policy);
        }
    }
}

fn policy_value(nonce: Option<&str>) -> HeaderValue {
    // A nonce is hexadecimal: the policy is always a valid value.
    HeaderValue::try_from(page_policy(nonce)).unwrap_or(DATA_POLICY)
}

/// The policy of a page; without a nonce for one that is cached whole.
fn page_policy(nonce: Option<&str>) -> String {
    let nonce = nonce.filter(|nonce| !nonce.is_empty()).map(|nonce| format!(" 'nonce-{nonce}'")).unwrap_or_default();
    format!(
        "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'{nonce}; style-src 'self'{nonce}; \
         img-src 'self' data:; connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; \
         frame-ancestors 'none'"
    )
}

fn is_public(headers: &HeaderMap) -> bool {
    let values = headers.get_all(CACHE_CONTROL).into_iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).any(|directive| directive.trim().eq_ignore_ascii_case("public"))
}

/// A cache that kept an answer with a cookie would give one person's identity to the next.
fn keep_cookies_private(headers: &mut HeaderMap) {
    if headers.contains_key(SET_COOKIE) && is_public(headers) {
        tracing::error!("a public answer carries a cookie; it was made private");
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(headers: &[(HeaderName, &'static str)]) -> HeaderMap {
        headers.iter().map(|(name, value)| (name.clone(), HeaderValue::from_static(value))).collect()
    }

    #[test]
    fn a_public_answer_with_a_cookie_becomes_private() {
        let mut headers = map(&[(CACHE_CONTROL, "max-age=1, Public"), (SET_COOKIE, "a=b")]);
        keep_cookies_private(&mut headers);
        assert_eq!(headers[CACHE_CONTROL], "private, no-store");
        let mut headers = map(&[(CACHE_CONTROL, "public, max-age=1")]);
        keep_cookies_private(&mut headers);
        assert_eq!(headers[CACHE_CONTROL], "public, max-age=1");
    }

    #[test]
    fn no_answer_leaves_the_server_public_with_a_cookie() {
        let mut response = Response::new(FrontBody::Left(Default::default()));
        *response.headers_mut() = map(&[(CACHE_CONTROL, "public, max-age=1"), (SET_COOKIE, "a=b")]);
        SecurityHeaders::new(false).finish(&mut response, Area::Page, HeaderValue::from_static("1"), Some("ab12"));
        assert_eq!(response.headers()[CACHE_CONTROL], "private, no-store");
    }

    #[test]
    fn a_page_policy_names_the_nonce_for_scripts_and_styles() {
        assert_eq!(page_policy(Some("ab12")).matches(" 'nonce-ab12';").count(), 2);
        assert!(!page_policy(None).contains("nonce"));
        assert!(!page_policy(Some("")).contains("nonce"));
    }
}
