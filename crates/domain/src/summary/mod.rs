//! The running totals of one budget, and the changes to them.
//!
//! All numbers are signed: a difference of two summaries is a summary too, and applying it commutes with
//! every other change.

mod cell;
mod codec;
mod delta;

pub use cell::{BINS, CategoryTotals, Cell};
pub use codec::CodecError;
pub use delta::{Delta, Entry};

use crate::Day;
use std::collections::BTreeMap;

/// Which people a cell counts. No cross products.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CellKey {
    /// Everyone.
    Total,
    /// The counted submissions of one UTC day.
    Day(Day),
    /// Those who gave this answer: the position of the segment in the budget, and of the value plus one
    /// (0 would mean "not declared" and has no cell).
    Segment(u8, u8),
}

/// All cells of one budget. Empty cells are absent, so that equal summaries are equal values.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    cells: BTreeMap<CellKey, Cell>,
}

impl Summary {
    /// One cell; `None` when it counts nobody.
    #[must_use]
    pub fn cell(&self, key: CellKey) -> Option<&Cell> {
        self.cells.get(&key)
    }

    /// All cells that are not empty, in key order.
    pub fn cells(&self) -> impl Iterator<Item = (CellKey, &Cell)> {
        self.cells.iter().map(|(k, c)| (*k, c))
    }

    /// Adds (or with `sign` -1 takes away) one cell.
    pub fn merge_cell(&mut self, key: CellKey, cell: &Cell, sign: i64) {
        let mine = self.cells.entry(key).or_insert_with(|| Cell::empty(cell.categories().len()));
        mine.merge(cell, sign);
        if mine.is_empty() {
            self.cells.remove(&key);
        }
    }

    /// Adds (or with `sign` -1 takes away) a whole summary.
    pub fn merge(&mut self, other: &Self, sign: i64) {
        for (key, cell) in &other.cells {
            self.merge_cell(*key, cell, sign);
        }
    }

    /// Counts (`sign` 1) or uncounts (-1) one submission in each of its cells.
    pub fn count(&mut self, entry: &Entry, sign: i64) {
        for key in entry.keys() {
            let cell = self.cells.entry(key).or_insert_with(|| Cell::empty(entry.points.len()));
            cell.count(&entry.points, sign);
            if cell.is_empty() {
                self.cells.remove(&key);
            }
        }
    }

    /// Applies a delta: counts its plus entries, uncounts its minus entries.
    pub fn apply(&mut self, delta: &Delta) {
        for entry in &delta.plus {
            self.count(entry, 1);
        }
        for entry in &delta.minus {
            self.count(entry, -1);
        }
    }

    /// `self - other`: what must be added to `other` to get `self`.
    #[must_use]
    pub fn difference(&self, other: &Self) -> Self {
        let mut difference = self.clone();
        difference.merge(other, -1);
        difference
    }

    /// No cell differs from zero.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.cells.is_empty()
    }
}
