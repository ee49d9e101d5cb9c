//! `POST /api/v1/budgets/{budget}/submissions`: submit an allocation.

use super::{body, caller, responses, submit_body};
use crate::router::{
    Shared,
    problem::{Kind, Problem},
};
use app::server::hand_over;
use axum::{
    extract::{Path, Request, State, rejection::PathRejection},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::dto::{Receipt, SubmitRequest};
use service::{SubmitError, Submitted};
use std::sync::Arc;

/// Submit an allocation.
///
/// Durable and counted once when it is answered with success. A client that makes the id can send the same
/// again, for as long as it likes: it gets the first answer again, to the letter. The site's own pages, which say
/// their `Origin`, also get a cookie that shows the receipt on the submission's page for ten minutes.
#[utoipa::path(
    post,
    path = "/api/v1/budgets/{budget}/submissions",
    tag = "submissions",
    operation_id = "submit",
    params(("budget" = inline(super::schema::Slug), Path, description = "Slug of the budget", example = "tax-dollars")),
    request_body(
        content = SubmitRequest,
        content_type = "application/json",
        example = json!({ "points": {
            "healthcare": 2500, "education": 2000, "defense-military": 500, "infrastructure": 1000,
            "social-security": 1000, "environment": 1000, "science-research": 500, "public-safety": 500,
            "housing-community": 500, "other": 500
        } }),
    ),
    security((), ("participant" = [])),
    responses(
        (
            status = 201, description = "Stored and counted", body = Receipt,
            headers(
                ("Location" = String, description = "The submission's address"),
                ("Cache-Control" = String, description = "`no-store`"),
            ),
            links(
                ("read" = (operation_id = "getSubmission", parameters(("id" = "$response.body#/id")))),
                ("delete" = (operation_id = "deleteSubmission", parameters(("id" = "$response.body#/id")))),
            ),
        ),
        (
            status = 200, description = "A replay: the body of the first answer, to the letter", body = Receipt,
            headers(
                ("Location" = String, description = "The submission's address"),
                ("Cache-Control" = String, description = "`no-store`"),
            ),
        ),
        responses::Malformed,
        responses::CrossOrigin,
        responses::NotFound,
        responses::RequestTimeout,
        responses::Conflict,
        responses::Gone,
        responses::TooLarge,
        responses::UnsupportedMediaType,
        responses::Invalid,
        responses::RateLimited,
        responses::Unavailable,
    ),
)]
pub(super) async fn post(
    State(shared): State<Arc<Shared>>,
    slug: Result<Path<String>, PathRejection>,
    request: Request,
) -> Response {
    // Of another origin it would not have come this far.
    let from_page = request.headers().contains_key(header::ORIGIN);
    let answer = match slug {
        Ok(Path(slug)) => submit(&shared, &slug, request).await,
        Err(_) => Err(Kind::NotFound.into()),
    };
    match answer {
        Ok(submitted) => {
            shared.metrics.submission(outcome_of(Ok(&submitted)));
            let mut response = receipt(&submitted);
            if from_page {
                let Receipt { id, manage, .. } = &submitted.receipt;
                let cookies = hand_over(id, manage, shared.secure_cookies);
                response.headers_mut().extend(cookies.into_iter().map(|cookie| (header::SET_COOKIE, cookie)));
            }
            response
        }
        Err(problem) => {
            shared.metrics.submission(outcome(problem.kind()));
            problem.into_response()
        }
    }
}

async fn submit(shared: &Shared, slug: &str, request: Request) -> Result<Submitted, Problem> {
    // Before the body is read: nobody need send one to a budget that is not there.
    if shared.allot.catalogue().find(slug).is_none() {
        return Err(Kind::NotFound.into());
    }
    let (parts, body) = request.into_parts();
    let bytes = body::json(&parts.headers, body, shared.body_patience).await?;
    let request = submit_body::read(&bytes)?;
    shared.allot.submit(slug, &request, &caller::of(shared, &parts)).await.map_err(problem)
}

fn problem(error: SubmitError) -> Problem {
    let problem = Problem::from(kind(&error));
    match error {
        SubmitError::Invalid(errors) => Problem::invalid(errors),
        SubmitError::RateLimited { retry_after }
        | SubmitError::Overloaded { retry_after }
        | SubmitError::Unavailable { retry_after } => problem.retry_after(retry_after),
        _ => problem,
    }
}

/// How a submission ended, for the metrics.
pub(crate) fn outcome_of(answer: Result<&Submitted, &SubmitError>) -> &'static str {
    match answer {
        Ok(submitted) if submitted.replayed => "replayed",
        Ok(_) => "stored",
        Err(error) => outcome(kind(error)),
    }
}

fn kind(error: &SubmitError) -> Kind {
    match error {
        SubmitError::UnknownBudget => Kind::NotFound,
        SubmitError::Closed => Kind::Closed,
        SubmitError::Invalid(_) => Kind::Invalid,
        SubmitError::Conflict => Kind::Conflict,
        SubmitError::Deleted => Kind::Deleted,
        SubmitError::RateLimited { .. } => Kind::RateLimited,
        SubmitError::Overloaded { .. } => Kind::Overloaded,
        SubmitError::Unavailable { .. } => Kind::Unavailable,
        SubmitError::Failed => Kind::Internal,
    }
}

/// Few and constant.
fn outcome(kind: Kind) -> &'static str {
    match kind {
        Kind::RateLimited => "rate_limited",
        Kind::Overloaded => "overloaded",
        Kind::Unavailable => "unavailable",
        Kind::Internal => "failed",
        Kind::Conflict => "conflict",
        Kind::Closed => "closed",
        Kind::Deleted => "deleted",
        _ => "invalid",
    }
}

fn receipt(submitted: &Submitted) -> Response {
    let receipt = &submitted.receipt;
    // Texts and numbers always serialise.
    let mut response = Response::new(serde_json::to_vec(receipt).unwrap_or_default().into());
    *response.status_mut() = if submitted.replayed { StatusCode::OK } else { StatusCode::CREATED };
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Ok(location) = HeaderValue::try_from(format!("/api/v1/submissions/{}", receipt.id)) {
        headers.insert(header::LOCATION, location);
    }
    response
}
