//! Percent as people write it, exactly to and from points. No floating point.

use crate::{
    Complaint, FieldError, WHOLE,
    decimal::{DecimalError, format_hundredths, parse_hundredths},
};
use core::fmt;

/// Why a text is not a percentage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PercentError {
    /// It is not a number with up to two decimals.
    Number(DecimalError),
    /// It is above 100.
    AboveWhole,
}

impl PercentError {
    /// A sentence for whoever typed it.
    #[must_use]
    pub const fn message(self) -> &'static str {
        match self {
            Self::Number(DecimalError::TooLarge) | Self::AboveWhole => "must be from 0 to 100",
            Self::Number(error) => error.message(),
        }
    }

    /// The complaint about `field`.
    #[must_use]
    pub fn into_field_error(self, field: impl Into<String>) -> FieldError {
        FieldError::new(field, self.message()).because(Complaint::Percent(self))
    }
}

impl fmt::Display for PercentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.message())
    }
}

impl core::error::Error for PercentError {}

/// `"12.5"`, `"12,5"` and `" 12.50 % "` are 1250 points: up to two decimals after a point or a comma, with
/// or without a percent sign, white space around either.
///
/// # Errors
/// When the text is no number of that form, or above 100.
pub fn parse_percent(text: &str) -> Result<u16, PercentError> {
    let text = text.trim();
    let number = text.strip_suffix('%').unwrap_or(text);
    let points = parse_hundredths(number).map_err(PercentError::Number)?;
    u16::try_from(points).ok().filter(|points| *points <= WHOLE).ok_or(PercentError::AboveWhole)
}

/// Points in percent with no more decimals than needed, without a percent sign: `1250` is `"12.5"`, `1200`
/// is `"12"`, `1` is `"0.01"`.
#[must_use]
pub fn format_points(points: u16) -> String {
    format_hundredths(points.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percent_is_written_with_no_more_decimals_than_needed() {
        for (points, text) in [(1250, "12.5"), (1200, "12"), (1, "0.01"), (10, "0.1"), (0, "0"), (10_000, "100")] {
            assert_eq!(format_points(points), text);
        }
    }

    #[test]
    fn percent_is_read_as_people_write_it() {
        for text in ["12.5", "12,5", "12.50", " 12.50 % ", "12,5%", "012.5", "12.5\u{a0}%", "\u{202f}12.5\n"] {
            assert_eq!(parse_percent(text), Ok(1250), "{text:?}");
        }
        assert_eq!(parse_percent(".5"), Ok(50));
        assert_eq!(parse_percent("7."), Ok(700));
        assert_eq!(parse_percent("100.00"), Ok(10_000));
    }

    #[test]
    fn anything_else_is_refused_with_its_reason() {
        use DecimalError::{Empty, Negative, NotANumber, TooPrecise};
        for (text, reason) in [
            ("", Empty),
            (" % ", Empty),
            (".", NotANumber),
            ("1e1", NotANumber),
            ("1.2.3", NotANumber),
            ("1 2", NotANumber),
            ("+1", NotANumber),
            ("\u{661}", NotANumber),
            ("5%%", NotANumber),
            ("-1", Negative),
            ("\u{2212}0", Negative),
            ("1.234", TooPrecise),
        ] {
            assert_eq!(parse_percent(text), Err(PercentError::Number(reason)), "{text:?}");
        }
        for text in ["100.01", "655.36", "99999999999999999999999999"] {
            assert_eq!(parse_percent(text).map_err(PercentError::message), Err("must be from 0 to 100"), "{text:?}");
        }
        assert_eq!(
            PercentError::AboveWhole.into_field_error("points.other"),
            FieldError::new("points.other", "must be from 0 to 100")
                .because(Complaint::Percent(PercentError::AboveWhole))
        );
    }
}
