//! Cells computed the long way.

use domain::{
    Timestamp,
    summary::{CellKey, Summary},
};
use std::collections::BTreeMap;

/// Numbers of one cell. A histogram holds only bins that somebody is in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct PlainCell {
    pub(crate) people: i64,
    pub(crate) sums: Vec<i64>,
    pub(crate) squares: Vec<i64>,
    pub(crate) histograms: Vec<BTreeMap<usize, i64>>,
}

pub(crate) type PlainCells = BTreeMap<CellKey, PlainCell>;

/// The cells of people who count, each given by effective time, answers and points.
pub(crate) fn cells<'a>(people: impl Iterator<Item = (Timestamp, &'a [u8], &'a [u16])>) -> PlainCells {
    let mut cells = PlainCells::new();
    for (time, segments, points) in people {
        let mut keys = vec![CellKey::Total, CellKey::Day(time.day())];
        for (segment, answer) in segments.iter().enumerate() {
            if *answer > 0 {
                keys.push(CellKey::Segment(segment as u8, *answer));
            }
        }
        for key in keys {
            count(cells.entry(key).or_default(), points);
        }
    }
    cells
}

fn count(cell: &mut PlainCell, points: &[u16]) {
    cell.people += 1;
    cell.sums.resize(points.len(), 0);
    cell.squares.resize(points.len(), 0);
    cell.histograms.resize(points.len(), BTreeMap::new());
    for (category, &points) in points.iter().enumerate() {
        cell.sums[category] += i64::from(points);
        cell.squares[category] += i64::from(points) * i64::from(points);
        *cell.histograms[category].entry(usize::from(points) / 100).or_default() += 1;
    }
}

/// A store's summary in the same form.
pub(crate) fn plain(summary: &Summary) -> PlainCells {
    let plain = |cell: &domain::summary::Cell| PlainCell {
        people: cell.people(),
        sums: cell.categories().iter().map(|c| c.sum).collect(),
        squares: cell.categories().iter().map(|c| c.sum_squares).collect(),
        histograms: cell
            .categories()
            .iter()
            .map(|c| c.histogram.iter().copied().enumerate().filter(|(_, people)| *people != 0).collect())
            .collect(),
    };
    summary.cells().map(|(key, cell)| (key, plain(cell))).collect()
}
