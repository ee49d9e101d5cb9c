//! `GET /health/live`, `/health/ready`, `/health`: whether the process runs, and whether its parts answer.

use crate::router::Shared;
use axum::{
    Json,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use std::{sync::Arc, time::Duration};
use utoipa::ToSchema;

/// How a part is.
#[derive(Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Condition {
    /// It answers.
    Ok,
    /// All that is needed answers; something that makes it faster does not.
    Degraded,
    /// It does not answer; the log says why.
    Unavailable,
}

/// How the server's parts are.
#[derive(Serialize, ToSchema)]
pub(super) struct Readiness {
    /// `ok` or `degraded` when submissions can be taken.
    status: Condition,
    database: Part,
    replica: Replica,
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

/// The copy of the database to read from.
#[derive(Serialize, ToSchema)]
struct Replica {
    /// `ok` (it is read from), `behind` or `unavailable` (the database is read instead), or `not configured`.
    #[schema(example = "ok")]
    state: &'static str,
    /// How long it took to answer, in milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0)]
    latency_ms: Option<f64>,
    /// How old the newest state of the database is that it is known to have, in milliseconds. Up to 1000 is none:
    /// they are compared twice a second. Absent when nothing is known, as at the start and after a failure.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0)]
    lag_ms: Option<f64>,
}

impl Replica {
    async fn ask(allot: &service::Allot) -> Self {
        let Some(found) = allot.replica_health().await else {
            return Self { state: "not configured", latency_ms: None, lag_ms: None };
        };
        // Why not is logged where it is noticed.
        let state = match found.answer {
            Ok(()) if found.is_used => "ok",
            Ok(()) => "behind",
            Err(_) => "unavailable",
        };
        Self { state, latency_ms: Some(milliseconds(found.latency)), lag_ms: found.lag.map(milliseconds) }
    }

    fn is_missed(&self) -> bool {
        matches!(self.state, "behind" | "unavailable")
    }
}

/// What the server shares with others.
#[derive(Serialize, ToSchema)]
struct Redis {
    /// `ok`, `unavailable` (everything works, but slower), or `not configured`: the server needs none.
    #[schema(example = "ok")]
    state: &'static str,
    /// How long it took to answer, in milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0)]
    latency_ms: Option<f64>,
    /// Whether it is asked at all: `closed` = yes, `open` = no, `half_open` = it is being tried.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "closed")]
    breaker: Option<&'static str>,
}

impl Redis {
    async fn ask(shared: Option<&shared_redis::Shared>) -> Self {
        let Some(shared) = shared else {
            return Self { state: "not configured", latency_ms: None, breaker: None };
        };
        let found = shared.health().await;
        // Why not is logged where it is noticed.
        let state = if found.answer.is_ok() { "ok" } else { "unavailable" };
        Self { state, latency_ms: Some(milliseconds(found.latency)), breaker: Some(found.breaker.as_str()) }
    }
}

fn milliseconds(latency: Duration) -> f64 {
    (latency.as_secs_f64() * 1e6).round() / 1e3
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
    let (found, replica, redis) =
        tokio::join!(shared.allot.health(), Replica::ask(&shared.allot), Redis::ask(shared.redis.as_deref()));
    let state = match found.database {
        Ok(()) => Condition::Ok,
        Err(reason) => {
            tracing::warn!(reason, "the database does not answer");
            Condition::Unavailable
        }
    };
    let status = match state {
        Condition::Ok if redis.state == "unavailable" || replica.is_missed() => Condition::Degraded,
        other => other,
    };
    let database = Part { state, latency_ms: milliseconds(found.latency) };
    let body = Readiness { status, database, replica, redis };
    match status {
        Condition::Ok | Condition::Degraded => answer(StatusCode::OK, body),
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
