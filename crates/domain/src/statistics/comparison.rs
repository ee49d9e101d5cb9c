//! How two allocations of the same budget compare.

use crate::WHOLE;

/// 100 minus half the sum of absolute differences in percentage points, in hundredths: 10 000 for equal
/// allocations, 0 for two that share nothing. Both in category order.
#[must_use]
pub fn agreement(a: &[u16], b: &[u16]) -> u16 {
    let differences: u64 = a.iter().zip(b).map(|(&a, &b)| u64::from(a.abs_diff(b))).sum();
    // Two wholes differ by an even number of points, 20 000 at the most.
    WHOLE.saturating_sub(u16::try_from(differences / 2).unwrap_or(u16::MAX))
}

/// One category in which two allocations differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Position of the category.
    pub category: usize,
    /// My points.
    pub mine: u16,
    /// The others' points.
    pub others: u16,
}

impl Difference {
    /// Mine minus the others', in points.
    #[must_use]
    pub fn points(&self) -> i32 {
        i32::from(self.mine) - i32::from(self.others)
    }
}

/// Where two allocations differ, the biggest difference first, ties in category order. Categories without a
/// difference are left out.
#[must_use]
pub fn biggest_differences(mine: &[u16], others: &[u16]) -> Vec<Difference> {
    let mut differences: Vec<_> = mine
        .iter()
        .zip(others)
        .enumerate()
        .map(|(category, (&mine, &others))| Difference { category, mine, others })
        .filter(|d| d.mine != d.others)
        .collect();
    differences.sort_by_key(|d| core::cmp::Reverse(d.mine.abs_diff(d.others)));
    differences
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agreement_is_from_nothing_shared_to_equal() {
        assert_eq!(agreement(&[10_000, 0], &[0, 10_000]), 0);
        assert_eq!(agreement(&[2500, 7500], &[2500, 7500]), 10_000);
        assert_eq!(agreement(&[2500, 7500], &[2501, 7499]), 9999);
    }

    #[test]
    fn the_biggest_difference_comes_first_and_ties_in_category_order() {
        let differences = biggest_differences(&[100, 4000, 3000, 2900], &[100, 3000, 5000, 1900]);
        let found: Vec<_> = differences.iter().map(|d| (d.category, d.points())).collect();
        assert_eq!(found, [(2, -2000), (1, 1000), (3, 1000)]);
    }
}
