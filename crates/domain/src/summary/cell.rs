//! One cell of a summary.

use crate::WHOLE;

/// Bins of a histogram: one per whole percent, 0 to 100.
pub const BINS: usize = WHOLE as usize / 100 + 1;

/// Totals of one category.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CategoryTotals {
    /// Sum of points.
    pub sum: i64,
    /// Sum of squared points. Ten million times 10 000² is 10¹⁵, far from the limit.
    pub sum_squares: i64,
    /// People per bin; bin = points / 100 rounded down.
    pub histogram: [i64; BINS],
}

impl CategoryTotals {
    const EMPTY: Self = Self { sum: 0, sum_squares: 0, histogram: [0; BINS] };
}

/// Count and totals of one group of people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    pub(super) count: i64,
    pub(super) categories: Vec<CategoryTotals>,
}

impl Cell {
    /// Counts nobody, over this many categories.
    #[must_use]
    pub fn empty(categories: usize) -> Self {
        Self { count: 0, categories: vec![CategoryTotals::EMPTY; categories] }
    }

    /// Counted submissions.
    #[must_use]
    pub fn people(&self) -> i64 {
        self.count
    }

    /// Totals in category order.
    #[must_use]
    pub fn categories(&self) -> &[CategoryTotals] {
        &self.categories
    }

    /// Counts (`sign` 1) or uncounts (-1) one submission.
    #[inline]
    pub fn count(&mut self, points: &[u16], sign: i64) {
        add(&mut self.count, sign, 1);
        for (totals, &p) in self.categories.iter_mut().zip(points) {
            let value = i64::from(p);
            add(&mut totals.sum, sign, value);
            add(&mut totals.sum_squares, sign, value * value);
            // Stored points never exceed 10 000; the clamp keeps a corrupt row from ending the process.
            add(&mut totals.histogram[usize::from(p / 100).min(BINS - 1)], sign, 1);
        }
    }

    /// Adds (or with `sign` -1 takes away) another cell over the same categories. Real totals are far from
    /// overflowing; damaged ones wrap, so that what was added can always be taken away again.
    pub fn merge(&mut self, other: &Self, sign: i64) {
        if self.categories.len() < other.categories.len() {
            self.categories.resize(other.categories.len(), CategoryTotals::EMPTY);
        }
        add(&mut self.count, sign, other.count);
        for (mine, theirs) in self.categories.iter_mut().zip(&other.categories) {
            add(&mut mine.sum, sign, theirs.sum);
            add(&mut mine.sum_squares, sign, theirs.sum_squares);
            for (bin, n) in mine.histogram.iter_mut().zip(theirs.histogram) {
                add(bin, sign, n);
            }
        }
    }

    /// Every number is zero.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.count == 0 && self.categories.iter().all(|c| *c == CategoryTotals::EMPTY)
    }
}

#[inline]
fn add(total: &mut i64, sign: i64, value: i64) {
    *total = total.wrapping_add(sign.wrapping_mul(value));
}
