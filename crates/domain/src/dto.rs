//! The shapes that cross the network: `/api/v1` and the server functions.

use crate::{Budget, FieldError};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// `GET /api/v1/budgets/{budget}`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BudgetView {
    /// Part of addresses.
    pub slug: String,
    /// For people.
    pub title: String,
    /// ISO 4217 code.
    pub currency: String,
    /// In order.
    pub categories: Vec<CategoryView>,
    /// What was really spent, if known.
    pub actual: Option<ActualView>,
}

/// One category of a budget.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CategoryView {
    /// The key in `points`.
    pub slug: String,
    /// For people.
    pub name: String,
    /// What it covers.
    pub description: String,
    /// `#rrggbb`.
    pub color: String,
    /// Really spent, in basis points; null when not known.
    pub actual_points: Option<u16>,
}

/// Where the actual shares come from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ActualView {
    /// The whole, in `unit` of the budget's currency.
    pub total: f64,
    /// `billions`.
    pub unit: String,
    /// `2024` or `2024-25`.
    pub year: String,
    /// Publisher and publication.
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
    pub budget: String,
    /// The version that this includes; it only grows.
    pub version: i64,
    /// RFC 3339 UTC time of the newest change that this includes.
    pub as_of: String,
    /// Counted submissions.
    pub submissions: u64,
    /// In category order.
    pub categories: Vec<CategoryAggregate>,
}

/// What everyone said about one category. The statistics are null when nobody submitted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CategoryAggregate {
    /// Slug of the category.
    pub slug: String,
    /// Exact.
    pub sum_points: u64,
    /// Exact to two decimals.
    pub mean_points: Option<f64>,
    /// From the histogram: within 50 points of the exact one.
    pub median_points: Option<f64>,
    /// A quarter of the people gave this or less; within 50 points.
    pub p25_points: Option<f64>,
    /// Three quarters gave this or less; within 50 points.
    pub p75_points: Option<f64>,
    /// 101 counts; bin = points / 100 rounded down.
    pub histogram: Vec<u64>,
}

/// `POST /api/v1/budgets/{budget}/submissions`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SubmitRequest {
    /// A UUID v7 that the client made, so that it can send again safely.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Basis points for exactly the budget's categories, 10 000 in all.
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
    pub id: String,
    /// Slug of the budget.
    pub budget: String,
    /// Whether it was the participant's newest when it was committed.
    pub counted: bool,
    /// The version that first includes it.
    pub version: i64,
    /// Whoever has this token may delete and export the submission.
    pub manage: String,
}

/// `GET /api/v1/submissions/{id}`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SubmissionView {
    /// UUID v7.
    pub id: String,
    /// Slug of the budget.
    pub budget: String,
    /// Basis points by category.
    pub points: BTreeMap<String, u16>,
    /// RFC 3339 UTC: its effective time.
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
    pub kind: String,
    /// The kind in words.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What happened this time.
    pub detail: String,
    /// For a 422: what is wrong with which field.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
}
