//! The form in which an answer goes to its reader: compressed where that is worth it and safe, with an entity tag where it
//! may be kept, and without a body where the reader has it already (RFC 9110, sections 8.4, 8.8 and 13).
//!
//! What is kept compressed (the aggregate, pages that are the same for everyone) and files bring all of this themselves
//! and pass unchanged. So do pages that are sent part by part: they are compressed on their way ([`app::server::Compressible`])
//! and have no tag, because their end is not known when their head goes out.
//!
//! # Secrets
//! The length of a compressed answer says how much of it repeats: who can put words into an answer beside a secret, and
//! can see how long it gets, learns the secret bit by bit (BREACH, 2013). So an answer is sent as it is when it may not be
//! stored, as everything is that shows or takes a `manage` token, and when it is made for whoever has the cookie and its
//! address has a query, which a link on another site can choose and pages repeat. What may not be stored for another
//! reason says so ([`WithoutSecret`]): exports, which repeat nothing of the request, failures, and metrics.

use app::server::{WithoutSecret, conditional};
use axum::{
    body::Body,
    http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode, header},
    response::IntoResponse,
};
use http_body_util::BodyExt;
use hyper::body::Body as _;
use service::Encoding;
use std::hash::{DefaultHasher, Hash, Hasher};

/// Shorter answers fit into one packet with their headers anyway.
const WORTH_IT: usize = 1024;
/// Longer ones would keep a thread from everybody else.
const TOO_LONG: usize = 4 * 1024 * 1024;

/// What a request says about the form of its answer.
pub(crate) struct Asked {
    coding: Encoding,
    /// Its `If-None-Match`, of a read.
    known: Option<HeaderMap>,
    /// Somebody else may have written the request of a person who is known here.
    led: bool,
}

impl Asked {
    pub(crate) fn of<B>(request: &Request<B>) -> Self {
        let headers = request.headers();
        let reads = matches!(*request.method(), Method::GET | Method::HEAD);
        Self {
            coding: conditional::quick_coding(headers),
            known: reads.then(|| only_conditions(headers)),
            led: request.uri().query().is_some() && headers.contains_key(header::COOKIE),
        }
    }

    pub(crate) fn takes_no_coding(&self) -> bool {
        self.coding == Encoding::Identity
    }

    /// For a read within another request: it is not compressed by itself.
    pub(crate) fn within(headers: &HeaderMap) -> Self {
        Self { coding: Encoding::Identity, known: Some(only_conditions(headers)), led: false }
    }
}

fn only_conditions(headers: &HeaderMap) -> HeaderMap {
    let values = headers.get_all(header::IF_NONE_MATCH).into_iter().cloned();
    values.map(|value| (header::IF_NONE_MATCH, value)).collect()
}

/// Gives an answer the form that was asked for.
pub(crate) async fn give(asked: &Asked, response: Response<Body>) -> Response<Body> {
    let headers = response.headers();
    if headers.contains_key(header::ETAG) || headers.contains_key(header::CONTENT_ENCODING) {
        return response;
    }
    // What has no length is a stream that may never end.
    let Some(length) = response.body().size_hint().exact().and_then(|length| usize::try_from(length).ok()) else {
        return response;
    };
    let squeezable = (WORTH_IT..=TOO_LONG).contains(&length) && is_text(headers) && !is_secret(&response, asked.led);
    let known = asked.known.as_ref().filter(|_| response.status() == StatusCode::OK && may_be_kept(response.headers()));
    if !squeezable && known.is_none() {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    // It is in memory already.
    let Ok(bytes) = body.collect().await.map(http_body_util::Collected::to_bytes) else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let coding = if squeezable { asked.coding } else { Encoding::Identity };
    if squeezable {
        parts.headers.append(header::VARY, HeaderValue::from_static("accept-encoding"));
    }
    if let Some(known) = known {
        let mut hasher = DefaultHasher::new();
        bytes.hash(&mut hasher);
        let etag = format!("\"{:016x}-{}\"", hasher.finish(), coding.as_str());
        let is_known = conditional::is_known(known, etag.as_bytes());
        if let Ok(etag) = HeaderValue::try_from(etag) {
            parts.headers.insert(header::ETAG, etag);
        }
        if is_known {
            parts.status = StatusCode::NOT_MODIFIED;
            parts.headers.remove(header::CONTENT_TYPE);
            parts.headers.remove(header::CONTENT_LENGTH);
            return Response::from_parts(parts, Body::empty());
        }
    }
    if coding == Encoding::Identity {
        return Response::from_parts(parts, Body::from(bytes));
    }
    parts.headers.remove(header::CONTENT_LENGTH);
    parts.headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding.as_str()));
    Response::from_parts(parts, Body::from(coding.encode(&bytes)))
}

fn is_text(headers: &HeaderMap) -> bool {
    let Some(kind) = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()) else { return false };
    let kind = kind.split(';').next().unwrap_or_default().trim();
    kind.starts_with("text/")
        || kind.ends_with("json")
        || kind.ends_with("xml")
        || kind == "application/openmetrics-text"
}

fn is_secret(response: &Response<Body>, led: bool) -> bool {
    let (headers, known_to_hold_none) = (response.headers(), response.extensions().get::<WithoutSecret>().is_some());
    (says(headers, "no-store") && !known_to_hold_none) || (led && says(headers, "private"))
}

/// Without a word about it, an answer gets no tag: nobody meant it to be kept.
fn may_be_kept(headers: &HeaderMap) -> bool {
    headers.contains_key(header::CACHE_CONTROL) && !says(headers, "no-store")
}

fn says(headers: &HeaderMap, directive: &str) -> bool {
    let values = headers.get_all(header::CACHE_CONTROL).into_iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).any(|said| said.trim().eq_ignore_ascii_case(directive))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(method: Method, address: &str, headers: &[(&str, &str)]) -> Asked {
        let mut request = Request::builder().method(method).uri(address);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        Asked::of(&request.body(()).unwrap())
    }

    fn answer(kind: &str, caching: &str, length: usize) -> Response<Body> {
        let mut response = Response::new(Body::from("a word ".repeat(length / 7)));
        response.headers_mut().insert(header::CONTENT_TYPE, kind.parse().unwrap());
        response.headers_mut().insert(header::CACHE_CONTROL, caching.parse().unwrap());
        response
    }

    async fn coding(asked: &Asked, response: Response<Body>) -> String {
        let response = give(asked, response).await;
        let coding = response.headers().get(header::CONTENT_ENCODING).map_or("", |value| value.to_str().unwrap());
        let varies = response.headers().get(header::VARY).is_some();
        assert!(varies || coding.is_empty(), "an answer that depends on the coding says so");
        coding.to_owned()
    }

    #[tokio::test]
    async fn long_texts_are_compressed_and_short_ones_and_pictures_are_not() {
        let browser = asked(Method::GET, "/", &[("accept-encoding", "gzip, br, zstd")]);
        for kind in [
            "text/html; charset=utf-8",
            "application/json",
            "application/problem+json",
            "application/openmetrics-text; version=1.0.0",
            "image/svg+xml",
        ] {
            assert_eq!(coding(&browser, answer(kind, "private, no-cache", 2000)).await, "zstd", "{kind}");
        }
        assert_eq!(coding(&browser, answer("text/html", "private, no-cache", 1000)).await, "");
        assert_eq!(coding(&browser, answer("image/png", "public, max-age=1", 2000)).await, "");
        let form = asked(Method::POST, "/", &[("accept-encoding", "br;q=0.9, gzip")]);
        assert_eq!(coding(&form, answer("text/html", "private, no-cache", 2000)).await, "gzip");
    }

    #[tokio::test]
    async fn nothing_with_a_secret_is_compressed_beside_words_of_somebody_else() {
        let known = [("accept-encoding", "br"), ("cookie", "allot_participant=x")];
        let (plain, led) = (asked(Method::GET, "/history", &known), asked(Method::GET, "/history?guess", &known));
        let stranger = asked(Method::GET, "/history?guess", &known[..1]);
        assert_eq!(coding(&plain, answer("text/html", "private, no-cache", 2000)).await, "br");
        assert_eq!(coding(&led, answer("text/html", "private, no-cache", 2000)).await, "");
        assert_eq!(coding(&stranger, answer("text/html", "private, no-cache", 2000)).await, "br");
        assert_eq!(coding(&led, answer("text/html", "public, max-age=1", 2000)).await, "br", "the same for everyone");
        assert_eq!(coding(&plain, answer("text/html", "private, no-store", 2000)).await, "");
        let marked = || {
            let mut response = answer("text/csv", "private, no-store", 2000);
            response.extensions_mut().insert(WithoutSecret);
            response
        };
        assert_eq!(coding(&plain, marked()).await, "br");
        assert_eq!(coding(&led, marked()).await, "");
    }

    #[tokio::test]
    async fn a_stream_passes_as_it_comes() {
        let browser = asked(Method::GET, "/", &[("accept-encoding", "br")]);
        let mut response = answer("text/event-stream", "no-cache", 0);
        let events = futures_util::stream::pending::<Result<bytes::Bytes, std::convert::Infallible>>();
        *response.body_mut() = Body::from_stream(events);
        let response = give(&browser, response).await;
        assert!(!response.headers().contains_key(header::ETAG));
        assert!(!response.headers().contains_key(header::CONTENT_ENCODING));
    }
}
