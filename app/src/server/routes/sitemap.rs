//! `GET /sitemap.xml`: the pages that search engines may list.

use crate::{api, pages::failure::Failure, server::AppState};
use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use http::header::{CACHE_CONTROL, CONTENT_TYPE};

/// Addresses in a sitemap are absolute, so there is none on a site that does not know its own.
pub(super) async fn show(State(state): State<AppState>) -> Response {
    let Some(origin) = state.site.public_url.as_deref() else { return state.failure(Failure::NotFound) };
    let origin = origin.trim_end_matches('/');
    let fixed = ["/budgets".to_owned(), "/about".to_owned()];
    let budgets = api::budgets(&state.allot).into_iter().flat_map(|listed| [listed.path, listed.aggregate_path]);
    let mut xml = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n",
    );
    // Paths are made of slugs: nothing in them needs escaping.
    for path in budgets.chain(fixed) {
        xml.push_str(&format!("<url><loc>{origin}{path}</loc></url>\n"));
    }
    xml.push_str("</urlset>\n");
    ([(CONTENT_TYPE, "application/xml"), (CACHE_CONTROL, "public, max-age=3600")], xml).into_response()
}
