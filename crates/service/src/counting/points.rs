//! Points of a stored row, on the stack.

use domain::budget::MAX_CATEGORIES;

/// Basis points in category order, read from two bytes each, the greater first.
#[derive(Clone, Copy, Debug)]
pub struct Points {
    values: [u16; MAX_CATEGORIES],
    len: usize,
}

impl Points {
    /// `None` when the bytes are not the points of any budget.
    #[must_use]
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let mut points = Self { values: [0; MAX_CATEGORIES], len: bytes.len() / 2 };
        if points.len > points.values.len() || !bytes.len().is_multiple_of(2) {
            return None;
        }
        for (value, pair) in points.values.iter_mut().zip(bytes.chunks_exact(2)) {
            *value = u16::from_be_bytes([pair[0], pair[1]]);
        }
        Some(points)
    }

    /// One a category.
    #[must_use]
    pub fn values(&self) -> &[u16] {
        &self.values[..self.len]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Allocation;

    #[test]
    fn points_are_read_as_an_allocation_writes_them() {
        let allocation = Allocation::from_points(&[258, 9742, 0], 3).unwrap();
        assert_eq!(Points::read(&allocation.to_bytes()).unwrap().values(), allocation.points());
    }

    #[test]
    fn half_a_number_and_too_many_categories_are_refused() {
        assert!(Points::read(&[0; 5]).is_none());
        assert!(Points::read(&[0; 2 * MAX_CATEGORIES]).is_some());
        assert!(Points::read(&[0; 2 * MAX_CATEGORIES + 2]).is_none());
    }
}
