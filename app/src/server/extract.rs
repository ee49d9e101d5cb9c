//! What axum reads of a request. Its own refusals are bare text; here what can't be read is answered by a page, as
//! everything else that people get.

use super::{AppState, Asked};
use crate::pages::failure::Failure;
use axum::{
    extract::{self, FromRequest, FromRequestParts, Request},
    response::Response,
};
use http::request::Parts;
use serde::de::DeserializeOwned;

/// Names in the path. What can't be read is the name of nothing: 404.
pub(crate) struct Path<T>(pub T);

/// The query; 400 when it can't be read.
pub(crate) struct Query<T>(pub T);

/// The fields of a form; 400 when they can't be read.
pub(crate) struct Form<T>(pub T);

impl<T: DeserializeOwned + Send> FromRequestParts<AppState> for Path<T> {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Response> {
        match extract::Path::<T>::from_request_parts(parts, state).await {
            Ok(extract::Path(names)) => Ok(Self(names)),
            Err(_) => Err(state.failure(&Asked::of(parts, state), Failure::NotFound)),
        }
    }
}

impl<T: DeserializeOwned> FromRequestParts<AppState> for Query<T> {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Response> {
        match extract::Query::<T>::from_request_parts(parts, state).await {
            Ok(extract::Query(wish)) => Ok(Self(wish)),
            Err(_) => Err(state.failure(&Asked::of(parts, state), Failure::Unreadable)),
        }
    }
}

impl<T: DeserializeOwned> FromRequest<AppState> for Form<T> {
    type Rejection = Response;

    async fn from_request(request: Request, state: &AppState) -> Result<Self, Response> {
        let (parts, body) = request.into_parts();
        let asked = Asked::of(&parts, state);
        let request = Request::from_parts(parts, body);
        match <extract::Form<T> as FromRequest<AppState>>::from_request(request, state).await {
            Ok(extract::Form(fields)) => Ok(Self(fields)),
            Err(_) => Err(state.failure(&asked, Failure::Unreadable)),
        }
    }
}
