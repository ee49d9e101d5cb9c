//! All cells of one budget, from its rows one by one.

use domain::{
    Day,
    summary::{Cell, CellKey, Summary},
};
use std::collections::BTreeMap;

/// Adds up rows that count. Rows come roughly in the order of their time, so mostly of one day after the other: the
/// cell of that day is at hand.
#[derive(Default)]
pub struct Tally {
    day: Option<(Day, Cell)>,
    answers: BTreeMap<CellKey, Cell>,
    raw: Summary,
}

impl Tally {
    /// One row: its day, its answers as stored, its points.
    pub fn count(&mut self, day: Day, answers: &[u8], points: &[u16]) {
        match &mut self.day {
            Some((today, cell)) if *today == day => cell.count(points, 1),
            _ => {
                self.flush();
                let mut cell = Cell::empty(points.len());
                cell.count(points, 1);
                self.day = Some((day, cell));
            }
        }
        for (segment, &answer) in (0..=u8::MAX).zip(answers).filter(|(_, answer)| **answer != 0) {
            let cell = self.answers.entry(CellKey::Segment(segment, answer));
            cell.or_insert_with(|| Cell::empty(points.len())).count(points, 1);
        }
    }

    /// Everybody has exactly one day, so the days make the total.
    fn flush(&mut self) {
        if let Some((day, cell)) = self.day.take() {
            self.raw.merge_cell(CellKey::Total, &cell, 1);
            self.raw.merge_cell(CellKey::Day(day), &cell, 1);
        }
    }

    /// All cells.
    #[must_use]
    pub fn finish(mut self) -> Summary {
        self.flush();
        for (key, cell) in &self.answers {
            self.raw.merge_cell(*key, cell, 1);
        }
        self.raw
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::summary::Entry;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn rows_in_any_order_add_up_as_one_by_one(
            rows in prop::collection::vec((0i32..4, [0u8..3, 0u8..3], 0u16..=10_000), 0..40)
        ) {
            let (mut tally, mut plain) = (Tally::default(), Summary::default());
            for (day, answers, points) in rows {
                let points = [points, 10_000 - points];
                tally.count(Day(day), &answers, &points);
                plain.count(&Entry { day: Day(day), segments: answers.into(), points: points.into() }, 1);
            }
            prop_assert_eq!(tally.finish(), plain);
        }
    }
}
