//! The page for what goes wrong before any page is made.

use crate::router::problem::{Kind, retry_after_value};
use app::{
    locale::{Language, Locale, split},
    say,
    server::{WithoutSecret, say_language},
};
use axum::{
    body::Body,
    http::{HeaderMap, HeaderValue, Response, Uri, header},
};
use std::time::Duration;

/// What was asked for, as far as the page needs to know.
pub(super) struct Asked {
    locale: Locale,
    /// Without its language and its query.
    path: String,
}

impl Asked {
    pub(super) fn of(uri: &Uri, headers: &HeaderMap) -> Self {
        Self { locale: Locale::of(uri.path(), headers), path: split(uri.path()).1.to_owned() }
    }
}

/// A plain page without scripts: it must work when nothing else does, so nothing that renders pages is needed.
pub(super) struct ErrorPage {
    stylesheet: String,
}

impl ErrorPage {
    /// With the site's stylesheet, if there is one.
    pub(super) fn new(stylesheet: Option<&str>) -> Self {
        let link = stylesheet.map(|href| format!("<link rel=\"stylesheet\" href=\"{href}\">"));
        Self { stylesheet: link.unwrap_or_default() }
    }

    pub(super) fn show(&self, kind: Kind, asked: &Asked) -> Response<Body> {
        let locale = asked.locale;
        let (language, title) = (locale.language(), title(kind, locale));
        let page = format!(
            "<!DOCTYPE html><html lang=\"{tag}\" dir=\"{direction}\"><head><meta charset=\"utf-8\">\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
             <meta name=\"robots\" content=\"noindex\">{stylesheet}<title>{title} – Allot</title></head><body>{masthead}\
             <main id=\"main\" class=\"main wrap\" tabindex=\"-1\"><div class=\"stack\">\
             <div class=\"opening\"><h1>{title}</h1><p class=\"lede\">{text}</p></div>\
             <p class=\"row\"><a class=\"button button-main\" href=\"{home}\">{back}</a>\
             <a class=\"button\" href=\"{everyone}\">{see}</a></p></div></main>{footer}</body></html>",
            tag = language.tag(),
            direction = language.direction(),
            stylesheet = self.stylesheet,
            masthead = masthead(locale),
            text = text(kind, locale),
            home = locale.href("/"),
            back = say!(locale, "error-back"),
            everyone = locale.href("/aggregate"),
            see = say!(locale, "see-everyone"),
            footer = footer(asked),
        );
        let mut response = Response::new(Body::from(page));
        *response.status_mut() = kind.status();
        // It repeats no more than the path.
        response.extensions_mut().insert(WithoutSecret);
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        say_language(headers, locale);
        if kind == Kind::Unavailable {
            headers.insert(header::RETRY_AFTER, retry_after_value(Duration::from_secs(1)));
        }
        response
    }
}

/// The way around, as on every page.
fn masthead(locale: Locale) -> String {
    let ways = [
        ("/", say!(locale, "nav-allocate")),
        ("/aggregate", say!(locale, "nav-everyone")),
        ("/budgets", say!(locale, "nav-budgets")),
        ("/history", say!(locale, "nav-history")),
        ("/about", say!(locale, "nav-about")),
    ];
    let ways = ways.map(|(path, name)| format!("<li><a href=\"{}\">{name}</a></li>", locale.href(path))).concat();
    format!(
        "<a class=\"skip\" href=\"#main\">{skip}</a>\
         <header class=\"masthead\"><div class=\"wrap masthead-inner\"><a class=\"brand\" href=\"{home}\">\
         <svg viewBox=\"0 0 20 20\" width=\"20\" height=\"20\" aria-hidden=\"true\" focusable=\"false\">\
         <path d=\"M0 2h20v4H0zM0 8h13v4H0zM0 14h7v4H0z\" fill=\"currentColor\"/></svg>Allot</a>\
         <nav aria-label=\"{main}\"><ul class=\"nav\">{ways}</ul></nav></div></header>",
        skip = say!(locale, "skip"),
        home = locale.href("/"),
        main = say!(locale, "nav-main"),
    )
}

/// The same address in each language.
fn footer(asked: &Asked) -> String {
    let here = asked.locale.language();
    let way = |language: Language| {
        let (tag, name) = (language.tag(), language.own_name());
        let current = if language == here { " aria-current=\"true\"" } else { "" };
        let href = escaped(&Locale::explicit(language).href(&asked.path));
        format!("<li><a href=\"{href}\" lang=\"{tag}\" hreflang=\"{tag}\"{current}>{name}</a></li>")
    };
    format!(
        "<footer class=\"footer\"><div class=\"wrap footer-inner\"><nav aria-label=\"{name}\">\
         <ul class=\"ways\">{ways}</ul></nav></div></footer>",
        name = say!(asked.locale, "language"),
        ways = Language::ALL.map(way).concat(),
    )
}

/// For an attribute in double quotes.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;")
}

/// What can go wrong with a page; everything else is answered by a page itself, or with problem details.
fn title(kind: Kind, locale: Locale) -> String {
    match kind {
        Kind::CrossOrigin => say!(locale, "error-cross-origin"),
        Kind::TooLarge => say!(locale, "error-too-large"),
        Kind::Misdirected => say!(locale, "error-misdirected"),
        Kind::Unavailable | Kind::RequestTimeout => say!(locale, "error-unavailable"),
        _ => say!(locale, "error-internal"),
    }
}

/// For people, who know no headers.
fn text(kind: Kind, locale: Locale) -> String {
    match kind {
        Kind::CrossOrigin => say!(locale, "error-cross-origin-about"),
        Kind::TooLarge => say!(locale, "error-too-large-about"),
        Kind::Misdirected => say!(locale, "error-misdirected-about"),
        Kind::Unavailable | Kind::RequestTimeout => say!(locale, "error-unavailable-about"),
        _ => say!(locale, "error-internal-about"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http_body_util::BodyExt;

    #[tokio::test]
    async fn an_address_can_not_break_out_of_the_switch_of_languages() {
        let asked = Asked { locale: Locale::explicit(Language::Spanish), path: "/\"><b>&".to_owned() };
        let page = ErrorPage::new(None).show(Kind::Internal, &asked).into_body().collect().await.unwrap().to_bytes();
        let page = String::from_utf8_lossy(&page);
        assert!(page.contains("href=\"/en/&quot;>&lt;b>&amp;\""), "{page}");
        assert!(page.contains("<html lang=\"es\""), "{page}");
    }
}
