//! Answers for what cannot be shown.

use crate::{
    pages::failure::Failure,
    server::{AppState, Asked, WithoutSecret, render::Caching},
};
use axum::{extract::State, response::Response};
use http::{HeaderValue, StatusCode, header::RETRY_AFTER};
use service::port::StoreError;

impl AppState {
    /// The designed page for a failure, with its status.
    pub(crate) fn failure(&self, asked: &Asked, failure: Failure) -> Response {
        let status = match failure {
            Failure::Unreadable => StatusCode::BAD_REQUEST,
            Failure::NotFound | Failure::NoSuchSubmission => StatusCode::NOT_FOUND,
            Failure::Gone => StatusCode::GONE,
            Failure::Busy => StatusCode::SERVICE_UNAVAILABLE,
            Failure::Broken => StatusCode::INTERNAL_SERVER_ERROR,
        };
        let head = failure.head(asked.locale, asked.path.clone());
        let mut response = self.page(asked, status, Caching::Nobody, head, || failure.view());
        // Its links repeat the query, which may hold the code of a receipt.
        if asked.query.is_none() {
            response.extensions_mut().insert(WithoutSecret);
        }
        if failure == Failure::Busy {
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("5"));
        }
        response
    }

    /// The page for a store that failed; what failed goes to the log only.
    pub(crate) fn store_failure(&self, asked: &Asked, error: &StoreError) -> Response {
        tracing::error!(%error, "a page could not be read");
        let failure = match error {
            StoreError::Unavailable(_) | StoreError::OutcomeUnknown(_) => Failure::Busy,
            _ => Failure::Broken,
        };
        self.failure(asked, failure)
    }
}

/// Every address that is none.
pub(super) async fn not_found(State(state): State<AppState>, asked: Asked) -> Response {
    state.failure(&asked, Failure::NotFound)
}
