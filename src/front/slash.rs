//! An address with a trailing slash redirects to the one without.

use axum::body::Body;
use http::{HeaderValue, Response, StatusCode, Uri, header};

/// The redirect, if the path ends with a slash and is more than that.
pub(super) fn redirect(uri: &Uri) -> Option<Response<Body>> {
    let target = without_slash(uri.path(), uri.query())?;
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::PERMANENT_REDIRECT;
    response.headers_mut().insert(header::LOCATION, HeaderValue::try_from(target).ok()?);
    Some(response)
}

/// The path and query to go to instead, if there is another.
pub(crate) fn without_slash(path: &str, query: Option<&str>) -> Option<String> {
    let trimmed = path.strip_suffix('/')?.trim_end_matches('/');
    // Two slashes, or one and a backslash, would begin the address of another site.
    let inside = trimmed.trim_start_matches(['/', '\\']);
    if inside.is_empty() && path.len() == 1 {
        return None;
    }
    let query = query.map(|query| format!("?{query}")).unwrap_or_default();
    Some(format!("/{inside}{query}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_query_stays_and_no_other_site_is_reached() {
        for (path, query, target) in [
            ("/about/", None, Some("/about")),
            ("/b/x/", Some("a=1&b=/"), Some("/b/x?a=1&b=/")),
            ("/about//", None, Some("/about")),
            ("//evil.example/", None, Some("/evil.example")),
            ("/\\evil.example/", None, Some("/evil.example")),
            ("//", None, Some("/")),
            ("/", None, None),
            ("/about", None, None),
            ("//evil.example", None, None),
        ] {
            assert_eq!(without_slash(path, query).as_deref(), target, "{path}");
        }
    }
}
