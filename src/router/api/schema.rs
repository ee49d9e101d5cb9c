//! Schemas of path parameters and headers, for the OpenAPI document only.

#![expect(dead_code, reason = "the derives read these types, the program does not")]

use utoipa::ToSchema;

/// Slug of a budget.
#[derive(ToSchema)]
#[schema(pattern = "^[a-z0-9]+(-[a-z0-9]+)*$", min_length = 1, max_length = 64, example = "tax-dollars")]
pub(crate) struct Slug(String);

/// A UUID v7.
#[derive(ToSchema)]
#[schema(
    pattern = "^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-7[0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}$",
    example = "0192d3a4-58cc-7372-8567-0e02b2c3d479"
)]
pub(crate) struct Id(String);

/// An entity tag in quotes.
#[derive(ToSchema)]
#[schema(pattern = "^\"[^\"]+\"$", example = "\"1-64e3b1d2a5c40-br\"")]
pub(crate) struct EntityTag(String);

/// Where a snapshot came from.
#[derive(ToSchema)]
#[schema(rename_all = "lowercase")]
pub(crate) enum TierName {
    /// The newest one of this process.
    Memory,
    /// Shared by all processes.
    Redis,
    /// Computed from the running totals.
    Summary,
    /// Computed from the submissions.
    Raw,
}
