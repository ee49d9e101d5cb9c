//! What is frozen by a budget's first submission.

use domain::Budget;

/// The same categories and answers in the same order. Stored points and answers are by position: once there are any,
/// positions must not move.
#[must_use]
pub fn same_shape(one: &Budget, other: &Budget) -> bool {
    let categories = one.categories.iter().map(|c| &c.slug).eq(other.categories.iter().map(|c| &c.slug));
    let segments = one.segments.len() == other.segments.len()
        && one.segments.iter().zip(&other.segments).all(|(one, other)| {
            one.slug == other.slug && one.values.iter().map(|v| &v.slug).eq(other.values.iter().map(|v| &v.slug))
        });
    categories && segments
}
