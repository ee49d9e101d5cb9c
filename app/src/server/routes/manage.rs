//! `GET` and `POST /results/{id}/manage`
//!
//! The receipt's link. It has to work on another device, without a cookie and without any script, so the code
//! is in the query of its address: a fragment never reaches the server, and the path is what logs keep. The
//! page is kept by nobody, listed by nobody, and says nothing of its address to where its links lead:
//! `strict-origin` and not `no-referrer`, under which browsers would hide where its forms come from, and the
//! check of the origin would refuse them. From here on the code travels in the bodies of forms.

use crate::{
    api::Past,
    pages::{delete::Proof, failure::Failure, manage::Management},
    server::{
        AppState, Asked, cookies,
        extract::{Form, Path, Query},
        render::Caching,
        visit::Visit,
    },
};
use axum::{extract::State, response::Response};
use domain::SubmissionId;
use http::{HeaderMap, HeaderValue, StatusCode, header::REFERRER_POLICY};
use serde::Deserialize;
use service::{Authority, port::Lookup};

/// What the receipt's link carries.
#[derive(Default, Deserialize)]
pub(super) struct Linked {
    code: Option<String>,
}

/// What a form carries.
#[derive(Default, Deserialize)]
pub(super) struct Typed {
    manage: Option<String>,
}

impl Typed {
    /// The code, as it was meant.
    pub(super) fn code(self) -> Option<String> {
        self.manage.map(|code| code.trim().to_owned())
    }
}

pub(super) async fn open(
    State(state): State<AppState>,
    asked: Asked,
    Path(id): Path<String>,
    visit: Visit,
    headers: HeaderMap,
    Query(linked): Query<Linked>,
) -> Response {
    match management(&state, &asked, &id, visit, &headers, linked.code).await {
        Ok(management) => page(&state, &asked, management, false),
        Err(failure) => failure,
    }
}

pub(super) async fn open_with_code(
    State(state): State<AppState>,
    asked: Asked,
    Path(id): Path<String>,
    visit: Visit,
    headers: HeaderMap,
    Form(typed): Form<Typed>,
) -> Response {
    match management(&state, &asked, &id, visit, &headers, typed.code()).await {
        Ok(management) => page(&state, &asked, management, false),
        Err(failure) => failure,
    }
}

/// The submission, and what proves that the visitor may delete and export it; else the answer that says why
/// there is none.
pub(super) async fn management(
    state: &AppState,
    asked: &Asked,
    id: &str,
    visit: Visit,
    headers: &HeaderMap,
    code: Option<String>,
) -> Result<Management, Response> {
    let Ok(id) = id.parse::<SubmissionId>() else { return Err(state.failure(asked, Failure::NoSuchSubmission)) };
    let stored = match state.allot.submission(id).await {
        Ok(Some(Lookup::Found(stored))) => stored,
        Ok(Some(Lookup::Deleted)) => return Err(state.failure(asked, Failure::Gone)),
        Ok(None) => return Err(state.failure(asked, Failure::NoSuchSubmission)),
        Err(error) => return Err(state.store_failure(asked, &error)),
    };
    let Some(past) = Past::of(&state.allot, asked.locale.language(), &stored) else {
        return Err(state.failure(asked, Failure::NoSuchSubmission));
    };
    let fits = |code: &str| state.allot.may_manage(&stored, &Authority::Manage(code.to_owned()));
    let is_own = visit.participant.is_some_and(|who| state.allot.may_manage(&stored, &Authority::Participant(who)));
    let (proof, refused) = match (code, cookies::receipt_token(headers)) {
        (Some(code), _) if fits(&code) => (Proof::Code(code), false),
        (Some(_), _) => (Proof::Wanted, true),
        (None, _) if is_own => (Proof::Cookie, false),
        (None, Some(token)) if fits(token) => (Proof::Code(token.to_owned()), false),
        (None, _) => (Proof::Wanted, false),
    };
    Ok(Management { past, proof, refused })
}

/// The page; with 403 when a code does not fit, or when somebody `demanded` more than the page.
pub(super) fn page(state: &AppState, asked: &Asked, management: Management, demanded: bool) -> Response {
    let status = if management.refused || demanded { StatusCode::FORBIDDEN } else { StatusCode::OK };
    let head = management.head(asked.locale);
    let mut response = state.page(asked, status, Caching::Nobody, head, || management.view());
    response.headers_mut().insert(REFERRER_POLICY, HeaderValue::from_static("strict-origin"));
    response
}
