//! `GET` and `POST /history/delete`: everything that this device has submitted.

use crate::{
    api::Past,
    pages::delete_all::{done, head, question},
    say,
    server::{AppState, Asked, render::Caching, visit::Visit},
};
use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use domain::SubmissionId;
use http::StatusCode;
use service::{Authority, DeleteError};

pub(super) async fn ask(State(state): State<AppState>, asked: Asked, visit: Visit) -> Response {
    let Some(participant) = visit.participant else {
        return Redirect::to(&asked.locale.href("/history")).into_response();
    };
    match Past::all(&state.allot, asked.locale.language(), participant).await {
        Ok(past) if past.is_empty() => Redirect::to(&asked.locale.href("/history")).into_response(),
        Ok(past) => {
            let head = head(asked.locale, say!(asked.locale, "delete-all-title"));
            state.page(&asked, StatusCode::OK, Caching::Nobody, head, || question(past.len()))
        }
        Err(error) => state.store_failure(&asked, &error),
    }
}

/// Oldest first, so that no older one counts again while the newer ones go. What fails leaves the newest, and
/// the same can be asked again.
pub(super) async fn delete(State(state): State<AppState>, asked: Asked, visit: Visit) -> Response {
    let Some(participant) = visit.participant else {
        return Redirect::to(&asked.locale.href("/history")).into_response();
    };
    let past = match Past::all(&state.allot, asked.locale.language(), participant).await {
        Ok(past) => past,
        Err(error) => return state.store_failure(&asked, &error),
    };
    let mut deleted = 0;
    for id in past.iter().rev().filter_map(|past| past.view.id.parse::<SubmissionId>().ok()) {
        match state.allot.delete(id, &Authority::Participant(participant)).await {
            Ok(_) => deleted += 1,
            // Somebody was faster, perhaps the same person in another window.
            Err(DeleteError::AlreadyDeleted | DeleteError::Unknown | DeleteError::Forbidden) => {}
            Err(DeleteError::Store(error)) => return state.store_failure(&asked, &error),
        }
    }
    let head = head(asked.locale, say!(asked.locale, "deleted"));
    state.page(&asked, StatusCode::OK, Caching::Nobody, head, || done(deleted))
}
