//! What the totals of a summary say about people: means, quartiles, where somebody stands among them, and how
//! two allocations compare. Integer arithmetic throughout; floats only where JSON wants a number.
//!
//! Totals of a damaged store may hold negative counts: they count as zero here, and nothing panics.

mod comparison;
mod distribution;
mod spread;

pub use comparison::{Difference, agreement, biggest_differences};
pub use distribution::{Quartiles, percentile, quartiles};
pub use spread::{mean_allocation, mean_hundredths, standard_deviation_hundredths};

use crate::{
    dto::CategoryAggregate,
    summary::{BINS, Cell},
};

/// The categories of an [`AggregateView`](crate::dto::AggregateView): `slugs` in the order of the budget,
/// `cell` the group of people, `None` for a cell that is absent because it counts nobody.
#[must_use]
pub fn category_aggregates<'a>(
    cell: Option<&Cell>,
    slugs: impl IntoIterator<Item = &'a str>,
) -> Vec<CategoryAggregate> {
    let people = cell.map_or(0, Cell::people);
    let totals = |i| cell.and_then(|cell| cell.categories().get(i));
    slugs
        .into_iter()
        .enumerate()
        .map(|(i, slug)| {
            let quartiles = totals(i).and_then(quartiles);
            CategoryAggregate {
                slug: slug.to_owned(),
                sum_points: totals(i).map_or(0, |t| natural(t.sum)),
                mean_points: totals(i).and_then(|t| mean_hundredths(t, people)).map(|mean| mean as f64 / 100.0),
                median_points: quartiles.map(|q| q.median()),
                p25_points: quartiles.map(|q| q.lower()),
                p75_points: quartiles.map(|q| q.upper()),
                histogram: totals(i)
                    .map_or_else(|| vec![0; BINS], |t| t.histogram.iter().map(|&n| natural(n)).collect()),
            }
        })
        .collect()
}

/// A count or sum that only damage makes negative.
fn natural(n: i64) -> u64 {
    u64::try_from(n).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_has_no_statistics_but_every_category() {
        for cell in [None, Some(&Cell::empty(2))] {
            let categories = category_aggregates(cell, ["a", "b"]);
            assert_eq!(categories.len(), 2);
            assert_eq!(categories[1].slug, "b");
            for category in categories {
                assert_eq!(category.sum_points, 0);
                assert_eq!((category.mean_points, category.median_points), (None, None));
                assert_eq!((category.p25_points, category.p75_points), (None, None));
                assert_eq!(category.histogram, vec![0; 101]);
            }
        }
    }

    #[test]
    fn the_mean_has_two_decimals() {
        let mut cell = Cell::empty(2);
        for points in [[1, 9999], [0, 10_000], [0, 10_000]] {
            cell.count(&points, 1);
        }
        let categories = category_aggregates(Some(&cell), ["a", "b"]);
        assert_eq!(categories[0].mean_points, Some(0.33));
        assert_eq!(categories[1].mean_points, Some(9999.67));
        assert_eq!(categories[1].median_points, Some(10_000.0));
        assert_eq!(serde_json::to_string(&categories[1].mean_points).unwrap(), "9999.67");
        assert_eq!((categories[0].histogram[0], categories[1].histogram[99], categories[1].histogram[100]), (3, 1, 2));
    }
}
