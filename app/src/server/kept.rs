//! Pages that are the same for everyone: rendered once a version, compressed once a coding.
//!
//! They carry no cookie, no nonce and nothing personal, so everybody gets the same bytes.

use super::{
    Asked, conditional,
    render::{Caching, say_language},
};
use crate::locale::Locale;
use axum::{
    body::Body,
    response::{IntoResponse, Response},
};
use http::{
    HeaderMap, HeaderValue, StatusCode,
    header::{CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, VARY},
};
use service::{Catalogue, Encoded, Encoding, Snapshot};
use std::{
    collections::HashMap,
    hash::{DefaultHasher, Hash, Hasher},
    sync::{Arc, PoisonError, RwLock},
};

/// What a page was made of; it is good as long as this is the newest.
#[derive(Clone, Debug)]
pub(crate) struct Stamp {
    pub catalogue: Arc<Catalogue>,
    pub snapshot: Option<Arc<Snapshot>>,
    /// Scheme and host of its links.
    pub origin: Option<Arc<str>>,
}

impl Stamp {
    fn is(&self, other: &Self) -> bool {
        let same_snapshot = match (&self.snapshot, &other.snapshot) {
            (Some(one), Some(other)) => Arc::ptr_eq(one, other),
            (None, None) => true,
            _ => false,
        };
        same_snapshot && Arc::ptr_eq(&self.catalogue, &other.catalogue) && self.origin == other.origin
    }

    fn version(&self) -> i64 {
        self.snapshot.as_ref().map_or(0, |snapshot| snapshot.version.0)
    }
}

#[derive(Debug)]
struct Kept {
    stamp: Stamp,
    html: Encoded,
    hash: u64,
}

/// The newest rendering of each page: as many as there are budgets, and those about all of them, in each language, at
/// neutral and at explicit addresses, whose links differ. Of a server with several names, those for the last one asked.
#[derive(Debug, Default)]
pub struct KeptPages {
    pages: RwLock<HashMap<Name, Arc<Kept>>>,
}

/// Tells pages apart.
type Name = (String, Locale);

impl KeptPages {
    /// The page as kept, if it was made of what the stamp says.
    pub(super) fn kept(&self, name: String, locale: Locale, stamp: &Stamp, request: &HeaderMap) -> Option<Response> {
        Some(self.find(&(name, locale), stamp)?.answer(request, locale))
    }

    /// The page as kept, or rendered now. `name` tells pages of one language apart.
    pub(crate) fn answer(
        &self,
        name: String,
        asked: &Asked,
        stamp: Stamp,
        request: &HeaderMap,
        render: impl FnOnce(&Asked) -> String,
    ) -> Response {
        let name = (name, asked.locale);
        let kept = self.find(&name, &stamp).unwrap_or_else(|| self.keep(name, stamp, render(&asked.by_anyone())));
        kept.answer(request, asked.locale)
    }

    fn find(&self, name: &Name, stamp: &Stamp) -> Option<Arc<Kept>> {
        let kept = self.pages.read().unwrap_or_else(PoisonError::into_inner).get(name).map(Arc::clone);
        kept.filter(|kept| kept.stamp.is(stamp))
    }

    fn keep(&self, name: Name, stamp: Stamp, html: String) -> Arc<Kept> {
        let mut hasher = DefaultHasher::new();
        html.hash(&mut hasher);
        let kept = Arc::new(Kept { stamp, html: Encoded::new(html), hash: hasher.finish() });
        let mut pages = self.pages.write().unwrap_or_else(PoisonError::into_inner);
        // Two may render at once; the older must not replace the newer.
        let newer = pages.get(&name).is_some_and(|other| other.stamp.version() > kept.stamp.version());
        if !newer {
            pages.insert(name, Arc::clone(&kept));
        }
        kept
    }
}

impl Kept {
    fn answer(&self, request: &HeaderMap, locale: Locale) -> Response {
        let coding = conditional::coding(request);
        // Begins as the entity tags of snapshots do, so that a reader shows the version with it.
        let etag = Snapshot::etag_of(self.stamp.version(), &format!("{:x}-{}", self.hash, coding.as_str()));
        let known = conditional::is_known(request, etag.as_bytes());
        let mut response = if known {
            StatusCode::NOT_MODIFIED.into_response()
        } else {
            Body::from(self.html.body(coding)).into_response()
        };
        let headers = response.headers_mut();
        if !known {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
            if coding != Encoding::Identity {
                headers.insert(CONTENT_ENCODING, HeaderValue::from_static(coding.as_str()));
            }
        }
        headers.insert(CACHE_CONTROL, Caching::Everyone.header());
        headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
        say_language(headers, locale);
        if let Ok(etag) = HeaderValue::try_from(etag) {
            headers.insert(ETAG, etag);
        }
        response
    }
}
