//! Results that had another address before they were imported.

use crate::{
    pages::failure::Failure,
    server::{AppState, Asked, render::Caching},
};
use axum::{
    http::{HeaderValue, header},
    response::{IntoResponse, Redirect, Response},
};

/// Redirects from the old name of a result to its id; anything else is no submission.
pub(super) async fn find(state: &AppState, asked: &Asked, name: &str) -> Response {
    match state.allot.legacy_result(name).await {
        Ok(Some(id)) => {
            let mut response = Redirect::permanent(&asked.locale.href(&format!("/results/{id}"))).into_response();
            let caching: HeaderValue = Caching::Personal.header();
            response.headers_mut().insert(header::CACHE_CONTROL, caching);
            response
        }
        Ok(None) => state.failure(asked, Failure::NoSuchSubmission),
        Err(error) => state.store_failure(asked, &error),
    }
}
