//! `GET /aggregate`, `GET /b/{budget}/aggregate`

use crate::{
    api::{self, Everyone},
    pages::{self, failure::Failure},
    server::{AppState, Asked, conditional, kept::Stamp},
};
use axum::{
    extract::{Path, State},
    response::Response,
};
use http::HeaderMap;
use service::{Catalogue, port::BudgetRecord};
use std::sync::Arc;

pub(super) async fn first(State(state): State<AppState>, asked: Asked, headers: HeaderMap) -> Response {
    let catalogue = state.allot.catalogue();
    let record = catalogue.default_budget().cloned();
    respond(&state, &asked, catalogue, record, &headers).await
}

pub(super) async fn show(
    State(state): State<AppState>,
    asked: Asked,
    Path(slug): Path<String>,
    headers: HeaderMap,
) -> Response {
    let catalogue = state.allot.catalogue();
    let record = catalogue.find(&slug).cloned();
    respond(&state, &asked, catalogue, record, &headers).await
}

/// `catalogue` was read before the snapshot: a page must not be kept under texts newer than its own. The budget's
/// words are copied only when the page is rendered: most answers are kept ones.
async fn respond(
    state: &AppState,
    asked: &Asked,
    catalogue: Arc<Catalogue>,
    record: Option<Arc<BudgetRecord>>,
    headers: &HeaderMap,
) -> Response {
    let Some(record) = record else { return state.failure(asked, Failure::NotFound) };
    let slug = &record.budget.slug;
    match api::newest(&state.allot, slug, conditional::seen(headers)).await {
        Ok(Some(snapshot)) => {
            let stamp = Stamp { catalogue, snapshot: Some(snapshot.clone()) };
            state.kept.answer(format!("aggregate of {slug}"), asked, stamp, headers, |asked| {
                let listed = api::listed(&state.allot, asked.locale.language(), &record);
                let head = pages::aggregate::head(asked.locale, &listed);
                state.html(asked, head, || pages::aggregate::view(listed, Everyone::from(&*snapshot)))
            })
        }
        Ok(None) => state.failure(asked, Failure::NotFound),
        Err(error) => state.store_failure(asked, &error),
    }
}
