//! The table, for the terminal and for Markdown: the same cells.

use super::{Aim, Row, Unit};
use crate::rounds::Spread;

/// Heads of the columns.
pub(super) const HEAD: [&str; 6] = ["row", "measured", "baseline", "ratio (min to max)", "aim", "met"];

/// Prints rows in columns, with their notes below.
pub(crate) fn print(rows: &[Row]) {
    let lines: Vec<_> = rows.iter().map(cells).collect();
    let width = |column: usize| {
        let cells = lines.iter().map(|line| line[column].chars().count());
        cells.chain([HEAD[column].len()]).max().unwrap_or_default()
    };
    let widths: [usize; 6] = std::array::from_fn(width);
    println!();
    line(&HEAD.map(str::to_owned), &widths);
    for (cells, row) in lines.iter().zip(rows) {
        line(cells, &widths);
        if !row.note.is_empty() {
            println!("    {}", row.note);
        }
    }
}

fn line(cells: &[String; 6], widths: &[usize; 6]) {
    let text: String = cells.iter().zip(widths).map(|(cell, width)| format!("{cell:<width$}  ")).collect();
    println!("{}", text.trim_end());
}

/// The cells of a row, in the order of [`HEAD`].
pub(super) fn cells(row: &Row) -> [String; 6] {
    let spread = |spread: Spread| {
        let middle = value(spread.median, row.unit);
        if spread.rounds > 1 { format!("{middle} ({} to {})", number(spread.min), number(spread.max)) } else { middle }
    };
    let ratio = |ratio: Spread| format!("{:.3} ({:.3} to {:.3})", ratio.median, ratio.min, ratio.max);
    let aim = match row.aim {
        None => "report".to_owned(),
        Some(Aim::RatioAtLeast(aim)) => format!("ratio ≥ {aim}"),
        Some(Aim::RatioAtMost(aim)) => format!("ratio ≤ {aim}"),
        Some(Aim::AtLeast(aim)) => format!("≥ {}", value(aim, row.unit)),
        Some(Aim::AtMost(aim)) => format!("≤ {}", value(aim, row.unit)),
    };
    let met = row.is_met().map_or("", |met| if met { "yes" } else { "no" });
    [
        row.name.clone(),
        spread(row.value),
        row.baseline.map(spread).unwrap_or_default(),
        row.ratio.map(ratio).unwrap_or_default(),
        aim,
        met.to_owned(),
    ]
}

fn value(value: f64, unit: Unit) -> String {
    let unit = match unit {
        Unit::PerSecond => "/s",
        Unit::Micros => " µs",
        Unit::Seconds => " s",
        Unit::Bytes => " B",
        Unit::Mebibytes => " MiB",
    };
    number(value) + unit
}

/// Three digits at least, thousands apart.
fn number(value: f64) -> String {
    if value < 10.0 {
        return format!("{value:.2}");
    }
    if value < 100.0 {
        return format!("{value:.1}");
    }
    let digits = format!("{value:.0}");
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index) % 3 == 0 {
            text.push(' ');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_keep_three_digits_and_set_thousands_apart() {
        let texts = [0.5, 12.34, 999.6, 1234.0, 10_000_000.0].map(number);
        assert_eq!(texts, ["0.50", "12.3", "1 000", "1 234", "10 000 000"]);
    }

    #[test]
    fn a_row_without_baseline_leaves_its_cells_empty() {
        let row = Row::new("x", Spread::of([2.0]), Unit::Seconds).aim(Aim::AtMost(5.0));
        assert_eq!(cells(&row), ["x", "2.00 s", "", "", "≤ 5.00 s", "yes"]);
    }
}
