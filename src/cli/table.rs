//! Tables for people: columns as wide as what is in them, numbers to the right.

use indicatif::HumanBytes;
use std::fmt::Write;

/// How a column is set.
#[derive(Clone, Copy)]
pub(super) enum Column {
    /// Words.
    Text(&'static str),
    /// Numbers.
    Number(&'static str),
}

impl Column {
    const fn name(self) -> &'static str {
        match self {
            Self::Text(name) | Self::Number(name) => name,
        }
    }
}

/// A table that grows row by row.
pub(super) struct Table {
    columns: Vec<Column>,
    rows: Vec<Vec<String>>,
}

impl Table {
    pub(super) fn new(columns: &[Column]) -> Self {
        Self { columns: columns.to_vec(), rows: Vec::new() }
    }

    /// One cell a column, from the left.
    pub(super) fn row<const N: usize>(&mut self, cells: [String; N]) {
        self.rows.push(cells.into());
    }

    pub(super) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// A heading, and a line a row; no line ends with spaces.
    pub(super) fn write_to(&self, text: &mut String) {
        let heading: Vec<String> = self.columns.iter().map(|column| column.name().to_uppercase()).collect();
        let lines: Vec<&Vec<String>> = std::iter::once(&heading).chain(&self.rows).collect();
        let width = |at: usize| lines.iter().filter_map(|line| line.get(at)).map(|cell| cell.chars().count()).max();
        let widths: Vec<usize> = (0..self.columns.len()).map(|at| width(at).unwrap_or_default()).collect();
        for line in lines {
            let mut shown = String::new();
            for ((cell, column), &width) in line.iter().zip(&self.columns).zip(&widths) {
                // Writing to a string does not fail.
                let _ = match column {
                    Column::Text(_) => write!(shown, "{cell:<width$}  "),
                    Column::Number(_) => write!(shown, "{cell:>width$}  "),
                };
            }
            text.push_str(shown.trim_end());
            text.push('\n');
        }
    }
}

/// `1.20 MiB`; a dash when nobody knows.
pub(super) fn bytes(number: Option<u64>) -> String {
    number.map_or_else(|| "-".to_owned(), |number| HumanBytes(number).to_string())
}

/// A dash when nobody knows.
pub(super) fn known(value: Option<impl ToString>) -> String {
    value.map_or_else(|| "-".to_owned(), |value| value.to_string())
}

/// `97.5 %` of `part` in `whole`; a dash of nothing.
pub(super) fn share(part: u64, whole: u64) -> String {
    if whole == 0 { "-".to_owned() } else { format!("{:.1} %", part as f64 * 100.0 / whole as f64) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_as_wide_as_their_widest_cell_and_numbers_stand_to_the_right() {
        let mut table = Table::new(&[Column::Text("budget"), Column::Number("people"), Column::Text("state")]);
        table.row(["city".into(), "7".into(), "open".into()]);
        table.row(["a-much-longer-one".into(), "1000000".into(), String::new()]);
        let mut text = String::new();
        table.write_to(&mut text);
        let expected = "BUDGET              PEOPLE  STATE\n\
                        city                     7  open\n\
                        a-much-longer-one  1000000\n";
        assert_eq!(text, expected);
    }

    #[test]
    fn what_nobody_knows_is_a_dash() {
        assert_eq!((bytes(None), known(None::<u64>), share(1, 0)), ("-".into(), "-".into(), "-".into()));
        assert_eq!((bytes(Some(2048)), known(Some(3)), share(1, 8)), ("2.00 KiB".into(), "3".into(), "12.5 %".into()));
    }
}
