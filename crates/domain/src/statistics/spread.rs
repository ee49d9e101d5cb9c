//! What sums and sums of squares say: the mean and the standard deviation.

use super::natural;
use crate::{
    WHOLE, largest_remainder,
    summary::{CategoryTotals, Cell},
};

/// The mean in hundredths of a point, rounded half up; `None` for nobody.
#[must_use]
pub fn mean_hundredths(totals: &CategoryTotals, people: i64) -> Option<u64> {
    let people = u128::from(natural(people));
    if people == 0 {
        return None;
    }
    u64::try_from((u128::from(natural(totals.sum)) * 200 + people) / (2 * people)).ok()
}

/// Everyone's points together as one allocation, in category order: shares of the sums, so that it sums to
/// exactly 10 000, each within one point of the mean. `None` for nobody.
#[must_use]
pub fn mean_allocation(cell: &Cell) -> Option<Vec<u16>> {
    let sums: Vec<u64> = cell.categories().iter().map(|totals| natural(totals.sum)).collect();
    (cell.people() > 0).then(|| largest_remainder(&sums, WHOLE))
}

/// The standard deviation of everyone's points (not estimated from a sample: divided by n), in hundredths of
/// a point, rounded half up; `None` for nobody.
///
/// The square root of (n Σx² - (Σx)²) / n². Ten million people make 10²², which 128 bits hold exactly.
#[must_use]
pub fn standard_deviation_hundredths(totals: &CategoryTotals, people: i64) -> Option<u64> {
    let n = u128::from(natural(people));
    if n == 0 {
        return None;
    }
    let sum = u128::from(natural(totals.sum));
    let scatter = (n * u128::from(natural(totals.sum_squares))).saturating_sub(sum * sum);
    // 100 s = 100 √scatter / n, and (√(4 · 100² scatter) + n) / 2n rounds that half up.
    let twice = scatter.checked_mul(40_000)?.isqrt();
    u64::try_from((twice + n) / (2 * n)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_standard_deviation_is_that_of_everyone() {
        let mut cell = Cell::empty(1);
        for points in [200, 400, 400, 400, 500, 500, 700, 900] {
            cell.count(&[points], 1);
        }
        assert_eq!(standard_deviation_hundredths(&cell.categories()[0], cell.people()), Some(20_000));
        assert_eq!(standard_deviation_hundredths(&cell.categories()[0], 0), None);
    }

    #[test]
    fn a_mean_of_half_a_hundredth_rounds_up() {
        let totals = CategoryTotals { sum: 1, sum_squares: 1, histogram: [0; crate::summary::BINS] };
        assert_eq!(mean_hundredths(&totals, 200), Some(1));
        assert_eq!(mean_hundredths(&totals, 201), Some(0));
    }

    #[test]
    fn everyone_together_is_a_whole_allocation() {
        let mut cell = Cell::empty(3);
        for points in [[10_000, 0, 0], [0, 10_000, 0], [0, 0, 10_000]] {
            cell.count(&points, 1);
        }
        assert_eq!(mean_allocation(&cell), Some(vec![3334, 3333, 3333]));
        assert_eq!(mean_allocation(&Cell::empty(3)), None);
    }
}
