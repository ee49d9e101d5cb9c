//! Answers for what cannot be shown.

use crate::{
    pages::failure::Failure,
    server::{AppState, render::Caching},
};
use axum::{extract::State, response::Response};
use http::{HeaderValue, StatusCode, header::RETRY_AFTER};
use service::port::StoreError;

impl AppState {
    /// The designed page for a failure, with its status.
    pub(crate) fn failure(&self, failure: Failure) -> Response {
        let status = match failure {
            Failure::NotFound | Failure::NoSuchSubmission => StatusCode::NOT_FOUND,
            Failure::Gone => StatusCode::GONE,
            Failure::Busy => StatusCode::SERVICE_UNAVAILABLE,
            Failure::Broken => StatusCode::INTERNAL_SERVER_ERROR,
        };
        let mut response = self.page(status, Caching::Nobody, failure.head(), || failure.view());
        if failure == Failure::Busy {
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("5"));
        }
        response
    }

    /// The page for a store that failed; what failed goes to the log only.
    pub(crate) fn store_failure(&self, error: &StoreError) -> Response {
        tracing::error!(%error, "a page could not be read");
        self.failure(match error {
            StoreError::Unavailable(_) | StoreError::OutcomeUnknown(_) => Failure::Busy,
            _ => Failure::Broken,
        })
    }
}

/// Every address that is none.
pub(super) async fn not_found(State(state): State<AppState>) -> Response {
    state.failure(Failure::NotFound)
}
