//! What a histogram says: quartiles, and where one allocation stands.

use super::natural;
use crate::{
    WHOLE,
    summary::{BINS, CategoryTotals},
};

/// The quartiles of one category, exact quarters of a point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quartiles {
    quarters: [u32; 3],
}

impl Quartiles {
    /// A quarter of the people gave this or less, in points.
    #[must_use]
    pub fn lower(&self) -> f64 {
        f64::from(self.quarters[0]) / 4.0
    }

    /// Half of the people gave this or less, in points.
    #[must_use]
    pub fn median(&self) -> f64 {
        f64::from(self.quarters[1]) / 4.0
    }

    /// Three quarters of the people gave this or less, in points.
    #[must_use]
    pub fn upper(&self) -> f64 {
        f64::from(self.quarters[2]) / 4.0
    }
}

/// Quartiles from the histogram, within 50 points of those of the people's exact points; `None` for nobody.
///
/// Linear interpolation between order statistics: for n people and the quantile q, between the ones at the
/// floor and the ceiling of (n - 1) q, counted from 0. An order statistic is taken to be the midpoint of its
/// bin, 100 b + 50, which is at most 50 away from any of its 100 points; bin 100 holds exactly 10 000. A
/// weighted mean of two values that are each at most 50 off is at most 50 off.
///
/// Source: type 7 of Hyndman and Fan, "Sample Quantiles in Statistical Packages", The American Statistician
/// 50 (1996); the same as PostgreSQL's `percentile_cont` and the default of `numpy.quantile`.
#[must_use]
pub fn quartiles(totals: &CategoryTotals) -> Option<Quartiles> {
    let people = people_in(totals, 0..BINS);
    let last = people.checked_sub(1)?;
    let quarters = [1u32, 2, 3].map(|k| {
        let rank = last * u128::from(k);
        let (below, fraction) = (rank / 4, (rank % 4) as u32);
        let at = midpoint(bin_of(totals, below));
        let next = if fraction == 0 { at } else { midpoint(bin_of(totals, below + 1)) };
        at * (4 - fraction) + next * fraction
    });
    Some(Quartiles { quarters })
}

/// The share of people below these points plus half of those in the same bin, in hundredths of a percent,
/// rounded half up; `None` for nobody.
///
/// Source: the mid-rank definition of the percentile rank, on the bins of the histogram.
#[must_use]
pub fn percentile(totals: &CategoryTotals, points: u16) -> Option<u16> {
    let bin = usize::from(points / 100).min(BINS - 1);
    let everyone = people_in(totals, 0..BINS);
    if everyone == 0 {
        return None;
    }
    let twice = 2 * people_in(totals, 0..bin) + people_in(totals, bin..bin + 1);
    // At most 10 000, as at most everyone is below or equal.
    Some(((twice * u128::from(WHOLE) + everyone) / (2 * everyone)) as u16)
}

fn people_in(totals: &CategoryTotals, bins: core::ops::Range<usize>) -> u128 {
    totals.histogram[bins].iter().map(|&n| u128::from(natural(n))).sum()
}

/// The bin of the person at this rank, counted from 0 in ascending order.
fn bin_of(totals: &CategoryTotals, rank: u128) -> usize {
    let mut through = 0;
    let beyond = |people: &i64| {
        through += u128::from(natural(*people));
        through > rank
    };
    totals.histogram.iter().position(beyond).unwrap_or(BINS - 1)
}

fn midpoint(bin: usize) -> u32 {
    if bin < BINS - 1 { bin as u32 * 100 + 50 } else { u32::from(WHOLE) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::summary::Cell;

    fn totals(points: &[u16]) -> CategoryTotals {
        let mut cell = Cell::empty(1);
        for &p in points {
            cell.count(&[p], 1);
        }
        cell.categories()[0].clone()
    }

    #[test]
    fn quartiles_interpolate_between_the_nearest_people() {
        let quartiles = quartiles(&totals(&[0, 100, 200, 10_000])).unwrap();
        assert_eq!((quartiles.lower(), quartiles.median(), quartiles.upper()), (125.0, 200.0, 2687.5));
    }

    #[test]
    fn one_person_is_all_the_quartiles() {
        let quartiles = quartiles(&totals(&[10_000])).unwrap();
        assert_eq!((quartiles.lower(), quartiles.median(), quartiles.upper()), (10_000.0, 10_000.0, 10_000.0));
    }

    #[test]
    fn people_in_the_same_bin_count_half() {
        let totals = totals(&[100, 250, 299, 9000]);
        assert_eq!(percentile(&totals, 200), Some(5000));
        assert_eq!(percentile(&totals, 0), Some(0));
        assert_eq!(percentile(&totals, 100), Some(1250));
        assert_eq!(percentile(&totals, 10_000), Some(10_000));
        assert_eq!(percentile(&CategoryTotals { histogram: [0; BINS], ..totals }, 5), None);
    }
}
