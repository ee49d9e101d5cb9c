//! Numbers, amounts and times as each language writes them (CLDR).

use super::{Language, Locale, Value};
use crate::say;
use domain::percent::format_points;
use icu_calendar::{Date, Gregorian};
use icu_datetime::{
    FixedCalendarDateTimeFormatter, fieldsets,
    input::{DateTime, Time},
};
use icu_decimal::{DecimalFormatter, input::Decimal};
use icu_locale_core::locale;
use std::sync::LazyLock;

/// Made once a language. `None` if the library has no data for it, which tests rule out.
struct Formatters {
    decimal: Option<DecimalFormatter>,
    moment: Option<FixedCalendarDateTimeFormatter<Gregorian, fieldsets::YMDT>>,
}

impl Formatters {
    fn new(locale: &icu_locale_core::Locale) -> Self {
        let moment = fieldsets::YMD::long().with_time_hm();
        Self {
            decimal: DecimalFormatter::try_new(locale.into(), Default::default()).ok(),
            moment: FixedCalendarDateTimeFormatter::try_new(locale.into(), moment).ok(),
        }
    }

    fn of(language: Language) -> &'static Self {
        // Day before month and a clock of 24 hours, for readers of all countries.
        static ENGLISH: LazyLock<Formatters> = LazyLock::new(|| Formatters::new(&locale!("en-GB")));
        static SPANISH: LazyLock<Formatters> = LazyLock::new(|| Formatters::new(&locale!("es")));
        match language {
            Language::English => &ENGLISH,
            Language::Spanish => &SPANISH,
        }
    }
}

fn decimal(language: Language, number: &Decimal) -> String {
    match &Formatters::of(language).decimal {
        Some(formatter) => formatter.format(number).to_string(),
        None => number.to_string(),
    }
}

/// Digits with a decimal point, as the language writes them and with no more decimals than needed.
fn number(language: Language, digits: &str) -> String {
    let Ok(mut number) = Decimal::try_from_str(digits) else { return digits.to_owned() };
    number.trim_end();
    decimal(language, &number)
}

/// How a number in a text is written.
pub(super) fn of_text(language: Language, value: &Value<'_>) -> Option<String> {
    match value {
        Value::Number(value) => Some(number(language, &value.value.to_string())),
        _ => None,
    }
}

impl Language {
    /// What stands before the decimals.
    pub(crate) fn decimal_mark(self) -> String {
        number(self, "0.1").trim_matches(['0', '1']).to_owned()
    }
}

impl Locale {
    /// Points in percent without the sign, as a field has them: `12.5`.
    pub(crate) fn share(self, points: u16) -> String {
        number(self.language(), &format_points(points))
    }

    /// Points as `12.5%`.
    pub(crate) fn percent(self, points: u16) -> String {
        say!(self, "percent", number = self.share(points))
    }

    /// Points of any size as `112.5%`.
    pub(crate) fn percent_of_total(self, points: u64) -> String {
        say!(self, "percent", number = number(self.language(), &domain::decimal::format_hundredths(points)))
    }

    /// Points from a statistic as `12.5%` or `20%`: at most one decimal, which is as exact as people read it.
    pub(crate) fn percent_of(self, points: f64) -> String {
        say!(self, "percent", number = number(self.language(), &format!("{:.1}", points / 100.0)))
    }

    /// How many there are: `2,000`.
    pub(crate) fn count(self, count: u64) -> String {
        number(self.language(), &count.to_string())
    }

    /// Whole percent.
    pub(crate) fn whole_percent(self, percent: u64) -> String {
        say!(self, "percent", number = percent)
    }

    /// An amount of money in hundredths of its unit: `674651` as `6,746.51`.
    pub(crate) fn hundredths(self, amount: i64) -> String {
        number(self.language(), &domain::decimal::format_hundredths(amount.unsigned_abs()))
    }

    /// RFC 3339 as `21 November 2026 at 10:30 UTC`; text of another form stays as it is.
    pub(crate) fn moment(self, rfc3339: &str) -> String {
        let formatter = Formatters::of(self.language()).moment.as_ref();
        match formatter.zip(civil(rfc3339)) {
            Some((formatter, time)) => say!(self, "moment", moment = formatter.format(&time).to_string()),
            None => rfc3339.to_owned(),
        }
    }
}

fn civil(rfc3339: &str) -> Option<DateTime<Gregorian>> {
    let part = |from: usize, to: usize| rfc3339.get(from..to)?.parse::<u8>().ok();
    let year = rfc3339.get(0..4)?.parse().ok()?;
    let date = Date::try_new_gregorian(year, part(5, 7)?, part(8, 10)?).ok()?;
    Some(DateTime { date, time: Time::try_new(part(11, 13)?, part(14, 16)?, 0, 0).ok()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    const ENGLISH: Locale = Locale::explicit(Language::English);
    const SPANISH: Locale = Locale::explicit(Language::Spanish);

    #[test]
    fn big_numbers_are_grouped_as_the_language_does() {
        let people = |locale, number: u64| say!(locale, "people", number = number);
        assert_eq!(people(ENGLISH, 1), "1 person");
        assert_eq!(people(ENGLISH, 1000), "1,000 people");
        assert_eq!(people(ENGLISH, 10_000_000), "10,000,000 people");
        assert_eq!(people(SPANISH, 1), "1 persona");
        assert_eq!(people(SPANISH, 1000), "1000 personas");
        assert_eq!(people(SPANISH, 12_345), "12.345 personas");
        assert_eq!(people(SPANISH, 2_000_001), "2.000.001 personas");
        assert_eq!((ENGLISH.hundredths(674_651), SPANISH.hundredths(674_651)), ("6,746.51".into(), "6746,51".into()));
        assert_eq!((ENGLISH.hundredths(115_770), SPANISH.hundredths(115_770)), ("1,157.7".into(), "1157,7".into()));
    }

    #[test]
    fn a_moment_reads_as_a_date() {
        let rfc3339 = "2026-11-21T10:30:45.006Z";
        assert_eq!(ENGLISH.moment(rfc3339), "21 November 2026 at 10:30 UTC");
        assert_eq!(SPANISH.moment(rfc3339), "21 de noviembre de 2026 a las 10:30 UTC");
        for other in ["never", "2026-13-01T10:30:00Z", "2026-11-21"] {
            assert_eq!(SPANISH.moment(other), other);
        }
    }

    #[test]
    fn shares_are_written_alike_wherever_they_come_from() {
        for locale in [ENGLISH, SPANISH] {
            assert_eq!(locale.percent(2000), locale.percent_of(2000.0));
            assert_eq!(locale.percent(1250), locale.percent_of(1250.0));
            assert_eq!(locale.percent(10_000), locale.whole_percent(100));
        }
        assert_eq!(ENGLISH.percent_of(1234.5), "12.3%");
        assert_eq!(SPANISH.percent_of(1234.5), "12,3\u{202f}%");
        assert_eq!(ENGLISH.percent_of(0.0), "0%");
        assert_eq!((Language::English.decimal_mark(), Language::Spanish.decimal_mark()), (".".into(), ",".into()));
    }

    #[test]
    fn what_a_field_shows_can_be_read_back() {
        for points in 0..=domain::WHOLE {
            assert_eq!(domain::parse_percent(&SPANISH.share(points)), Ok(points));
        }
    }
}
