//! A budget: one ballot with its categories.

mod actual;
mod segments;
mod translation;
mod validate;

pub use translation::{CategoryWords, Translation};

use crate::Points;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Fewest categories of a budget.
pub const MIN_CATEGORIES: usize = 2;
/// Most categories of a budget.
pub const MAX_CATEGORIES: usize = 40;
/// Most segments of a budget.
pub const MAX_SEGMENTS: usize = 20;
/// Most possible answers of a segment: a byte, without the one for "not declared", and one to spare.
pub const MAX_VALUES: usize = 254;
/// Longest slug, in characters.
pub const MAX_SLUG: usize = 64;

/// One ballot. Its categories are frozen once it has a submission.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Budget {
    /// Lower-case letters, digits and hyphens; part of addresses.
    pub slug: String,
    /// For people.
    pub title: String,
    /// ISO 4217 code of the amounts.
    pub currency: String,
    /// 2 to 40, in the order in which they are shown and stored.
    pub categories: Vec<Category>,
    /// What was really spent, if a source says so.
    pub actual: Option<Actual>,
    /// What people may say about themselves; mostly empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub segments: Vec<Segment>,
    /// Its words in other languages, by BCP 47 tag.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub translations: BTreeMap<String, Translation>,
}

/// One spending category.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Category {
    /// Lower-case letters, digits and hyphens; unique in the budget.
    pub slug: String,
    /// For people.
    pub name: String,
    /// What it covers, one short sentence.
    pub description: String,
    /// `#rrggbb`.
    pub color: String,
    /// The share that was really spent; given for all categories or for none.
    pub actual_points: Option<Points>,
}

/// Where the actual shares come from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Actual {
    /// The whole, in hundredths of `unit` (674651 with "billions" is 6 746.51 billions).
    pub total_hundredths: i64,
    /// `billions`, `millions`, ...
    pub unit: String,
    /// Fiscal year, `2024` or `2024-25`.
    pub year: String,
    /// Who published the figures and where.
    pub source: String,
}

/// A question that people may answer about themselves, such as an age group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Segment {
    /// Lower-case letters, digits and hyphens; unique in the budget.
    pub slug: String,
    /// For people.
    pub name: String,
    /// At most 254 possible answers.
    pub values: Vec<SegmentValue>,
}

/// One possible answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SegmentValue {
    /// Lower-case letters, digits and hyphens; unique in the segment.
    pub slug: String,
    /// For people.
    pub name: String,
}

impl Budget {
    /// The position of a category.
    #[must_use]
    pub fn position(&self, category: &str) -> Option<usize> {
        self.categories.iter().position(|c| c.slug == category)
    }

    /// The actual spending as points in category order, if it is known.
    #[must_use]
    pub fn actual_points(&self) -> Option<Vec<u16>> {
        self.categories.iter().map(|c| c.actual_points.map(Points::get)).collect()
    }
}

/// A valid budget with everything that one can have.
#[cfg(test)]
fn sample() -> Budget {
    let text = |text: &str| text.to_owned();
    let category = |slug: &str| Category {
        slug: text(slug),
        name: slug.to_uppercase(),
        description: text("What it covers."),
        color: text("#0A7bcd"),
        actual_points: None,
    };
    let value = |slug: &str| SegmentValue { slug: text(slug), name: text(slug) };
    let segment = |slug: &str, values: [&str; 2]| Segment {
        slug: text(slug),
        name: text(slug),
        values: values.map(value).into(),
    };
    Budget {
        slug: text("city-2025"),
        title: text("The city"),
        currency: text("EUR"),
        categories: ["schools", "roads", "parks"].map(category).into(),
        actual: None,
        segments: vec![segment("age", ["younger", "older"]), segment("region", ["north", "south"])],
        translations: BTreeMap::new(),
    }
}
