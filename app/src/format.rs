//! Numbers and times as people read them.

use domain::percent::format_points;

/// Points as `12.5%`.
pub(crate) fn percent(points: u16) -> String {
    format!("{}%", format_points(points))
}

/// Points from a statistic as `12.5%` or `20%`: at most one decimal, which is as exact as people read it.
pub(crate) fn percent_of(points: f64) -> String {
    let text = format!("{:.1}", points / 100.0);
    format!("{}%", text.strip_suffix(".0").unwrap_or(&text))
}

/// The distance of two shares, in percentage points: `3.2`.
pub(crate) fn points_apart(points: u32) -> String {
    let tenths = (points + 5) / 10;
    if tenths.is_multiple_of(10) { (tenths / 10).to_string() } else { format!("{}.{}", tenths / 10, tenths % 10) }
}

/// `1234567` as `1,234,567`.
pub(crate) fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `1 person`, `2,000 people`.
pub(crate) fn people(number: u64) -> String {
    if number == 1 { "1 person".to_owned() } else { format!("{} people", count(number)) }
}

/// An amount of money in hundredths of its unit: `6746.51` as `6,746.51`.
pub(crate) fn hundredths(amount: i64) -> String {
    let whole = count(amount.unsigned_abs() / 100);
    match amount.unsigned_abs() % 100 {
        0 => whole,
        rest if rest % 10 == 0 => format!("{whole}.{}", rest / 10),
        rest => format!("{whole}.{rest:02}"),
    }
}

/// RFC 3339 as `21 November 2026, 10:30 UTC`; text of another form stays as it is.
pub(crate) fn moment(rfc3339: &str) -> String {
    const MONTHS: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    let part = |from: usize, to: usize| rfc3339.get(from..to).unwrap_or_default();
    let month = part(5, 7).parse::<usize>().ok().and_then(|month| MONTHS.get(month.wrapping_sub(1)));
    match (month, part(8, 10).parse::<u8>()) {
        (Some(month), Ok(day)) => format!("{day} {month} {}, {} UTC", part(0, 4), part(11, 16)),
        _ => rfc3339.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn big_numbers_are_grouped() {
        assert_eq!(count(0), "0");
        assert_eq!(count(999), "999");
        assert_eq!(count(1000), "1,000");
        assert_eq!(count(10_000_000), "10,000,000");
        assert_eq!(hundredths(674_651), "6,746.51");
        assert_eq!(hundredths(115_770), "1,157.7");
    }

    #[test]
    fn a_moment_reads_as_a_date() {
        assert_eq!(moment("2026-11-21T10:30:45.006Z"), "21 November 2026, 10:30 UTC");
        assert_eq!(moment("never"), "never");
    }

    #[test]
    fn shares_are_written_alike_wherever_they_come_from() {
        assert_eq!(percent(2000), percent_of(2000.0));
        assert_eq!(percent(1250), percent_of(1250.0));
        assert_eq!(percent_of(1234.5), "12.3%");
        assert_eq!(percent_of(0.0), "0%");
    }

    #[test]
    fn distances_are_rounded_to_tenths() {
        assert_eq!(points_apart(320), "3.2");
        assert_eq!(points_apart(296), "3");
        assert_eq!(points_apart(4), "0");
    }
}
