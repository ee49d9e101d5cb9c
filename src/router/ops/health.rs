//! `GET /health/live`, `/health/ready`, `/health`: whether the process runs, and whether its parts answer.

use crate::router::Shared;
use axum::{
    Json,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use std::sync::Arc;
use utoipa::ToSchema;

/// How a part is.
#[derive(Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Condition {
    /// It answers.
    Ok,
    /// It does not answer; the log says why.
    Unavailable,
}

/// How the server's parts are.
#[derive(Serialize, ToSchema)]
pub(super) struct Readiness {
    /// `ok` when submissions can be taken.
    status: Condition,
    database: Part,
    redis: Redis,
}

/// One part.
#[derive(Serialize, ToSchema)]
struct Part {
    state: Condition,
    /// How long it took to answer, in milliseconds.
    #[schema(minimum = 0)]
    latency_ms: f64,
}

/// The shared cache.
#[derive(Serialize, ToSchema)]
struct Redis {
    /// `not configured`: the server needs none.
    #[schema(example = "not configured")]
    state: &'static str,
}

/// The process runs.
#[derive(Serialize, ToSchema)]
pub(super) struct Liveness {
    status: Condition,
}

/// Whether the process runs. Asks nothing else, so that a slow database does not restart it.
#[utoipa::path(
    get, path = "/health/live", tag = "operations", operation_id = "live",
    responses((status = 200, description = "It runs", body = Liveness)),
)]
pub(in crate::router) async fn live() -> Response {
    answer(StatusCode::OK, Liveness { status: Condition::Ok })
}

/// Whether the server can take submissions, part by part.
#[utoipa::path(
    get, path = "/health/ready", tag = "operations", operation_id = "ready",
    responses(
        (status = 200, description = "It can", body = Readiness),
        (status = 503, description = "It can't at the moment", body = Readiness,
            headers(("Retry-After" = u32, description = "Seconds until it is worth trying again"))),
    ),
)]
pub(in crate::router) async fn ready(State(shared): State<Arc<Shared>>) -> Response {
    let found = shared.allot.health().await;
    let state = match found.database {
        Ok(()) => Condition::Ok,
        Err(reason) => {
            tracing::warn!(reason, "the database does not answer");
            Condition::Unavailable
        }
    };
    let latency_ms = (found.latency.as_secs_f64() * 1e6).round() / 1e3;
    let body =
        Readiness { status: state, database: Part { state, latency_ms }, redis: Redis { state: "not configured" } };
    match state {
        Condition::Ok => answer(StatusCode::OK, body),
        Condition::Unavailable => {
            let mut response = answer(StatusCode::SERVICE_UNAVAILABLE, body);
            response.headers_mut().insert(header::RETRY_AFTER, header::HeaderValue::from_static("1"));
            response
        }
    }
}

/// The same as `/health/ready`.
#[utoipa::path(
    get, path = "/health", tag = "operations", operation_id = "health",
    responses(
        (status = 200, description = "It can", body = Readiness),
        (status = 503, description = "It can't at the moment", body = Readiness,
            headers(("Retry-After" = u32, description = "Seconds until it is worth trying again"))),
    ),
)]
pub(in crate::router) async fn health(state: State<Arc<Shared>>) -> Response {
    ready(state).await
}

fn answer(status: StatusCode, body: impl Serialize) -> Response {
    (status, [(header::CACHE_CONTROL, "no-store")], Json(body)).into_response()
}
