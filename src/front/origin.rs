//! Changes are accepted from this site's own pages only.
//!
//! Browsers say where a request comes from (`Sec-Fetch-Site`, `Origin`); what says neither is no browser that
//! somebody could be lured into using.

use crate::router::problem::Kind;
use http::{HeaderMap, Method, Request, header};

pub(super) struct Origins {
    /// The only origin; `None` = whatever host the request names.
    public: Option<String>,
}

impl Origins {
    pub(super) const fn new(public: Option<String>) -> Self {
        Self { public }
    }

    pub(super) fn check<B>(&self, request: &Request<B>) -> Result<(), Kind> {
        if matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS) {
            return Ok(());
        }
        if self.is_own(request.headers()) { Ok(()) } else { Err(Kind::CrossOrigin) }
    }

    fn is_own(&self, headers: &HeaderMap) -> bool {
        let site = headers.get("sec-fetch-site").map(|value| value.as_bytes());
        if site.is_some_and(|site| site == b"cross-site") {
            return false;
        }
        match headers.get(header::ORIGIN) {
            Some(origin) => origin.to_str().is_ok_and(|origin| self.is_own_origin(origin, headers)),
            // A neighbour (another port or subdomain) would have sent its Origin.
            None => site.is_none_or(|site| site == b"same-origin" || site == b"none"),
        }
    }

    fn is_own_origin(&self, origin: &str, headers: &HeaderMap) -> bool {
        if let Some(public) = &self.public {
            return origin.eq_ignore_ascii_case(public);
        }
        let Some(host) = headers.get(header::HOST).and_then(|host| host.to_str().ok()) else { return false };
        // A proxy may speak TLS for us: the scheme is not ours to judge here.
        origin.split_once("://").is_some_and(|(scheme, authority)| {
            matches!(scheme, "http" | "https") && authority.eq_ignore_ascii_case(host)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_own(public: Option<&str>, headers: &[(&'static str, &str)]) -> bool {
        let headers = headers.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect();
        Origins::new(public.map(Into::into)).is_own(&headers)
    }

    #[test]
    fn own_pages_and_clients_that_are_no_browsers_are_accepted() {
        assert!(is_own(None, &[("host", "localhost:3000")]));
        assert!(is_own(None, &[("host", "localhost:3000"), ("origin", "http://localhost:3000")]));
        assert!(is_own(
            None,
            &[("host", "a.example"), ("origin", "https://a.example"), ("sec-fetch-site", "same-origin")]
        ));
        assert!(is_own(None, &[("host", "a.example"), ("sec-fetch-site", "none")]));
        assert!(is_own(Some("https://a.example"), &[("host", "inner:3000"), ("origin", "https://a.example")]));
    }

    #[test]
    fn everybody_else_is_refused() {
        assert!(!is_own(None, &[("host", "a.example"), ("origin", "https://b.example")]));
        assert!(!is_own(None, &[("host", "a.example"), ("origin", "null")]));
        assert!(!is_own(None, &[("host", "a.example:1"), ("origin", "http://a.example:2")]));
        assert!(!is_own(
            None,
            &[("host", "a.example"), ("origin", "https://a.example"), ("sec-fetch-site", "cross-site")]
        ));
        assert!(!is_own(None, &[("host", "a.example"), ("sec-fetch-site", "same-site")]));
        assert!(!is_own(None, &[("origin", "https://a.example")]));
        assert!(!is_own(Some("https://a.example"), &[("host", "b.example"), ("origin", "https://b.example")]));
        assert!(!is_own(Some("https://a.example"), &[("host", "a.example"), ("origin", "http://a.example")]));
    }
}
