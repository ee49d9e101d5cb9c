//! `GET /api/v1/budgets` and `GET /api/v1/budgets/{budget}`: what can be voted on.

use super::responses;
use crate::router::{
    Shared,
    problem::{Kind, Problem},
};
use axum::{
    Json,
    extract::{Path, State, rejection::PathRejection},
    http::header,
    response::IntoResponse,
};
use domain::dto::BudgetView;
use std::sync::Arc;

const CACHE: [(header::HeaderName, &str); 1] = [(header::CACHE_CONTROL, "public, max-age=60")];

/// All budgets, in the order in which they are offered.
#[utoipa::path(
    get, path = "/api/v1/budgets", tag = "budgets", operation_id = "listBudgets",
    params(("If-None-Match" = Option<String>, Header, description = "Entity tags that the reader has")),
    responses(
        (
            status = 200, description = "All budgets", body = Vec<BudgetView>,
            headers(
                ("ETag" = inline(super::schema::EntityTag), description = "Names content and content coding"),
                ("Cache-Control" = String, description = "`public, max-age=60`"),
            ),
        ),
        responses::NotModified,
    ),
)]
pub(super) async fn list(State(shared): State<Arc<Shared>>) -> impl IntoResponse {
    let catalogue = shared.allot.catalogue();
    let views: Vec<BudgetView> = catalogue.all().iter().map(|record| BudgetView::from(&record.budget)).collect();
    (CACHE, Json(views))
}

/// One budget with its categories and, if a source tells it, the actual spending.
#[utoipa::path(
    get, path = "/api/v1/budgets/{budget}", tag = "budgets", operation_id = "getBudget",
    params(
        ("budget" = inline(super::schema::Slug), Path, description = "Slug of the budget", example = "tax-dollars"),
        ("If-None-Match" = Option<String>, Header, description = "Entity tags that the reader has"),
    ),
    responses(
        (
            status = 200, description = "The budget", body = BudgetView,
            headers(
                ("ETag" = inline(super::schema::EntityTag), description = "Names content and content coding"),
                ("Cache-Control" = String, description = "`public, max-age=60`"),
            ),
        ),
        responses::NotModified,
        responses::NotFound,
    ),
)]
pub(super) async fn one(
    State(shared): State<Arc<Shared>>,
    slug: Result<Path<String>, PathRejection>,
) -> Result<impl IntoResponse, Problem> {
    let Path(slug) = slug.map_err(|_| Kind::NotFound)?;
    let catalogue = shared.allot.catalogue();
    let record = catalogue.find(&slug).ok_or(Kind::NotFound)?;
    Ok((CACHE, Json(BudgetView::from(&record.budget))))
}
