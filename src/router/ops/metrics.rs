//! `GET /metrics`: Prometheus's text format.

use crate::router::Shared;
use app::server::WithoutSecret;
use axum::{Extension, extract::State, http::header, response::IntoResponse};
use std::sync::Arc;

pub(super) async fn get(State(shared): State<Arc<Shared>>) -> impl IntoResponse {
    let text = shared.metrics.encode(&shared.allot, shared.redis.as_deref());
    let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, "no-store")], Extension(WithoutSecret), text)
}
