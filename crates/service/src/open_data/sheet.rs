//! The rows of some days, each sorted and written when its day is over.

use domain::{Allocation, Budget, Day};
use std::{
    collections::BTreeMap,
    io::{self, Write},
};

/// A CSV file that is being written.
pub(super) struct Sheet<W> {
    out: W,
    /// The answers of each, in the order in which they came.
    days: BTreeMap<Day, Vec<Allocation>>,
    rows: u64,
}

impl<W: Write> Sheet<W> {
    /// Writes the header. Slugs are letters, digits and hyphens: nothing needs quotes.
    pub(super) fn begin(mut out: W, budget: &Budget) -> io::Result<Self> {
        out.write_all(b"day")?;
        for category in &budget.categories {
            write!(out, ",{}", category.slug)?;
        }
        out.write_all(b"\r\n")?;
        Ok(Self { out, days: BTreeMap::new(), rows: 0 })
    }

    /// Whether there is something to write of days before this one.
    pub(super) fn holds_before(&self, day: Day) -> bool {
        self.days.first_key_value().is_some_and(|(first, _)| *first < day)
    }

    pub(super) fn add(&mut self, day: Day, answer: Allocation) {
        self.days.entry(day).or_default().push(answer);
    }

    /// Writes the days before this one.
    pub(super) fn end_before(&mut self, day: Day) -> io::Result<()> {
        while self.holds_before(day) {
            self.end_first()?;
        }
        Ok(())
    }

    /// Writes the first day in the order of the shares: the order in which people answered is told to nobody.
    fn end_first(&mut self) -> io::Result<()> {
        let Some((day, mut answers)) = self.days.pop_first() else { return Ok(()) };
        answers.sort_unstable();
        let day = day.to_string();
        for answer in &answers {
            self.out.write_all(day.as_bytes())?;
            for points in answer.points() {
                write!(self.out, ",{}.{:02}", points / 100, points % 100)?;
            }
            self.out.write_all(b"\r\n")?;
        }
        self.rows += answers.len() as u64;
        Ok(())
    }

    /// Writes the last days; answers how many rows there are.
    pub(super) fn finish(mut self) -> io::Result<u64> {
        while !self.days.is_empty() {
            self.end_first()?;
        }
        self.out.flush()?;
        Ok(self.rows)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Category;

    fn budget() -> Budget {
        let category = |slug: &str| Category {
            slug: slug.into(),
            name: String::new(),
            description: String::new(),
            color: "#000000".into(),
            actual_points: None,
        };
        Budget {
            slug: "city".into(),
            title: String::new(),
            currency: "USD".into(),
            categories: ["schools", "roads", "city-parks"].map(category).into(),
            actual: None,
            segments: Vec::new(),
            translations: Default::default(),
        }
    }

    /// The file that these answers, days and points in this order, become.
    fn file(answers: &[(i32, [u16; 3])]) -> String {
        let mut out = Vec::new();
        let mut sheet = Sheet::begin(&mut out, &budget()).unwrap();
        for (day, points) in answers {
            sheet.end_before(Day(*day - 1)).unwrap();
            sheet.add(Day(*day), Allocation::from_points(points, 3).unwrap());
        }
        assert_eq!(sheet.finish().unwrap(), answers.len() as u64);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_row_is_the_day_and_the_shares_in_percent_with_two_decimals() {
        let written = file(&[(20_778, [2350, 7645, 5]), (20_779, [10_000, 0, 0])]);
        assert_eq!(
            written,
            "day,schools,roads,city-parks\r\n2026-11-21,23.50,76.45,0.05\r\n2026-11-22,100.00,0.00,0.00\r\n"
        );
    }

    #[test]
    fn nobody_sees_in_which_order_the_people_of_a_day_answered() {
        let (few, some, most) = ([100, 9900, 0], [2000, 3000, 5000], [2000, 4000, 4000]);
        let sorted = file(&[(1, few), (1, some), (1, some), (1, most), (2, few)]);
        assert_eq!(file(&[(1, most), (1, some), (1, few), (1, some), (2, few)]), sorted);
        assert_eq!(file(&[(1, most), (1, some), (2, few), (1, few), (1, some)]), sorted, "a clock was ahead");
        let shares: Vec<_> = sorted.lines().skip(1).map(|line| line.split_once(',').unwrap()).collect();
        assert_eq!(
            shares,
            [
                ("1970-01-02", "1.00,99.00,0.00"),
                ("1970-01-02", "20.00,30.00,50.00"),
                ("1970-01-02", "20.00,30.00,50.00"),
                ("1970-01-02", "20.00,40.00,40.00"),
                ("1970-01-03", "1.00,99.00,0.00"),
            ]
        );
    }

    #[test]
    fn a_budget_without_answers_is_a_header() {
        assert_eq!(file(&[]), "day,schools,roads,city-parks\r\n");
    }
}
