//! What a request asks for: which page, in which language.

use super::{AppState, LocalOrigin};
use crate::locale::{Locale, split};
use axum::extract::{FromRequestParts, OriginalUri};
use http::{Method, request::Parts};
use std::{convert::Infallible, sync::Arc};

/// The page that is asked for, and its language.
#[derive(Clone, Debug, Default)]
pub(crate) struct Asked {
    pub locale: Locale,
    /// Without the language.
    pub path: String,
    /// Of a page that can be asked for again: not of a form that was sent.
    pub query: Option<String>,
    /// Scheme and host of links that say their whole address; `None` where nobody knows them.
    pub origin: Option<Arc<str>>,
}

impl Asked {
    pub(crate) fn of(parts: &Parts, state: &AppState) -> Self {
        // Routes under a language see the rest of the path only.
        let uri = parts.extensions.get::<OriginalUri>().map_or(&parts.uri, |original| &original.0);
        Self {
            locale: Locale::of(uri.path(), &parts.headers),
            path: split(uri.path()).1.to_owned(),
            query: uri.query().filter(|_| parts.method == Method::GET).map(str::to_owned),
            origin: state.origin(parts.extensions.get::<LocalOrigin>()),
        }
    }

    /// The same for everyone, whatever the query says: for pages that are kept.
    pub(crate) fn by_anyone(&self) -> Self {
        Self { query: None, ..self.clone() }
    }
}

impl FromRequestParts<AppState> for Asked {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Infallible> {
        Ok(Self::of(parts, state))
    }
}
