//! What is wrong with one field of an input.

use crate::percent::PercentError;
use serde::{Deserialize, Serialize};

/// One complaint about one field; `field` is the name that the sender used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FieldError {
    /// The field as the sender named it: `id`, `points`, `points.healthcare`, `segments.age`.
    #[cfg_attr(feature = "openapi", schema(example = "points.healthcare"))]
    pub field: String,
    /// A sentence for the sender, in English.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, example = "must be from 0 to 10000"))]
    pub message: String,
    /// The same for pages, which say it in their own language. Not part of any interface.
    #[serde(skip)]
    pub complaint: Complaint,
}

/// What is wrong, where pages have a sentence for it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Complaint {
    /// A text is no percentage.
    Percent(PercentError),
    /// The shares sum to so many points, which are not 10 000.
    Total(u64),
    /// A share is outside 0 to 100 %.
    OutOfRange,
    /// A category has no share.
    Missing,
    /// Anything else: the message says it.
    #[default]
    Other,
}

impl FieldError {
    /// A complaint about `field`.
    pub fn new(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self { field: field.into(), message: message.into(), complaint: Complaint::Other }
    }

    /// The same, saying what it is about.
    #[must_use]
    pub fn because(self, complaint: Complaint) -> Self {
        Self { complaint, ..self }
    }
}
