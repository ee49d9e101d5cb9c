//! `GET /budgets`

use crate::{
    api, pages,
    server::{AppState, Asked, render::Caching},
};
use axum::{extract::State, response::Response};
use http::StatusCode;

pub(super) async fn show(State(state): State<AppState>, asked: Asked) -> Response {
    let mut budgets = Vec::new();
    for listed in api::budgets(&state.allot, asked.locale.language()) {
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
    let head = pages::budgets::head(asked.locale);
    state.page(&asked, StatusCode::OK, Caching::Everyone, head, || pages::budgets::view(budgets))
}
