//! The built site's files: content-hashed ones are immutable, the others short-lived.
//!
//! Which files there are is known from the start, so that a page's address costs no look at the disk, and
//! nothing but these files is ever served.

use axum::body::Body;
use http::{HeaderValue, Request, Response, Uri, header};
use std::{collections::HashSet, path::Path};
use tower::ServiceExt;
use tower_http::services::ServeDir;

const IMMUTABLE: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
const SHORT: HeaderValue = HeaderValue::from_static("public, max-age=3600");
/// Browsers look for new versions of these themselves.
const REVALIDATED: HeaderValue = HeaderValue::from_static("public, no-cache");

/// Which files there are.
enum Known {
    /// Exactly these paths.
    Listed(HashSet<String>),
    /// Whatever lies under this path, which changes while somebody works on it.
    Under(String),
}

/// The files of one site folder.
pub(crate) struct Files {
    known: Known,
    folder: ServeDir,
    /// A path, and the one whose file is answered there.
    replaced: Option<(&'static str, Uri)>,
}

impl Files {
    /// The listed files of a folder.
    pub(crate) fn listed(root: &Path, paths: HashSet<String>) -> Self {
        Self { known: Known::Listed(paths), folder: folder(root), replaced: None }
    }

    /// With one listed file in the place of another.
    pub(crate) fn replacing(mut self, path: &'static str, by: &'static str) -> Self {
        self.replaced = Some((path, Uri::from_static(by)));
        self
    }

    /// Whatever is in a folder's folder.
    pub(crate) fn under(root: &Path, inner: &str) -> Self {
        Self { known: Known::Under(format!("/{inner}/")), folder: folder(root), replaced: None }
    }

    pub(super) fn has(&self, path: &str) -> bool {
        match &self.known {
            Known::Listed(paths) => paths.contains(path),
            Known::Under(prefix) => path.starts_with(prefix),
        }
    }

    /// The file, in the best coding that there is and the client takes.
    pub(super) async fn serve(&self, mut request: Request<Body>) -> Response<Body> {
        let lifetime = match self.known {
            Known::Listed(_) => lifetime(request.uri().path()),
            Known::Under(_) => REVALIDATED,
        };
        if let Some((path, by)) = &self.replaced
            && request.uri().path() == *path
        {
            *request.uri_mut() = by.clone();
        }
        // Infallible: what can't be read is answered by its status.
        let Ok(response) = self.folder.clone().oneshot(request).await;
        let mut response = response.map(Body::new);
        if response.status().is_success() || response.status() == http::StatusCode::NOT_MODIFIED {
            response.headers_mut().insert(header::CACHE_CONTROL, lifetime);
            response.headers_mut().insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
        }
        response
    }
}

fn folder(root: &Path) -> ServeDir {
    ServeDir::new(root).append_index_html_on_directories(false).precompressed_br().precompressed_gzip()
}

fn lifetime(path: &str) -> HeaderValue {
    if path.starts_with("/pkg/") {
        IMMUTABLE
    } else if path.ends_with(".js") || path.ends_with(".webmanifest") {
        REVALIDATED
    } else {
        SHORT
    }
}
