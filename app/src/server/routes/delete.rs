//! `GET` and `POST /results/{id}/delete`

use crate::{
    api::{self, Found},
    pages::{
        delete::{Proof, Question, done_head, done_view},
        failure::Failure,
    },
    server::{
        AppState, Asked,
        extract::{Form, Path},
        render::Caching,
        visit::Visit,
    },
};
use axum::{extract::State, response::Response};
use domain::SubmissionId;
use http::StatusCode;
use serde::Deserialize;
use service::{Authority, DeleteError};

#[derive(Debug, Default, Deserialize)]
pub(super) struct Order {
    /// The code of the receipt.
    manage: Option<String>,
    /// `yes` from the page that asks.
    confirm: Option<String>,
}

pub(super) async fn ask(State(state): State<AppState>, asked: Asked, Path(id): Path<String>, visit: Visit) -> Response {
    question(&state, &asked, &id, visit, None, false).await
}

pub(super) async fn delete(
    State(state): State<AppState>,
    asked: Asked,
    Path(id): Path<String>,
    visit: Visit,
    Form(order): Form<Order>,
) -> Response {
    let code = order.manage.map(|code| code.trim().to_owned());
    if order.confirm.as_deref() != Some("yes") {
        return question(&state, &asked, &id, visit, code, false).await;
    }
    let Ok(known) = id.parse::<SubmissionId>() else { return state.failure(&asked, Failure::NoSuchSubmission) };
    let listed = match api::submission(&state.allot, asked.locale.language(), known, None).await {
        Ok(Found::Submission(mine)) => mine.listed,
        Ok(Found::Deleted) => return state.failure(&asked, Failure::Gone),
        Ok(Found::Nothing) => return state.failure(&asked, Failure::NoSuchSubmission),
        Err(error) => return state.store_failure(&asked, &error),
    };
    let authority = match (code.clone(), visit.participant) {
        (Some(code), _) => Authority::Manage(code),
        (None, Some(participant)) => Authority::Participant(participant),
        (None, None) => return question(&state, &asked, &id, visit, None, true).await,
    };
    match state.allot.delete(known, &authority).await {
        Ok(_) => {
            let head = done_head(asked.locale, &id);
            state.page(&asked, StatusCode::OK, Caching::Nobody, head, || done_view(listed))
        }
        Err(DeleteError::Forbidden) => question(&state, &asked, &id, visit, None, true).await,
        Err(DeleteError::AlreadyDeleted) => state.failure(&asked, Failure::Gone),
        Err(DeleteError::Unknown) => state.failure(&asked, Failure::NoSuchSubmission),
        Err(DeleteError::Store(error)) => state.store_failure(&asked, &error),
    }
}

/// The page that asks; again with 403 after a code that does not fit.
async fn question(
    state: &AppState,
    asked: &Asked,
    id: &str,
    visit: Visit,
    code: Option<String>,
    refused: bool,
) -> Response {
    let Ok(id) = id.parse::<SubmissionId>() else { return state.failure(asked, Failure::NoSuchSubmission) };
    let mine = match api::submission(&state.allot, asked.locale.language(), id, visit.participant).await {
        Ok(Found::Submission(mine)) => mine,
        Ok(Found::Deleted) => return state.failure(asked, Failure::Gone),
        Ok(Found::Nothing) => return state.failure(asked, Failure::NoSuchSubmission),
        Err(error) => return state.store_failure(asked, &error),
    };
    let proof = match code {
        Some(code) => Proof::Code(code),
        None if mine.is_own && !refused => Proof::Cookie,
        None => Proof::Wanted,
    };
    let question = Question { id: id.to_string(), listed: mine.listed, at: mine.view.at, proof, refused };
    let status = if refused { StatusCode::FORBIDDEN } else { StatusCode::OK };
    let head = question.head(asked.locale);
    state.page(asked, status, Caching::Nobody, head, || question.view())
}
