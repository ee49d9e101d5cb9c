//! `GET /aggregate`, `GET /b/{budget}/aggregate`: of the pages, the one that most people ask for at once.

use crate::{
    api::{self, Everyone},
    locale::{Locale, split},
    pages::{self, failure::Failure},
    server::{AppState, Asked, LocalOrigin, conditional, extract::Path, kept::Stamp},
};
use axum::{extract::State, response::Response};
use http::HeaderMap;
use service::{Catalogue, port::BudgetRecord};
use std::sync::Arc;

impl AppState {
    /// The page, if the path is its address and memory has what the reader may get: without a wait, and
    /// before any route.
    #[must_use]
    pub fn aggregate_in_memory(
        &self,
        path: &str,
        headers: &HeaderMap,
        local: Option<&LocalOrigin>,
    ) -> Option<Response> {
        if self.assets.leptos.is_some() {
            // Then each answer has a nonce.
            return None;
        }
        let budget = split(path).1.strip_suffix("/aggregate")?;
        let catalogue = self.allot.catalogue();
        let slug = match budget.strip_prefix("/b/") {
            Some(slug) => slug,
            None if budget.is_empty() => &catalogue.default_budget()?.budget.slug,
            None => return None,
        };
        let snapshot = self.allot.aggregate_in_memory(slug, conditional::seen(headers))?;
        let name = name(slug);
        let stamp = Stamp { catalogue, snapshot: Some(snapshot), origin: self.origin(local) };
        self.kept.kept(name, Locale::of(path, headers), &stamp, headers)
    }
}

fn name(slug: &str) -> String {
    format!("aggregate of {slug}")
}

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
            let stamp = Stamp { catalogue, snapshot: Some(snapshot.clone()), origin: asked.origin.clone() };
            state.kept.answer(name(slug), asked, stamp, headers, |asked| {
                let language = asked.locale.language();
                let listed = api::listed(&state.allot, language, &record);
                let with_actual = api::with_actual_instead(&state.allot, language, &record.budget);
                let head = pages::aggregate::head(asked.locale, &listed);
                state.html(asked, head, || pages::aggregate::view(listed, with_actual, Everyone::from(&*snapshot)))
            })
        }
        Ok(None) => state.failure(asked, Failure::NotFound),
        Err(error) => state.store_failure(asked, &error),
    }
}
