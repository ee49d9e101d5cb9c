//! What is wrong with one field of an input.

use serde::{Deserialize, Serialize};

/// One complaint about one field; `field` is the name that the sender used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FieldError {
    /// The field as the sender named it: `id`, `points`, `points.healthcare`, `segments.age`.
    #[cfg_attr(feature = "openapi", schema(example = "points.healthcare"))]
    pub field: String,
    /// A sentence for the sender.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, example = "must be from 0 to 10000"))]
    pub message: String,
}

impl FieldError {
    /// A complaint about `field`.
    pub fn new(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self { field: field.into(), message: message.into() }
    }
}
