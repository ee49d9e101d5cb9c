//! Bodies of requests.

use crate::{budget_file, router::api};
use axum::{
    body::Body,
    extract::{Form, FromRequest},
};
use domain::{Allocation, Budget, WHOLE, format_points, parse_percent};
use futures_util::FutureExt;
use http::{Request, header};
use std::{collections::BTreeMap, sync::LazyLock};

static BUDGET: LazyLock<Option<Budget>> = LazyLock::new(|| budget_file::read(budget_file::BUILT_IN[0].1).ok());

/// What was read reads the same again, and what is taken sums to the whole.
pub(super) fn submission(bytes: &[u8]) {
    let Ok(request) = api::read_submission(bytes) else { return };
    let again = serde_json::to_vec(&request).unwrap_or_default();
    assert_eq!(api::read_submission(&again).ok().as_ref(), Some(&request));
    if let Some(budget) = &*BUDGET
        && let Ok(allocation) = Allocation::from_map(budget, &request.points)
    {
        assert_eq!(allocation.points().iter().map(|&points| u32::from(points)).sum::<u32>(), u32::from(WHOLE));
        assert_eq!(Allocation::from_bytes(&allocation.to_bytes()), Some(allocation));
        assert_eq!(request.points.len(), budget.categories.len());
    }
}

/// A batch has a bound, and leads nowhere but below `/api/v1`.
pub(super) fn batch(bytes: &[u8]) {
    if let Ok(reads) = api::read_batch(bytes) {
        assert!((1..=100).contains(&reads.len()));
    }
}

/// A percentage that is taken is at most the whole, and is the same when it is written and read again.
pub(super) fn form(bytes: &[u8]) {
    let request = Request::post("/").header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    let Ok(request) = request.body(Body::from(bytes.to_vec())) else { return };
    let read = Form::<BTreeMap<String, String>>::from_request(request, &()).now_or_never();
    let Some(Ok(Form(fields))) = read else { return };
    for share in fields.values().filter_map(|text| parse_percent(text).ok()) {
        assert!(share <= WHOLE);
        assert_eq!(parse_percent(&format_points(share)), Ok(share));
    }
}
