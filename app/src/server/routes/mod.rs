//! One file a page address.

mod about;
mod aggregate;
mod allocate;
mod budgets;
mod consent;
mod delete;
mod delete_all;
mod export;
mod failure;
mod history;
mod legacy;
mod manage;
mod offline;
mod palette;
mod results;
mod robots;
mod sitemap;

use super::{AppState, nonce};
use crate::locale::Language;
use axum::{
    Router,
    extract::{Request, State},
    middleware::from_fn,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use http::StatusCode;
use leptos::prelude::{provide_context, use_context};
use leptos_axum::ResponseOptions;

/// All pages, forms and server functions, and the not-found page for every other address.
pub fn pages(state: AppState) -> Router {
    let explicit =
        Language::ALL.into_iter().fold(Router::new(), |router, language| router.nest(language.prefix(), localized()));
    let router = localized()
        .merge(explicit)
        .route("/robots.txt", get(robots::show))
        .route("/sitemap.xml", get(sitemap::show))
        .route("/palette/{budget}/{sheet}", get(palette::show))
        .route("/api/page/{function}", post(server_function))
        .fallback(failure::not_found)
        .with_state(state.clone());
    if state.assets.leptos.is_some() { router.layer(from_fn(nonce::fill_in)) } else { router }
}

/// What exists at its neutral address and under each language.
fn localized() -> Router<AppState> {
    Router::new()
        .route("/", get(allocate::first).post(allocate::submit_first))
        .route("/b/{budget}", get(allocate::show).post(allocate::submit))
        .route("/results/{id}", get(results::show))
        .route("/results/{id}/delete", get(delete::ask).post(delete::delete))
        .route("/results/{id}/manage", get(manage::open).post(manage::open_with_code))
        .route("/results/{id}/export.json", get(export::one).post(export::one_with_code))
        .route("/results/{id}/export.csv", get(export::one).post(export::one_with_code))
        .route("/aggregate", get(aggregate::first))
        .route("/b/{budget}/aggregate", get(aggregate::show))
        .route("/budgets", get(budgets::show))
        .route("/history", get(history::show))
        .route("/history/export.json", get(export::all))
        .route("/history/export.csv", get(export::all))
        .route("/history/delete", get(delete_all::ask).post(delete_all::delete))
        .route("/about", get(about::show))
        .route("/offline", get(offline::show))
        .route("/consent", post(consent::choose))
}

/// The calls of the pages' scripts.
async fn server_function(State(state): State<AppState>, request: Request) -> Response {
    let context = move || {
        provide_context(state.clone());
        // What can't be read never reaches the function, which says its own status.
        if let Some(answer) = use_context::<ResponseOptions>() {
            answer.set_status(StatusCode::BAD_REQUEST);
        }
    };
    leptos_axum::handle_server_fns_with_context(context, request).await.into_response()
}
