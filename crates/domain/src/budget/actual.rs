//! Actual spending: from amounts of money to points.

use super::{Actual, Budget};
use crate::{FieldError, Points, WHOLE, largest_remainder};

impl Budget {
    /// This budget with what was really spent: `amounts` in category order, in hundredths of `unit`. The
    /// actual points are their largest-remainder shares, so that they sum to exactly 10 000.
    ///
    /// # Errors
    /// A complaint about `actual` when there is not one amount per category, or their sum is zero or does
    /// not fit 63 bits.
    pub fn with_actual(
        mut self,
        amounts: &[u64],
        unit: impl Into<String>,
        year: impl Into<String>,
        source: impl Into<String>,
    ) -> Result<Self, FieldError> {
        if amounts.len() != self.categories.len() {
            return Err(FieldError::new("actual", "must have one amount per category"));
        }
        let total: u128 = amounts.iter().map(|&amount| u128::from(amount)).sum();
        let total_hundredths = i64::try_from(total).map_err(|_| FieldError::new("actual", "is too large"))?;
        if total_hundredths == 0 {
            return Err(FieldError::new("actual", "must not be zero"));
        }
        for (category, share) in self.categories.iter_mut().zip(largest_remainder(amounts, WHOLE)) {
            category.actual_points = Points::new(share);
        }
        self.actual = Some(Actual { total_hundredths, unit: unit.into(), year: year.into(), source: source.into() });
        Ok(self)
    }
}

#[cfg(test)]
mod tests {
    use crate::budget::sample;

    #[test]
    fn actual_points_are_largest_remainder_shares_of_the_amounts() {
        let budget = sample().with_actual(&[10_00, 10_00, 10_01], "millions", "2025", "The city").unwrap();
        assert_eq!(budget.actual_points(), Some(vec![3332, 3332, 3336]));
        assert_eq!(budget.actual.as_ref().unwrap().total_hundredths, 30_01);
        assert_eq!(budget.validate(), Ok(()));
    }

    #[test]
    fn amounts_must_fit_the_categories_and_sum_to_something() {
        for amounts in [&[1, 2][..], &[0, 0, 0], &[u64::MAX; 3]] {
            assert_eq!(sample().with_actual(amounts, "u", "y", "s").unwrap_err().field, "actual");
        }
    }
}
