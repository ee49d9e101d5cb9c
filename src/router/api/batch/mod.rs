//! `POST /api/v1/batch`: up to a hundred reads in one request.
//!
//! Each read is answered by the same route as alone, with the same headers of the sender, so that it can neither see nor do
//! more. The submissions among them are looked up together, in one question to the database.

mod body;

pub(crate) use body::read;

use super::{
    body as json_body, responses,
    submission::{LookedUp, id_of},
};
use crate::router::{Shared, problem::Problem, representation};
use app::server::ClientAddress;
use axum::{
    Extension, Json, Router,
    body::Body,
    extract::{Request, State},
    http::{HeaderMap, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use body::Read;
use futures_util::{StreamExt, stream};
use http_body_util::BodyExt;
use serde::Serialize;
use serde_json::value::RawValue;
use std::{collections::BTreeMap, sync::Arc};
use tower::ServiceExt;
use utoipa::ToSchema;

/// Reads of one batch that are under way at the same time.
const AT_ONCE: usize = 8;

/// The routes that a batch may read from, with paths below `/api/v1`.
#[derive(Clone)]
pub(super) struct Readable(pub(super) Router);

/// Up to a hundred reads.
#[derive(ToSchema)]
#[expect(dead_code, reason = "for the OpenAPI document only: the reader collects all complaints")]
pub(super) struct BatchRequest {
    /// No address twice.
    #[schema(min_items = 1, max_items = 100)]
    requests: Vec<BatchRead>,
}

/// One read.
#[derive(ToSchema)]
#[expect(dead_code, reason = "for the OpenAPI document only")]
pub(super) struct BatchRead {
    /// The address of a `GET` under `/api/v1`; not of a stream and not of a batch.
    #[schema(
        pattern = "^/api/v1/[0-9A-Za-z%._/-]+$",
        max_length = 256,
        example = "/api/v1/budgets/tax-dollars/aggregate"
    )]
    path: String,
    /// As the header `If-None-Match`: the `etag` of an earlier batch.
    #[schema(max_length = 256, example = "\"1-64e3b1d2a5c40-identity\"")]
    if_none_match: Option<String>,
}

/// The answers, in the order of the reads.
#[derive(Serialize, ToSchema)]
pub(super) struct BatchResponse {
    responses: Vec<BatchAnswer>,
}

/// What the read would have been answered alone.
#[derive(Serialize, ToSchema)]
pub(super) struct BatchAnswer {
    /// As it was asked for.
    path: String,
    /// The status.
    #[schema(minimum = 200, maximum = 599)]
    status: u16,
    /// The headers that belong to it, with names in lower case.
    headers: BTreeMap<String, String>,
    /// The JSON; null with 304.
    #[schema(value_type = serde_json::Value)]
    body: Box<RawValue>,
}

/// Read up to a hundred things at once.
///
/// Each read has its own status, headers and body, as if it had been sent alone; an error of one is a problem in its place.
/// The whole is answered with 200 as soon as it could be understood, and is not to be kept by shared caches.
#[utoipa::path(
    post,
    path = "/api/v1/batch",
    tag = "batch",
    operation_id = "readBatch",
    request_body(
        content = BatchRequest,
        content_type = "application/json",
        example = json!({ "requests": [
            { "path": "/api/v1/budgets" },
            { "path": "/api/v1/budgets/tax-dollars/aggregate", "if_none_match": "\"1-64e3b1d2a5c40-identity\"" }
        ] }),
    ),
    responses(
        (
            status = 200, description = "An answer for each read", body = BatchResponse,
            headers(("Cache-Control" = String, description = "`private, no-cache`")),
        ),
        responses::Malformed,
        responses::CrossOrigin,
        responses::RequestTimeout,
        responses::TooLarge,
        responses::UnsupportedMediaType,
        responses::Invalid,
        responses::Unavailable,
    ),
)]
pub(super) async fn post(
    State(shared): State<Arc<Shared>>,
    Extension(Readable(routes)): Extension<Readable>,
    request: Request,
) -> Result<Response, Problem> {
    let (parts, body) = request.into_parts();
    let bytes = json_body::json(&parts.headers, body, shared.body_patience).await?;
    let reads = body::read(&bytes)?;
    let ids: Vec<_> = reads.iter().filter_map(|read| id_of(&read.path)).collect();
    let sender = Arc::new(Sender {
        routes,
        headers: credentials(&parts),
        address: parts.extensions.get().copied(),
        looked_up: LookedUp::all(&shared, &ids).await,
    });
    let answers = stream::iter(reads).map(|read| {
        let sender = Arc::clone(&sender);
        async move { sender.ask(read).await }
    });
    let responses = answers.buffered(AT_ONCE).collect().await;
    Ok(([(header::CACHE_CONTROL, "private, no-cache")], Json(BatchResponse { responses })).into_response())
}

/// Who is asking; nothing else of the batch's own headers means anything for its reads.
fn credentials(parts: &Parts) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for name in [header::COOKIE, header::AUTHORIZATION] {
        for value in parts.headers.get_all(&name) {
            headers.append(&name, value.clone());
        }
    }
    headers
}

/// What all reads of a batch have in common.
struct Sender {
    routes: Router,
    headers: HeaderMap,
    address: Option<ClientAddress>,
    looked_up: LookedUp,
}

impl Sender {
    async fn ask(&self, read: Read) -> BatchAnswer {
        let mut request = Request::new(Body::empty());
        *request.uri_mut() = read.below;
        *request.headers_mut() = self.headers.clone();
        request.headers_mut().extend(read.if_none_match.map(|tags| (header::IF_NONE_MATCH, tags)));
        request.extensions_mut().insert(self.looked_up.clone());
        if let Some(address) = self.address {
            request.extensions_mut().insert(address);
        }
        let form = representation::Asked::within(request.headers());
        // Infallible.
        let Ok(response) = self.routes.clone().oneshot(request).await;
        let (parts, body) = representation::give(&form, response).await.into_parts();
        let bytes = body.collect().await.map(http_body_util::Collected::to_bytes).unwrap_or_default();
        BatchAnswer {
            path: read.path,
            status: parts.status.as_u16(),
            headers: shown(&parts.headers),
            body: embedded(parts.status, &bytes),
        }
    }
}

/// What says something about the answer, and not about how it is sent.
fn shown(headers: &HeaderMap) -> BTreeMap<String, String> {
    let said = headers.iter().filter(|(name, _)| **name != header::CONTENT_LENGTH && **name != header::VARY);
    said.filter_map(|(name, value)| Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned()))).collect()
}

/// The JSON as the route wrote it.
fn embedded(status: StatusCode, bytes: &[u8]) -> Box<RawValue> {
    let json = if status == StatusCode::NOT_MODIFIED { None } else { std::str::from_utf8(bytes).ok() };
    json.and_then(|json| RawValue::from_string(json.to_owned()).ok()).unwrap_or_else(|| RawValue::NULL.to_owned())
}
