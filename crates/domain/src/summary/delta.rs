//! One commit's change to a summary, compact: the submissions that became counted or stopped being so.

use super::CellKey;
use crate::Day;

/// What a summary needs to know of one submission.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The UTC day of its effective time.
    pub day: Day,
    /// Per segment of the budget the position of the answer plus one, 0 = not declared. Empty = none declared.
    pub segments: Box<[u8]>,
    /// Points in category order.
    pub points: Box<[u16]>,
}

impl Entry {
    /// The cells in which this submission counts.
    pub fn keys(&self) -> impl Iterator<Item = CellKey> + '_ {
        let segments = self
            .segments
            .iter()
            .enumerate()
            .filter(|(_, value)| **value != 0)
            .filter_map(|(segment, value)| Some(CellKey::Segment(u8::try_from(segment).ok()?, *value)));
        [CellKey::Total, CellKey::Day(self.day)].into_iter().chain(segments)
    }
}

/// Became counted, and no longer counted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Delta {
    /// Newly counted.
    pub plus: Vec<Entry>,
    /// No longer counted.
    pub minus: Vec<Entry>,
}
