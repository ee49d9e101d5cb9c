//! `POST /ops/limits/clear`: forgets the limits that this server keeps in memory.

use crate::router::Shared;
use axum::{extract::State, http::StatusCode};
use std::sync::Arc;

pub(super) async fn clear(State(shared): State<Arc<Shared>>) -> StatusCode {
    shared.allot.forget_own_limits();
    tracing::info!("an operator cleared this server's limits");
    StatusCode::NO_CONTENT
}
