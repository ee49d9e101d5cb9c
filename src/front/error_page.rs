//! The page for what goes wrong before any page is made.

use crate::router::problem::{Kind, retry_after_value};
use axum::{
    body::Body,
    http::{HeaderValue, Response, header},
};
use std::time::Duration;

/// The way around, as on every page. It is written out here, because nothing that renders pages may be needed.
const MASTHEAD: &str = "<a class=\"skip\" href=\"#main\">Skip to main content</a>\
    <header class=\"masthead\"><div class=\"wrap masthead-inner\"><a class=\"brand\" href=\"/\">\
    <svg viewBox=\"0 0 20 20\" width=\"20\" height=\"20\" aria-hidden=\"true\" focusable=\"false\">\
    <path d=\"M0 2h20v4H0zM0 8h13v4H0zM0 14h7v4H0z\" fill=\"currentColor\"/></svg>Allot</a>\
    <nav aria-label=\"Main\"><ul class=\"nav\"><li><a href=\"/\">Allocate</a></li>\
    <li><a href=\"/aggregate\">Everyone</a></li><li><a href=\"/budgets\">Budgets</a></li>\
    <li><a href=\"/history\">History</a></li><li><a href=\"/about\">About</a></li></ul></nav></div></header>";

/// A plain page without scripts: it must work when nothing else does.
pub(super) struct ErrorPage {
    head: String,
}

impl ErrorPage {
    /// With the site's stylesheet, if there is one.
    pub(super) fn new(stylesheet: Option<&str>) -> Self {
        let link = stylesheet.map(|href| format!("<link rel=\"stylesheet\" href=\"{href}\">")).unwrap_or_default();
        let head = format!(
            "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\">\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
             <meta name=\"robots\" content=\"noindex\">{link}"
        );
        Self { head }
    }

    pub(super) fn show(&self, kind: Kind) -> Response<Body> {
        let (head, title, text) = (&self.head, kind.title(), words(kind));
        let page = format!(
            "{head}<title>{title} – Allot</title></head><body>{MASTHEAD}\
             <main id=\"main\" class=\"main wrap\" tabindex=\"-1\"><div class=\"stack\">\
             <div class=\"opening\"><h1>{title}</h1><p class=\"lede\">{text}</p></div>\
             <p class=\"row\"><a class=\"button button-main\" href=\"/\">Back to the start</a>\
             <a class=\"button\" href=\"/aggregate\">See what everyone said</a></p>\
             </div></main></body></html>"
        );
        let mut response = Response::new(Body::from(page));
        *response.status_mut() = kind.status();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if kind == Kind::Unavailable {
            headers.insert(header::RETRY_AFTER, retry_after_value(Duration::from_secs(1)));
        }
        response
    }
}

/// For people, who know no headers.
const fn words(kind: Kind) -> &'static str {
    match kind {
        Kind::CrossOrigin => "The form was sent from another site. Please open this site and send it from there.",
        Kind::TooLarge => "What was sent is larger than anything this site asks for.",
        Kind::Unavailable => "The server is busy. Please try again in a moment: nothing counts twice.",
        Kind::Internal => "That was our fault, and it has been noted. Please try again.",
        _ => kind.explanation(),
    }
}
