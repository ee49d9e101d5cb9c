//! The shapes that cross the network: `/api/v1` and the server functions.

use crate::{Budget, FieldError};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// `GET /api/v1/budgets/{budget}`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BudgetView {
    /// Part of addresses.
    #[cfg_attr(
        feature = "openapi",
        schema(pattern = "^[a-z0-9]+(-[a-z0-9]+)*$", max_length = 64, example = "tax-dollars")
    )]
    pub slug: String,
    /// For people.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, example = "Your tax dollars"))]
    pub title: String,
    /// ISO 4217 code.
    #[cfg_attr(feature = "openapi", schema(pattern = "^[A-Z]{3}$", example = "USD"))]
    pub currency: String,
    /// In order.
    #[cfg_attr(feature = "openapi", schema(min_items = 2, max_items = 40))]
    pub categories: Vec<CategoryView>,
    /// What was really spent, if known.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub actual: Option<ActualView>,
}

/// One category of a budget.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CategoryView {
    /// The key in `points`.
    #[cfg_attr(
        feature = "openapi",
        schema(pattern = "^[a-z0-9]+(-[a-z0-9]+)*$", max_length = 64, example = "healthcare")
    )]
    pub slug: String,
    /// For people.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, example = "Healthcare"))]
    pub name: String,
    /// What it covers.
    pub description: String,
    /// `#rrggbb`.
    #[cfg_attr(feature = "openapi", schema(pattern = "^#[0-9a-fA-F]{6}$", example = "#e74c3c"))]
    pub color: String,
    /// Really spent, in basis points; null when not known.
    #[cfg_attr(feature = "openapi", schema(required, minimum = 0, maximum = 10000, example = 2165))]
    pub actual_points: Option<u16>,
}

/// Where the actual shares come from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ActualView {
    /// The whole, in `unit` of the budget's currency.
    #[cfg_attr(feature = "openapi", schema(minimum = 0, example = 6746.51))]
    pub total: f64,
    /// `billions`.
    #[cfg_attr(feature = "openapi", schema(example = "billions"))]
    pub unit: String,
    /// `2024` or `2024-25`.
    #[cfg_attr(feature = "openapi", schema(example = "2024"))]
    pub year: String,
    /// Publisher and publication.
    #[cfg_attr(
        feature = "openapi",
        schema(example = "Joint Economic Committee, Monthly Fiscal Update, 13 March 2025")
    )]
    pub source: String,
}

impl From<&Budget> for BudgetView {
    fn from(budget: &Budget) -> Self {
        Self {
            slug: budget.slug.clone(),
            title: budget.title.clone(),
            currency: budget.currency.clone(),
            categories: budget
                .categories
                .iter()
                .map(|c| CategoryView {
                    slug: c.slug.clone(),
                    name: c.name.clone(),
                    description: c.description.clone(),
                    color: c.color.clone(),
                    actual_points: c.actual_points.map(crate::Points::get),
                })
                .collect(),
            actual: budget.actual.as_ref().map(|a| ActualView {
                total: a.total_hundredths as f64 / 100.0,
                unit: a.unit.clone(),
                year: a.year.clone(),
                source: a.source.clone(),
            }),
        }
    }
}

/// `GET /api/v1/budgets/{budget}/aggregate`: what everyone said.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AggregateView {
    /// Slug of the budget.
    #[cfg_attr(
        feature = "openapi",
        schema(pattern = "^[a-z0-9]+(-[a-z0-9]+)*$", max_length = 64, example = "tax-dollars")
    )]
    pub budget: String,
    /// The version that this includes; it only grows.
    #[cfg_attr(feature = "openapi", schema(minimum = 0, example = 1795257045006000i64))]
    pub version: i64,
    /// RFC 3339 UTC time of the newest change that this includes.
    #[cfg_attr(feature = "openapi", schema(format = DateTime, example = "2026-11-21T10:30:45.006Z"))]
    pub as_of: String,
    /// Counted submissions.
    #[cfg_attr(feature = "openapi", schema(example = 3))]
    pub submissions: u64,
    /// In category order.
    #[cfg_attr(feature = "openapi", schema(min_items = 2, max_items = 40))]
    pub categories: Vec<CategoryAggregate>,
}

/// What everyone said about one category. The statistics are null when nobody submitted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CategoryAggregate {
    /// Slug of the category.
    #[cfg_attr(
        feature = "openapi",
        schema(pattern = "^[a-z0-9]+(-[a-z0-9]+)*$", max_length = 64, example = "healthcare")
    )]
    pub slug: String,
    /// Exact.
    #[cfg_attr(feature = "openapi", schema(example = 5001))]
    pub sum_points: u64,
    /// Exact to two decimals.
    #[cfg_attr(feature = "openapi", schema(required, minimum = 0, maximum = 10000, example = 1667.0))]
    pub mean_points: Option<f64>,
    /// From the histogram: within 50 points of the exact one.
    #[cfg_attr(feature = "openapi", schema(required, minimum = 0, maximum = 10000, example = 2000.0))]
    pub median_points: Option<f64>,
    /// A quarter of the people gave this or less; within 50 points.
    #[cfg_attr(feature = "openapi", schema(required, minimum = 0, maximum = 10000, example = 1500.0))]
    pub p25_points: Option<f64>,
    /// Three quarters gave this or less; within 50 points.
    #[cfg_attr(feature = "openapi", schema(required, minimum = 0, maximum = 10000, example = 2000.5))]
    pub p75_points: Option<f64>,
    /// 101 counts; bin = points / 100 rounded down.
    #[cfg_attr(feature = "openapi", schema(min_items = 101, max_items = 101))]
    pub histogram: Vec<u64>,
}

/// `POST /api/v1/budgets/{budget}/submissions`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SubmitRequest {
    /// A UUID v7 that the client made, so that it can send again safely.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(
        feature = "openapi",
        schema(pattern = "^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-7[0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}$")
    )]
    pub id: Option<String>,
    /// Basis points for exactly the budget's categories, 10 000 in all.
    #[cfg_attr(feature = "openapi", schema(value_type = BTreeMap<String, crate::Points>, example = json!({
                "healthcare": 2500, "education": 2000, "defense-military": 500, "infrastructure": 1000,
                "social-security": 1000, "environment": 1000, "science-research": 500, "public-safety": 500,
                "housing-community": 500, "other": 500
            })))]
    pub points: BTreeMap<String, i64>,
    /// What the person says about themselves; only what the budget asks for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub segments: Option<BTreeMap<String, String>>,
}

/// The answer to a submission; a replay gets it again to the letter.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Receipt {
    /// UUID v7; part of the shareable address.
    #[cfg_attr(
        feature = "openapi",
        schema(
            pattern = "^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-7[0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}$",
            example = "0192d3a4-58cc-7372-8567-0e02b2c3d479"
        )
    )]
    pub id: String,
    /// Slug of the budget.
    #[cfg_attr(
        feature = "openapi",
        schema(pattern = "^[a-z0-9]+(-[a-z0-9]+)*$", max_length = 64, example = "tax-dollars")
    )]
    pub budget: String,
    /// Whether it was the participant's newest when it was committed.
    pub counted: bool,
    /// The version that first includes it.
    #[cfg_attr(feature = "openapi", schema(minimum = 1, example = 1795257045006000i64))]
    pub version: i64,
    /// Whoever has this token may delete and export the submission.
    #[cfg_attr(feature = "openapi", schema(pattern = "^[0-9a-f]{32}$", example = "00112233445566778899aabbccddeeff"))]
    pub manage: String,
}

/// `GET /api/v1/submissions/{id}`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SubmissionView {
    /// UUID v7.
    #[cfg_attr(
        feature = "openapi",
        schema(
            pattern = "^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-7[0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}$",
            example = "0192d3a4-58cc-7372-8567-0e02b2c3d479"
        )
    )]
    pub id: String,
    /// Slug of the budget.
    #[cfg_attr(
        feature = "openapi",
        schema(pattern = "^[a-z0-9]+(-[a-z0-9]+)*$", max_length = 64, example = "tax-dollars")
    )]
    pub budget: String,
    /// Basis points by category.
    #[cfg_attr(feature = "openapi", schema(value_type = BTreeMap<String, crate::Points>))]
    pub points: BTreeMap<String, u16>,
    /// RFC 3339 UTC: its effective time.
    #[cfg_attr(feature = "openapi", schema(format = DateTime, example = "2026-11-21T10:30:45.006Z"))]
    pub at: String,
    /// Whether it counts now.
    pub counted: bool,
}

/// RFC 9457 problem details, `application/problem+json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Problem {
    /// A stable address that names the kind of problem.
    #[serde(rename = "type")]
    #[cfg_attr(feature = "openapi", schema(format = "uri-reference", example = "/problems/invalid"))]
    pub kind: String,
    /// The kind in words.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, example = "The input is not valid"))]
    pub title: String,
    /// The HTTP status.
    #[cfg_attr(feature = "openapi", schema(minimum = 400, maximum = 599, example = 422))]
    pub status: u16,
    /// What happened this time.
    #[cfg_attr(
        feature = "openapi",
        schema(min_length = 1, example = "The listed fields are wrong. Nothing was stored.")
    )]
    pub detail: String,
    /// For a 422: what is wrong with which field.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
}
