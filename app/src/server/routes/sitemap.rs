//! `GET /sitemap.xml`: the pages that search engines may list.

use crate::{
    api,
    locale::{Language, Locale},
    pages::failure::Failure,
    server::{AppState, Asked},
};
use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use http::header::{CACHE_CONTROL, CONTENT_TYPE};

/// Addresses in a sitemap are absolute, so there is none where nobody knows the site's own.
pub(super) async fn show(State(state): State<AppState>, asked: Asked) -> Response {
    let Some(origin) = asked.origin.as_deref() else { return state.failure(&asked, Failure::NotFound) };
    let fixed = ["/budgets".to_owned(), "/about".to_owned()];
    let budgets = api::budgets(&state.allot, Language::default())
        .into_iter()
        .flat_map(|listed| [listed.path, listed.aggregate_path]);
    let mut xml = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\" \
         xmlns:xhtml=\"http://www.w3.org/1999/xhtml\">\n",
    );
    // Paths are made of slugs: nothing in them needs escaping.
    for path in budgets.chain(fixed) {
        let explicit = Language::ALL.map(|language| (language.tag(), Locale::explicit(language).href(&path)));
        let addresses: Vec<_> = explicit.into_iter().chain([("x-default", path)]).collect();
        let link = |(tag, href): &(&str, String)| {
            format!("<xhtml:link rel=\"alternate\" hreflang=\"{tag}\" href=\"{origin}{href}\"/>")
        };
        let links: String = addresses.iter().map(link).collect();
        for (_, path) in &addresses {
            xml.push_str(&format!("<url><loc>{origin}{path}</loc>{links}</url>\n"));
        }
    }
    xml.push_str("</urlset>\n");
    ([(CONTENT_TYPE, "application/xml"), (CACHE_CONTROL, "public, max-age=3600")], xml).into_response()
}
