//! `GET /budgets`

use crate::{
    api, pages,
    server::{AppState, render::Caching},
};
use axum::{extract::State, response::Response};
use http::StatusCode;

pub(super) async fn show(State(state): State<AppState>) -> Response {
    let mut budgets = Vec::new();
    for listed in api::budgets(&state.allot) {
        // A count that is missing is no reason to show no budgets.
        let people = match api::everyone(&state.allot, &listed.budget.slug, None).await {
            Ok(everyone) => everyone.map(|everyone| everyone.view.submissions),
            Err(error) => {
                tracing::warn!(%error, budget = listed.budget.slug, "a count could not be read");
                None
            }
        };
        budgets.push((listed, people));
    }
    state.page(StatusCode::OK, Caching::Everyone, pages::budgets::head(), || pages::budgets::view(budgets))
}
