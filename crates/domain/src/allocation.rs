//! An allocation: points for every category of one budget, exactly 10 000 in all.
//!
//! This is the one check that the browser and the server share.

use crate::{Budget, Complaint, FieldError, WHOLE};
use std::collections::BTreeMap;

/// Points in the category order of its budget; each 0 to 10 000, together exactly 10 000.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Allocation(Box<[u16]>);

impl Allocation {
    /// Checks points that are already in category order.
    ///
    /// # Errors
    /// A complaint about `points` when their number is not `categories`, or their sum is not 10 000.
    pub fn from_points(points: &[u16], categories: usize) -> Result<Self, FieldError> {
        if points.len() != categories {
            return Err(FieldError::new("points", format!("must have {categories} categories, not {}", points.len())));
        }
        let sum: u64 = points.iter().map(|&p| u64::from(p)).sum();
        if sum != u64::from(WHOLE) {
            return Err(Self::wrong_total(sum));
        }
        Ok(Self(points.into()))
    }

    /// The complaint about points that sum to `total`.
    #[must_use]
    pub fn wrong_total(total: u64) -> FieldError {
        let message = format!("must sum to exactly {WHOLE}, not {total}");
        FieldError::new("points", message).because(Complaint::Total(total))
    }

    /// Checks points by category slug, as clients send them.
    ///
    /// # Errors
    /// Every complaint at once: `points.{category}` for one that is unknown, missing or outside 0..=10000,
    /// `points` for a sum other than 10 000.
    pub fn from_map(budget: &Budget, points: &BTreeMap<String, i64>) -> Result<Self, Vec<FieldError>> {
        let mut errors = Vec::new();
        for (slug, &value) in points {
            if budget.position(slug).is_none() {
                errors.push(FieldError::new(format!("points.{slug}"), "is not a category of this budget"));
            } else if !(0..=i64::from(WHOLE)).contains(&value) {
                let message = format!("must be from 0 to {WHOLE}");
                errors.push(FieldError::new(format!("points.{slug}"), message).because(Complaint::OutOfRange));
            }
        }
        let mut ordered = Vec::with_capacity(budget.categories.len());
        for category in &budget.categories {
            match points.get(&category.slug) {
                // A value outside u16 was reported above.
                Some(&value) => ordered.push(u16::try_from(value).unwrap_or(0)),
                None => {
                    let field = format!("points.{}", category.slug);
                    errors.push(FieldError::new(field, "is missing").because(Complaint::Missing));
                }
            }
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        Self::from_points(&ordered, budget.categories.len()).map_err(|error| vec![error])
    }

    /// From two big-endian bytes a category, as stored.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        if !bytes.len().is_multiple_of(2) {
            return None;
        }
        let points: Vec<u16> = bytes.chunks_exact(2).map(|b| u16::from_be_bytes([b[0], b[1]])).collect();
        Self::from_points(&points, points.len()).ok()
    }

    /// Two big-endian bytes a category.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        self.0.iter().flat_map(|p| p.to_be_bytes()).collect()
    }

    /// Points in category order.
    #[must_use]
    pub fn points(&self) -> &[u16] {
        &self.0
    }

    /// Points by category slug, as clients read them.
    #[must_use]
    pub fn to_map(&self, budget: &Budget) -> BTreeMap<String, u16> {
        budget.categories.iter().zip(&self.0).map(|(c, &p)| (c.slug.clone(), p)).collect()
    }
}
