//! `GET /api/v1/budgets/{budget}/aggregate`, the route that everybody asks.
//!
//! [`from_memory`] answers before any router or layer runs, without waiting and without a lock; [`get`] is the
//! same for what memory does not have.

use super::{
    Shared,
    problem::{Kind, Problem},
};
use crate::front::headers::api_headers;
use app::server::conditional;
use axum::{
    extract::{Path, State, rejection::PathRejection},
    http::{HeaderMap, HeaderValue, StatusCode, header},
};
use bytes::Bytes;
use http::Response;
use http_body_util::Full;
use service::{Encoding, Snapshot, Tier};
use std::sync::Arc;

const CACHE: HeaderValue = HeaderValue::from_static("public, max-age=1, stale-while-revalidate=30");
const TIER: header::HeaderName = header::HeaderName::from_static("x-allot-tier");

/// The answer to a read, if the path is this route and memory has what the reader may get.
pub(crate) fn from_memory(shared: &Shared, path: &str, headers: &HeaderMap) -> Option<Response<Full<Bytes>>> {
    let slug = path.strip_prefix("/api/v1/budgets/")?.strip_suffix("/aggregate")?;
    let snapshot = shared.allot.aggregate_in_memory(slug, conditional::seen(headers))?;
    shared.metrics.tier(Tier::Memory).inc();
    Some(answer(&snapshot, Tier::Memory, headers))
}

/// What everyone said.
///
/// Readers that show a version (`If-None-Match`) never get an older one.
#[utoipa::path(
    get,
    path = "/api/v1/budgets/{budget}/aggregate",
    tag = "budgets",
    operation_id = "getAggregate",
    params(
        ("budget" = inline(super::api::schema::Slug), Path, description = "Slug of the budget", example = "tax-dollars"),
        ("If-None-Match" = Option<String>, Header, description = "Entity tags that the reader has", example = "\"1-65a0-br\""),
    ),
    responses(
        (
            status = 200, description = "The newest aggregate", body = domain::dto::AggregateView,
            headers(
                ("ETag" = inline(super::api::schema::EntityTag), description = "Names version and content coding"),
                ("Cache-Control" = String, description = "`public, max-age=1, stale-while-revalidate=30`"),
                ("Vary" = String, description = "`Accept-Encoding`"),
                ("X-Allot-Tier" = inline(super::api::schema::TierName), description = "Where it came from"),
            ),
        ),
        (
            status = 304, description = "The reader has the newest aggregate",
            headers(
                ("ETag" = inline(super::api::schema::EntityTag), description = "Names version and content coding"),
                ("Cache-Control" = String, description = "As with 200"),
                ("Vary" = String, description = "As with 200"),
                ("X-Allot-Tier" = inline(super::api::schema::TierName), description = "Where it came from"),
            ),
        ),
        super::api::responses::NotFound,
        super::api::responses::Unavailable,
    ),
)]
pub(crate) async fn get(
    State(shared): State<Arc<Shared>>,
    slug: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
) -> Result<Response<Full<Bytes>>, Problem> {
    let Path(slug) = slug.map_err(|_| Kind::NotFound)?;
    let found = shared.allot.aggregate(&slug, conditional::seen(&headers)).await.map_err(|error| {
        tracing::error!(%error, budget = slug, "no aggregate can be read");
        Kind::Unavailable
    })?;
    let (snapshot, tier) = found.ok_or(Kind::NotFound)?;
    shared.metrics.tier(tier).inc();
    Ok(answer(&snapshot, tier, &headers))
}

fn answer(snapshot: &Snapshot, tier: Tier, request: &HeaderMap) -> Response<Full<Bytes>> {
    let coding = conditional::coding(request);
    let etag = snapshot.etag(coding);
    let known = request.contains_key(header::IF_NONE_MATCH) && conditional::is_known(request, etag.as_bytes());
    let mut headers = api_headers();
    headers.insert(header::CACHE_CONTROL, CACHE);
    headers.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    headers.insert(TIER, HeaderValue::from_static(tier.as_str()));
    if let Ok(etag) = HeaderValue::try_from(etag) {
        headers.insert(header::ETAG, etag);
    }
    let mut response = if known {
        Response::new(Full::default())
    } else {
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        if coding != Encoding::Identity {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding.as_str()));
        }
        Response::new(Full::new(snapshot.body(coding)))
    };
    if known {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
    }
    *response.headers_mut() = headers;
    response
}
