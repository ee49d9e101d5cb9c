//! `GET /results/{id}`

use super::legacy;
use crate::{
    api::{self, Comparison, Found, Mine},
    pages::{
        failure::Failure,
        results::{Known, Results},
    },
    palette,
    server::{AppState, Asked, cookies, extract::Path, render::Caching, visit::Visit},
    stream::PATIENCE,
};
use axum::{extract::State, response::Response};
use domain::SubmissionId;
use futures_util::FutureExt;
use http::HeaderMap;
use service::{Allot, port::StoreResult};
use std::{future::Future, sync::Arc};
use tracing::Instrument;

/// Shareable: whoever has the address may look. The manage token shows only if the receipt's cookie brings it.
pub(super) async fn show(
    State(state): State<AppState>,
    asked: Asked,
    Path(id): Path<String>,
    visit: Visit,
    headers: HeaderMap,
) -> Response {
    let Ok(id) = id.parse::<SubmissionId>() else { return legacy::find(&state, &asked, &id).await };
    let mine = match api::submission(&state.allot, asked.locale.language(), id, visit.participant).await {
        Ok(Found::Submission(mine)) => *mine,
        Ok(Found::Deleted) => return state.failure(&asked, Failure::Gone),
        Ok(Found::Nothing) => return state.failure(&asked, Failure::NoSuchSubmission),
        Err(error) => return state.store_failure(&asked, &error),
    };
    let token = cookies::receipt_token(&headers).filter(|token| state.allot.keys().verify_manage(id, token));
    let caching = if token.is_some() { Caching::Nobody } else { Caching::Personal };
    let mut page = Results {
        title: mine.listed.budget.title.clone(),
        palette: palette::href(&mine.listed.budget),
        with_actual: api::with_actual_instead(&state.allot, asked.locale.language(), &mine.listed.budget),
        view: mine.view.clone(),
        token: token.map(str::to_owned),
        origin: asked.origin.as_deref().unwrap_or_default().to_owned(),
        known: None,
    };
    let mut comparing = compare(Arc::clone(&state.allot), mine).boxed();
    // Nearly always it is in memory. If not, what is known already doesn't wait for it.
    let comparison = match (&mut comparing).now_or_never() {
        Some(Ok(Some(comparison))) => {
            page.known = Some(Known::of(&comparison));
            std::future::ready(Some(Arc::new(comparison))).boxed().shared()
        }
        Some(Ok(None)) => return state.failure(&asked, Failure::NoSuchSubmission),
        Some(Err(error)) => return state.store_failure(&asked, &error),
        None => in_time(comparing).in_current_span().boxed().shared(),
    };
    let head = page.head(asked.locale);
    state.streamed(&asked, caching, head, || page.show(comparison))
}

async fn compare(allot: Arc<Allot>, mine: Mine) -> StoreResult<Option<Comparison>> {
    mine.beside_everyone(&allot).await
}

/// Nothing after an error, which goes to the log: the page has begun.
async fn in_time(comparing: impl Future<Output = StoreResult<Option<Comparison>>> + Send) -> Option<Arc<Comparison>> {
    match tokio::time::timeout(PATIENCE, comparing).await {
        Ok(Ok(comparison)) => comparison.map(Arc::new),
        Ok(Err(error)) => {
            tracing::error!(%error, "what everyone said could not be read for a page that had begun");
            None
        }
        Err(_) => {
            tracing::error!("what everyone said came too late for a page that had begun");
            None
        }
    }
}
