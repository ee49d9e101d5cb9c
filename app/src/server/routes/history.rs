//! `GET /history`

use crate::{
    api, pages,
    server::{AppState, Asked, extract::Query, render::Caching, visit::Visit},
};
use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use http::StatusCode;
use serde::Deserialize;

/// What the address may ask for.
#[derive(Deserialize)]
pub(super) struct Wish {
    /// How many of the newest are on the pages before.
    skip: Option<u32>,
}

pub(super) async fn show(
    State(state): State<AppState>,
    asked: Asked,
    visit: Visit,
    Query(wish): Query<Wish>,
) -> Response {
    let skip = wish.skip.unwrap_or_default();
    let history = match visit.participant {
        None => None,
        Some(participant) => match api::history(&state.allot, asked.locale.language(), participant, skip).await {
            // Some were deleted meanwhile.
            Ok(history) if history.past.is_empty() && skip > 0 => {
                return Redirect::to(&asked.locale.href("/history")).into_response();
            }
            Ok(history) => Some(history),
            Err(error) => return state.store_failure(&asked, &error),
        },
    };
    let head = pages::history::head(asked.locale);
    state.page(&asked, StatusCode::OK, Caching::Personal, head, || pages::history::view(history))
}
