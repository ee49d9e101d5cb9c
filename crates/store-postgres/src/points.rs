//! Points of a row, on the stack.

use crate::error::Fault;
use domain::budget::MAX_CATEGORIES;

pub(crate) struct Points {
    values: [u16; MAX_CATEGORIES],
    len: usize,
}

impl Points {
    pub(crate) fn read(bytes: &[u8]) -> Result<Self, Fault> {
        let mut points = Self { values: [0; MAX_CATEGORIES], len: bytes.len() / 2 };
        if points.len > points.values.len() || !bytes.len().is_multiple_of(2) {
            return Err(Fault::damaged("points have a wrong length"));
        }
        for (value, pair) in points.values.iter_mut().zip(bytes.chunks_exact(2)) {
            *value = u16::from_be_bytes([pair[0], pair[1]]);
        }
        Ok(points)
    }

    pub(crate) fn values(&self) -> &[u16] {
        &self.values[..self.len]
    }
}
