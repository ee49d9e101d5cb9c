//! From a view to an answer.

use super::{AppState, Asked};
use crate::{
    locale::Locale,
    shell::{Head, document},
    stream::Streamed,
};
use axum::{
    body::Body,
    response::{IntoResponse, Response},
};
use futures_util::{StreamExt, future::ready, stream};
use http::{
    HeaderMap, HeaderName, HeaderValue, StatusCode,
    header::{CACHE_CONTROL, CONTENT_LANGUAGE, CONTENT_TYPE, VARY},
};
use hydration_context::SsrSharedContext;
use leptos::prelude::*;
use std::{convert::Infallible, sync::Arc};

/// Read by nginx, and by nobody after it.
const UNBUFFERED: HeaderName = HeaderName::from_static("x-accel-buffering");

/// Marks an answer that is sent part by part and may be compressed on the way: it holds no secret that words of an address
/// could be compared with.
#[derive(Clone, Copy, Debug)]
pub struct Compressible;

/// Marks an answer that nobody may keep and that may be compressed all the same: it holds no secret, or no words of
/// whoever led somebody to it.
#[derive(Clone, Copy, Debug)]
pub struct WithoutSecret;

/// Who may keep an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Caching {
    /// The same for everyone: shared caches may keep it for a moment.
    Everyone,
    /// Made for this request; the browser may keep it for its back button.
    Personal,
    /// Nobody, as it carries a secret or is of no use later.
    Nobody,
}

impl Caching {
    pub(super) const fn header(self) -> HeaderValue {
        HeaderValue::from_static(match self {
            Self::Everyone => "public, max-age=1, stale-while-revalidate=30",
            Self::Personal => "private, no-cache",
            Self::Nobody => "private, no-store",
        })
    }
}

/// Says which language an answer is in, and whether another request would get another one.
pub fn say_language(headers: &mut HeaderMap, locale: Locale) {
    headers.insert(CONTENT_LANGUAGE, HeaderValue::from_static(locale.language().tag()));
    if !locale.is_explicit() {
        headers.append(VARY, HeaderValue::from_static("accept-language"));
    }
}

impl AppState {
    /// A whole page. Its data is there already, so it is rendered in one go: complete without any script.
    pub(crate) fn page(
        &self,
        asked: &Asked,
        status: StatusCode,
        caching: Caching,
        head: Head,
        main: impl FnOnce() -> AnyView,
    ) -> Response {
        let html = match caching {
            Caching::Everyone => self.html(&asked.by_anyone(), head, main),
            Caching::Personal | Caching::Nobody => self.html(asked, head, main),
        };
        answer(asked, status, caching, Body::from(html))
    }

    /// A page that is sent part by part, as its view says with [`later`](crate::stream::later) and
    /// [`when_known`](crate::stream::when_known): the head and all before the first of them at once.
    pub(crate) fn streamed(
        &self,
        asked: &Asked,
        caching: Caching,
        head: Head,
        main: impl FnOnce() -> AnyView,
    ) -> Response {
        let owner = Owner::new_root(Some(Arc::new(SsrSharedContext::new_islands())));
        let parts = owner.with(|| {
            provide_context(asked.locale);
            provide_context(Streamed);
            document(head, asked, &self.assets, main()).to_html_stream_in_order()
        });
        // What the parts belong to lives as long as the answer is sent, or until the reader has gone.
        let end = stream::once(async move {
            owner.unset_with_forced_cleanup();
            String::new()
        });
        let parts = parts.chain(end).filter(|part| ready(!part.is_empty())).map(Ok::<_, Infallible>);
        let mut response = answer(asked, StatusCode::OK, caching, Body::from_stream(parts));
        // nginx would gather the parts.
        response.headers_mut().insert(UNBUFFERED, HeaderValue::from_static("no"));
        if caching != Caching::Nobody && asked.query.is_none() {
            response.extensions_mut().insert(Compressible);
        }
        response
    }

    /// The document.
    pub(crate) fn html(&self, asked: &Asked, head: Head, main: impl FnOnce() -> AnyView) -> String {
        // Islands mode: nothing but islands hydrates, and nothing is serialised for resources.
        let owner = Owner::new_root(Some(Arc::new(SsrSharedContext::new_islands())));
        let html = owner.with(|| {
            provide_context(asked.locale);
            document(head, asked, &self.assets, main()).to_html()
        });
        owner.unset_with_forced_cleanup();
        html
    }
}

fn answer(asked: &Asked, status: StatusCode, caching: Caching, body: Body) -> Response {
    let mut response = (status, body).into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    headers.insert(CACHE_CONTROL, caching.header());
    say_language(headers, asked.locale);
    response
}
