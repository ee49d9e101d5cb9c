//! Reading a JSON body within its limits.

use crate::router::problem::{Kind, Problem};
use axum::{
    body::Body,
    http::{HeaderMap, header},
};
use bytes::Bytes;
use domain::FieldError;
use http_body_util::{BodyExt, LengthLimitError};
use std::time::Duration;

/// Why a body can't be taken.
#[derive(Debug, PartialEq)]
pub(crate) enum Unreadable {
    /// Not JSON.
    Malformed { line: usize, column: usize },
    /// JSON, but of another shape.
    Invalid(Vec<FieldError>),
}

impl From<&serde_json::Error> for Unreadable {
    fn from(error: &serde_json::Error) -> Self {
        let invalid = |message: &str| Self::Invalid(vec![FieldError::new("body", message)]);
        match error.classify() {
            serde_json::error::Category::Data => invalid("must be an object"),
            // A well-formed number that no machine number holds, such as 1e999.
            _ if error.to_string().starts_with("number out of range") => invalid("has a number that is out of range"),
            _ => Self::Malformed { line: error.line(), column: error.column() },
        }
    }
}

impl From<Unreadable> for Problem {
    fn from(error: Unreadable) -> Self {
        match error {
            Unreadable::Malformed { line, column } => {
                Self::from(Kind::Malformed).detail(format!("The body is not JSON: line {line}, column {column}."))
            }
            Unreadable::Invalid(errors) => Self::invalid(errors),
        }
    }
}

/// The body's bytes. Its size is limited where it enters the server.
pub(super) async fn json(headers: &HeaderMap, body: Body, patience: Duration) -> Result<Bytes, Problem> {
    if !is_json(headers) || headers.contains_key(header::CONTENT_ENCODING) {
        return Err(Kind::UnsupportedMediaType.into());
    }
    whole(body, patience).await
}

/// All bytes of a body, which must have come within `patience`.
pub(crate) async fn whole(body: Body, patience: Duration) -> Result<Bytes, Problem> {
    let collected = tokio::time::timeout(patience, body.collect()).await.map_err(|_| Kind::RequestTimeout)?;
    Ok(collected.map_err(refused)?.to_bytes())
}

fn refused(error: axum::Error) -> Problem {
    let inner = error.into_inner();
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(&*inner);
    while let Some(error) = cause {
        if error.is::<LengthLimitError>() {
            return Kind::TooLarge.into();
        }
        cause = error.source();
    }
    Problem::from(Kind::Malformed).detail("The body ended before it was whole.")
}

fn is_json(headers: &HeaderMap) -> bool {
    let Some(value) = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()) else { return false };
    let essence = value.split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("application/json")
}
