//! Errors as clients see them: RFC 9457 problem details. What went wrong inside is for the log only.

use axum::{
    body::Body,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::{FieldError, dto};
use std::{borrow::Cow, time::Duration};

/// The kinds of problems. Their addresses and titles never change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Malformed,
    CrossOrigin,
    Forbidden,
    NotFound,
    MethodNotAllowed,
    RequestTimeout,
    Conflict,
    Closed,
    Deleted,
    TooLarge,
    UnsupportedMediaType,
    Misdirected,
    Invalid,
    RateLimited,
    Internal,
    Overloaded,
    Unavailable,
}

impl Kind {
    pub(crate) const ALL: [Self; 17] = [
        Self::Malformed,
        Self::CrossOrigin,
        Self::Forbidden,
        Self::NotFound,
        Self::MethodNotAllowed,
        Self::RequestTimeout,
        Self::Conflict,
        Self::Closed,
        Self::Deleted,
        Self::TooLarge,
        Self::UnsupportedMediaType,
        Self::Misdirected,
        Self::Invalid,
        Self::RateLimited,
        Self::Internal,
        Self::Overloaded,
        Self::Unavailable,
    ];

    /// The problem's `type`, an address of this server that explains it.
    pub(crate) const fn address(self) -> &'static str {
        match self {
            Self::Malformed => "/problems/malformed",
            Self::CrossOrigin => "/problems/cross-origin",
            Self::Forbidden => "/problems/forbidden",
            Self::NotFound => "/problems/not-found",
            Self::MethodNotAllowed => "/problems/method-not-allowed",
            Self::RequestTimeout => "/problems/request-timeout",
            Self::Conflict => "/problems/conflict",
            Self::Closed => "/problems/closed",
            Self::Deleted => "/problems/deleted",
            Self::TooLarge => "/problems/too-large",
            Self::UnsupportedMediaType => "/problems/unsupported-media-type",
            Self::Misdirected => "/problems/misdirected",
            Self::Invalid => "/problems/invalid",
            Self::RateLimited => "/problems/rate-limited",
            Self::Internal => "/problems/internal",
            Self::Overloaded => "/problems/overloaded",
            Self::Unavailable => "/problems/unavailable",
        }
    }

    pub(crate) const fn status(self) -> StatusCode {
        match self {
            Self::Malformed => StatusCode::BAD_REQUEST,
            Self::CrossOrigin | Self::Forbidden => StatusCode::FORBIDDEN,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::RequestTimeout => StatusCode::REQUEST_TIMEOUT,
            Self::Conflict | Self::Closed => StatusCode::CONFLICT,
            Self::Deleted => StatusCode::GONE,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::UnsupportedMediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::Misdirected => StatusCode::MISDIRECTED_REQUEST,
            Self::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
            Self::RateLimited => StatusCode::TOO_MANY_REQUESTS,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
            Self::Overloaded | Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    pub(crate) const fn title(self) -> &'static str {
        match self {
            Self::Malformed => "The request can't be read",
            Self::CrossOrigin => "The request came from another site",
            Self::Forbidden => "Not allowed",
            Self::NotFound => "Not found",
            Self::MethodNotAllowed => "Method not allowed",
            Self::RequestTimeout => "The request came too slowly",
            Self::Conflict => "The id is taken",
            Self::Closed => "The budget is closed",
            Self::Deleted => "Deleted",
            Self::TooLarge => "The request is too large",
            Self::UnsupportedMediaType => "Unsupported media type",
            Self::Misdirected => "Unknown host",
            Self::Invalid => "The input is not valid",
            Self::RateLimited => "Too many submissions",
            Self::Internal => "Something went wrong",
            Self::Overloaded => "Too busy right now",
            Self::Unavailable => "Not available right now",
        }
    }

    /// What it means and what to do, when there is nothing more exact to say.
    pub(crate) const fn explanation(self) -> &'static str {
        match self {
            Self::Malformed => "The body must be JSON in UTF-8.",
            Self::CrossOrigin => "Changes are accepted from this site's own pages only.",
            Self::Forbidden => {
                "Only the participant's cookie or the submission's manage token allows this; the id alone does not."
            }
            Self::NotFound => "There is nothing at this address.",
            Self::MethodNotAllowed => "This address does not know this method; the Allow header lists those it knows.",
            Self::RequestTimeout => "The whole request must arrive within a few seconds. Try again.",
            Self::Conflict => {
                "This id was submitted before with other content. Nothing was changed; use a new id for new content."
            }
            Self::Closed => "This budget takes no submissions any more.",
            Self::Deleted => "This submission was deleted. Its id can't be used again.",
            Self::TooLarge => "A request's body may have at most 16 KiB.",
            Self::UnsupportedMediaType => "Send the body as application/json, without a content coding.",
            Self::Misdirected => "This server listens for its own machine only. Its operator can set ALLOT_PUBLIC_URL.",
            Self::Invalid => "The listed fields are wrong. Nothing was stored.",
            Self::RateLimited => "Wait for as long as the Retry-After header says. Nothing was stored.",
            Self::Internal => "It has been logged under the id in the X-Request-Id header.",
            Self::Overloaded => {
                "Nothing was stored. Wait for as long as the Retry-After header says and send the same again."
            }
            Self::Unavailable => {
                "Wait for as long as the Retry-After header says and send the same again: with the same id it counts once."
            }
        }
    }
}

/// A problem on its way to the client.
#[derive(Debug)]
pub(crate) struct Problem {
    kind: Kind,
    detail: Cow<'static, str>,
    errors: Vec<FieldError>,
    retry_after: Option<Duration>,
}

impl Problem {
    pub(crate) fn invalid(errors: Vec<FieldError>) -> Self {
        Self { errors, ..Self::from(Kind::Invalid) }
    }

    pub(crate) fn detail(mut self, detail: impl Into<Cow<'static, str>>) -> Self {
        self.detail = detail.into();
        self
    }

    pub(crate) fn retry_after(mut self, wait: Duration) -> Self {
        self.retry_after = Some(wait);
        self
    }

    pub(crate) fn kind(&self) -> Kind {
        self.kind
    }
}

impl From<Kind> for Problem {
    fn from(kind: Kind) -> Self {
        let retry_after = (kind.status() == StatusCode::SERVICE_UNAVAILABLE).then_some(Duration::from_secs(1));
        Self { kind, detail: Cow::Borrowed(kind.explanation()), errors: Vec::new(), retry_after }
    }
}

/// `Retry-After` in whole seconds, rounded up, at least one.
pub(crate) fn retry_after_value(wait: Duration) -> HeaderValue {
    let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
    HeaderValue::from(seconds.max(1))
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let body = dto::Problem {
            kind: self.kind.address().into(),
            title: self.kind.title().into(),
            status: self.kind.status().as_u16(),
            detail: self.detail.into_owned(),
            errors: self.errors,
        };
        // Texts and numbers always serialise.
        let mut response = Response::new(Body::from(serde_json::to_vec(&body).unwrap_or_default()));
        *response.status_mut() = self.kind.status();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(wait) = self.retry_after {
            headers.insert(header::RETRY_AFTER, retry_after_value(wait));
        }
        response.extensions_mut().insert(self.kind);
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retry_after_never_says_zero_and_never_too_little() {
        for (millis, seconds) in [(0, "1"), (1, "1"), (1000, "1"), (1001, "2"), (360_000, "360")] {
            assert_eq!(retry_after_value(Duration::from_millis(millis)), seconds);
        }
    }

    #[test]
    fn no_two_kinds_share_an_address() {
        let addresses: std::collections::BTreeSet<_> = Kind::ALL.iter().map(|kind| kind.address()).collect();
        assert_eq!(addresses.len(), Kind::ALL.len());
    }
}
