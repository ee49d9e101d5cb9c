//! From a view to an answer.

use super::AppState;
use crate::shell::{Head, document};
use axum::{
    body::Body,
    response::{IntoResponse, Response},
};
use http::{
    HeaderValue, StatusCode,
    header::{CACHE_CONTROL, CONTENT_TYPE},
};
use hydration_context::SsrSharedContext;
use leptos::prelude::*;
use std::sync::Arc;

/// Who may keep an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Caching {
    /// The same for everyone: shared caches may keep it for a moment.
    Everyone,
    /// Made for this request; the browser may keep it for its back button.
    Personal,
    /// Nobody, as it carries a secret.
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

impl AppState {
    /// A whole page. Its data is there already, so it is rendered in one go: complete without any script.
    pub(crate) fn page(
        &self,
        status: StatusCode,
        caching: Caching,
        head: Head,
        main: impl FnOnce() -> AnyView,
    ) -> Response {
        let mut response = (status, Body::from(self.html(head, main))).into_response();
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
        response.headers_mut().insert(CACHE_CONTROL, caching.header());
        response
    }

    /// The document.
    pub(crate) fn html(&self, head: Head, main: impl FnOnce() -> AnyView) -> String {
        // Islands mode: nothing but islands hydrates, and nothing is serialised for resources.
        let owner = Owner::new_root(Some(Arc::new(SsrSharedContext::new_islands())));
        let html = owner.with(|| document(head, &self.site, &self.assets, main()).to_html());
        owner.unset_with_forced_cleanup();
        html
    }
}
