//! The body of a batch: which reads, and what is wrong with them.

use crate::router::{api::body::Unreadable, problem::Problem};
use axum::http::{HeaderValue, Uri};
use domain::FieldError;
use serde_json::{Map, Value};
use std::collections::HashSet;

/// Reads of one batch.
const MOST: usize = 100;
/// Characters of an address, and of entity tags.
const LONGEST: usize = 256;
/// More complaints than this help nobody.
const MAX_ERRORS: usize = 50;
const ROOT: &str = "/api/v1";

/// One read that can be asked for.
#[derive(Debug, PartialEq)]
pub(crate) struct Read {
    /// As it was asked for.
    pub(super) path: String,
    /// The same below `/api/v1`.
    pub(super) below: Uri,
    pub(super) if_none_match: Option<HeaderValue>,
}

/// The reads, all of which can be asked for, or all complaints.
pub(crate) fn read(body: &[u8]) -> Result<Vec<Read>, Problem> {
    let body: Value = serde_json::from_slice(body).map_err(|error| Unreadable::from(&error))?;
    let mut errors = Vec::new();
    let reads = requests(&body, &mut errors);
    if errors.is_empty() {
        return Ok(reads);
    }
    errors.truncate(MAX_ERRORS);
    Err(Problem::invalid(errors))
}

fn requests(body: &Value, errors: &mut Vec<FieldError>) -> Vec<Read> {
    let Value::Object(body) = body else {
        errors.push(FieldError::new("body", "must be an object"));
        return Vec::new();
    };
    only(body, &["requests"], "", errors);
    match body.get("requests") {
        Some(Value::Array(requests)) if (1..=MOST).contains(&requests.len()) => {
            let mut seen = HashSet::new();
            let entries = requests.iter().enumerate();
            entries.filter_map(|(place, request)| one(place, request, &mut seen, errors)).collect()
        }
        Some(Value::Array(_)) => {
            errors.push(FieldError::new("requests", format!("must be 1 to {MOST} reads")));
            Vec::new()
        }
        Some(_) => {
            errors.push(FieldError::new("requests", "must be a list"));
            Vec::new()
        }
        None => {
            errors.push(FieldError::new("requests", "is missing"));
            Vec::new()
        }
    }
}

fn one(place: usize, request: &Value, seen: &mut HashSet<Vec<u8>>, errors: &mut Vec<FieldError>) -> Option<Read> {
    let field = format!("requests.{place}");
    let Value::Object(request) = request else {
        errors.push(FieldError::new(field, "must be an object"));
        return None;
    };
    only(request, &["path", "if_none_match"], &format!("{field}."), errors);
    let path = match request.get("path") {
        Some(Value::String(path)) => below(path).and_then(|below| {
            // The same answer twice helps nobody and makes a small question a large answer.
            if seen.insert(decoded(path)) { Ok((path.clone(), below)) } else { Err("is asked for twice") }
        }),
        Some(_) => Err("must be a text"),
        None => Err("is missing"),
    };
    let if_none_match = match request.get("if_none_match") {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(tags)) if tags.len() <= LONGEST => {
            HeaderValue::from_str(tags).map(Some).map_err(|_| "must be what a header may hold")
        }
        Some(Value::String(_)) => Err("is too long"),
        Some(_) => Err("must be a text"),
    };
    let mut complain = |name: &str, message| errors.push(FieldError::new(format!("{field}.{name}"), message));
    let path = path.map_err(|message| complain("path", message)).ok();
    let if_none_match = if_none_match.map_err(|message| complain("if_none_match", message)).ok();
    let ((path, below), if_none_match) = (path?, if_none_match?);
    Some(Read { path, below, if_none_match })
}

/// What the routes see: an address that is written otherwise is the same one.
fn decoded(path: &str) -> Vec<u8> {
    let bytes = path.as_bytes();
    let digit = |place: usize| bytes.get(place).and_then(|byte| char::from(*byte).to_digit(16)?.try_into().ok());
    let (mut at, mut plain) = (0, Vec::with_capacity(bytes.len()));
    while let Some(&byte) = bytes.get(at) {
        let escaped: Option<(u8, u8)> = digit(at + 1).zip(digit(at + 2)).filter(|_| byte == b'%');
        plain.push(escaped.map_or(byte, |(high, low)| high * 16 + low));
        at += if escaped.is_some() { 3 } else { 1 };
    }
    plain
}

/// The address below `/api/v1`, if a batch may ask for it. Whether something is there its route says.
fn below(path: &str) -> Result<Uri, &'static str> {
    if path.len() > LONGEST {
        return Err("is too long");
    }
    let below = path.strip_prefix(ROOT).filter(|below| below.starts_with('/') && below.len() > 1);
    let below = below.ok_or("must begin with /api/v1/")?;
    if !below.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"%._/-".contains(&byte)) {
        return Err("must be a path without a query");
    }
    match below.split('/').skip(1).collect::<Vec<_>>()[..] {
        ["batch"] => return Err("is a batch itself"),
        ["budgets", _, "live"] => return Err("is a stream: ask for it by itself"),
        _ => {}
    }
    below.parse().map_err(|_| "must be a path without a query")
}

/// Complains about what is no field.
fn only(object: &Map<String, Value>, known: &[&str], before: &str, errors: &mut Vec<FieldError>) {
    for name in object.keys().filter(|name| !known.contains(&name.as_str())).take(MAX_ERRORS) {
        let name: String = name.chars().take(64).collect();
        errors.push(FieldError::new(format!("{before}{name}"), "is not a field of a batch"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_of_a_read_is_taken_and_nothing_else() {
        for path in ["/api/v1/budgets", "/api/v1/budgets/live", "/api/v1/budgets/a/aggregate", "/api/v1/x%2e"] {
            assert!(below(path).is_ok(), "{path}");
        }
        for path in [
            "",
            "/",
            "/api/v1",
            "/api/v1/",
            "/api/v10/x",
            "/health",
            "//api/v1/budgets",
            "http://localhost/api/v1/budgets",
            "/api/v1/budgets?x",
            "/api/v1/budgets#x",
            "/api/v1/bud gets",
            "/api/v1/bücher",
            "/api/v1/batch",
            "/api/v1/budgets/a/live",
        ] {
            assert!(below(path).is_err(), "{path}");
        }
        assert!(below(&format!("/api/v1/{}", "x".repeat(300))).is_err());
    }
}
