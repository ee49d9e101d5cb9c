//! A summary of which some parts may be damaged.

use domain::summary::Summary;

/// What of a summary can be read, and what can't be.
#[derive(Debug, Default)]
pub struct Readable {
    /// Base plus deltas.
    pub summary: Summary,
    /// Cells that can't be read, by kind and number.
    pub cells: Vec<(i16, i32)>,
    /// Deltas that can't be read, by what the store knows them by.
    pub deltas: Vec<i64>,
}

impl Readable {
    /// How many parts can't be read.
    #[must_use]
    pub fn unreadable(&self) -> u64 {
        (self.cells.len() + self.deltas.len()) as u64
    }
}
